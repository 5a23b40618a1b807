/** The funcseek program beside the editor: installs the model and answers by its command line, as a second opinion. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

const TOP = path.resolve(import.meta.dirname, "../../..");

/** The folder of the program under test. */
export const BIN = process.env["FUNCSEEK_BIN"] ?? path.join(TOP, ".venv/bin");

/** Where the tests of the model keep what they have downloaded. */
const PUBLISHED = path.join(
  process.env["FUNCSEEK_TEST_MODELS"] ?? path.join(homedir(), ".cache/funcseek-tests"),
  "published",
);

export function funcseek(home: string, ...command: string[]): string {
  const env = { ...process.env, FUNCSEEK_HOME: home };
  return execFileSync(path.join(BIN, "funcseek"), command, {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export function installModel(home: string): void {
  funcseek(home, "model", "install", "minilm", ...(existsSync(PUBLISHED) ? ["--from", PUBLISHED] : []));
}

/** Return the names that the command line finds, in its order. */
export function found(home: string, query: string, folder: string): string[] {
  const answer: { results: { qualified_name: string }[] } = JSON.parse(
    funcseek(home, "search", "--json", query, folder),
  );
  return answer.results.map((result) => result.qualified_name);
}

/** Say whether everything in all folders is read and embedded. */
export function isIndexed(home: string): boolean {
  const { roots = [] }: { roots?: { phase: string }[] } = JSON.parse(funcseek(home, "status", "--json"));
  return roots.length > 0 && roots.every((root) => root.phase === "ready");
}
