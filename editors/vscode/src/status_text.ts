/** The state of the server and of its roots in words: one short line, and one line for each root. Knows no VS Code. */

import type { Root, Status } from "./protocol.ts";
import { counted, percent } from "./rows.ts";

/** How the status bar shows a state: an icon's name, a text, and whether somebody has to act. */
export interface Sign {
  readonly icon: string;
  readonly text: string;
  readonly isProblem: boolean;
}

const PER_MINUTE = 60;

/** Return the sign of all roots together: problems first, then what is being done, then what is there. */
export function signOf({ roots, modelProblem }: Status): Sign {
  if (roots.some((root) => root.phase === "failed" || root.phase === "gone")) {
    return { icon: "warning", text: "Funcseek", isProblem: true };
  }
  const busy = roots.filter((root) => root.phase !== "ready" && root.phase !== "paused");
  if (busy.length > 0) {
    return { icon: "sync~spin", text: `Funcseek ${progressOf(busy)} %`, isProblem: false };
  }
  if (roots.some((root) => root.phase === "paused")) {
    return { icon: "debug-pause", text: "Funcseek", isProblem: false };
  }
  return { icon: modelProblem === null ? "search" : "search-stop", text: "Funcseek", isProblem: false };
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
  return seconds === null ? "" : `, ${Math.ceil(seconds / PER_MINUTE)} min left`;
}

function progressOf(roots: readonly Root[]): number {
  const sum = (count: (root: Root) => number) => roots.reduce((total, root) => total + count(root), 0);
  const done = sum((root) => root.filesDone + root.embedded);
  return percent(
    done,
    sum((root) => root.filesTotal + root.functions),
  );
}
