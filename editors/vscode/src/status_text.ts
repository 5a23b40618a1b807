/** The state of the server and of its roots in words: one short sign, and one line for each root. Knows no VS Code. */

import type { Root, Status, StatusLine } from "./protocol.ts";
import { counted, percent } from "./rows.ts";

/** How the status bar shows a state: an icon's name, a text, and whether somebody has to act. */
export interface Sign {
  readonly icon: string;
  readonly text: string;
  readonly isProblem: boolean;
}

const NAME = "Funcseek";
const SECONDS_PER_MINUTE = 60;

/** Return the sign of all roots together: what keeps them from being searched, then what is being done. */
export function signOf(line: StatusLine): Sign {
  if (line.health === "error") {
    return { icon: "warning", text: NAME, isProblem: true };
  }
  if (line.isPaused) {
    return { icon: "debug-pause", text: NAME, isProblem: false };
  }
  if (!line.quiescent) {
    const share = percent(line.filesDone + line.embedded, line.filesTotal + line.functions);
    return { icon: "sync~spin", text: `${NAME} ${share} %`, isProblem: false };
  }
  return { icon: line.health === "ok" ? "search" : "search-stop", text: NAME, isProblem: false };
}

/** Return the model in use, or why search goes by words only. */
export function modelLine({ model, modelProblem }: Status): string {
  return modelProblem ?? (model === null ? "No model: search goes by words" : `Model ${model}`);
}

/** Return what a root is doing and what it holds. */
export function rootLine(root: Root): string {
  const held = `${counted(root.functions, "function")} in ${counted(root.files, "file")}`;
  return [phaseText(root), root.phase === "failed" ? "" : held, root.throttled, root.watchProblem, root.problem]
    .filter(Boolean)
    .join(" · ");
}

function phaseText(root: Root): string {
  switch (root.phase) {
    case "scanning":
      return `reading files ${root.filesDone}/${root.filesTotal}`;
    case "embedding":
      return `embedding ${root.embedded}/${root.functions}${left(root.etaSeconds)}`;
    default:
      return root.phase;
  }
}

function left(seconds: number | null): string {
  return seconds === null ? "" : `, ${Math.ceil(seconds / SECONDS_PER_MINUTE)} min left`;
}
