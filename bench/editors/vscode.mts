/**
 * `tests/editors/vscode/run.sh bench/editors/vscode.mts [DIR [HOME]]`: what a user of the extension waits for, in a real VS Code, printed as a Markdown table.
 *
 * Takes a folder, by default Python's standard library, indexed first; HOME keeps that index for the next run. Nothing is
 * asserted.
 */

import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import * as path from "node:path";
import { CodeServer } from "../../tests/editors/vscode/code_server.ts";
import { scratch } from "../../tests/editors/vscode/files.ts";
import { BIN, funcseek, installModel } from "../../tests/editors/vscode/funcseek.ts";
import { hits } from "../../tests/editors/vscode/screen.ts";
import { until } from "../../tests/editors/vscode/until.ts";
import type { Window } from "../../tests/editors/vscode/window.ts";

const QUERIES = [
  "retry with exponential backoff",
  "parse a date from a string",
  "copy a directory tree",
  "open a url and read it",
  "split a path into its parts",
  "compress bytes",
  "walk a syntax tree",
  "read configuration from a file",
  "wait until a thread ends",
  "quote a string for the shell",
  "format a traceback",
  "merge sorted iterables",
];
const ROUNDS = 2;
const KEY_MS = 100;
const TYPED = [
  "brew espresso",
  "fold origami crane",
  "tune violin strings",
  "water tomato plants",
  "knit woollen socks",
];
const KEY = "Control+Alt+f";
const EXTENSION = "funcseek.funcseek";
const WINDOWS = 9;
/** By then a window has started everything. */
const REST_MS = 5000;

/** What VS Code notes of its own start, such as `code/extHost/willLoadExtensionCode/…`. */
interface Mark {
  readonly name: string;
  readonly startTime: number;
}

const folder = scratch();
const home = path.join(folder, "home");
if (process.argv[3]) {
  mkdirSync(process.argv[3], { recursive: true });
  symlinkSync(process.argv[3], home);
}
const tree = process.argv[2] ?? standardLibrary();
installModel(home);
funcseek(home, "index", "--headless", tree);
const server = await CodeServer.start({ folder, path: [BIN], keys: { "ctrl+alt+f": "funcseek.findFunction" } });
try {
  const window = await server.open(tree);
  console.log("| | |\n|---|---|");
  row("functions in the index", `${await warmed(window)}`);
  row("last keystroke to rendered rows", summary(await rowTimes(window)));
  row("last keystroke in a buffer to its row, opening the picker included", summary(await typedTimes(window)));
  await window.close();
  const activations = await activated();
  row("activation, by VS Code's marks", summary(activations.map(({ ownMs }) => ownMs)));
  row("activation, with what VS Code loads in the same moment", summary(activations.map(({ shownMs }) => shownMs)));
  row("load of the machine, cores", `${loadavg()[0]?.toFixed(1)}, ${cpus().length}`);
} finally {
  await server.stop();
}

/** Return a copy of Python's standard library without its tests and without what is installed. */
function standardLibrary(): string {
  const script = "import sysconfig; print(sysconfig.get_paths()['stdlib'])";
  const library = execFileSync("python3", ["-c", script], { encoding: "utf8" }).trim();
  const copy = path.join(folder, "stdlib");
  const left = new Set(["test", "tests", "idle_test", "site-packages", "__pycache__"]);
  cpSync(library, copy, { recursive: true, filter: (source) => !left.has(path.basename(source)) });
  return copy;
}

/** Search once, so that model and graph are loaded; return how many functions there are. */
async function warmed(window: Window): Promise<number> {
  await open(window);
  await window.search("open a file", (rows) => hits(rows).length > 5);
  await window.press("Escape");
  const { roots }: { roots: { functions: number }[] } = JSON.parse(funcseek(home, "status", "--json"));
  return roots.reduce((sum, root) => sum + root.functions, 0);
}

async function open(window: Window): Promise<void> {
  await window.press(KEY);
  await window.picker("Find Function by Description");
}

/**
 * Milliseconds from the last stroke of a query to rows that are others than before, seen inside the page. Keys come as
 * from somebody who types well; the last word comes in one stroke, so that the rows before it are others.
 */
async function rowTimes(window: Window): Promise<number[]> {
  const times: number[] = [];
  await open(window);
  for (const query of Array.from({ length: ROUNDS }, () => QUERIES).flat()) {
    const last = query.lastIndexOf(" ");
    await window.press("Control+a");
    await window.page.keyboard.type(query.slice(0, last), { delay: KEY_MS });
    await window.page.waitForTimeout(KEY_MS);
    await window.page.evaluate(watchRows);
    await window.page.keyboard.insertText(query.slice(last));
    times.push(await window.page.evaluate(() => (globalThis as unknown as Watching).rowsMs));
  }
  await window.press("Escape");
  return times.filter((time) => !Number.isNaN(time));
}

interface Watching {
  rowsMs: Promise<number>;
}

/** Runs in the page: has `rowsMs` tell the milliseconds between the next input and the next frame with other rows; not a number where the rows are the same for long. */
function watchRows(): void {
  const SAME_MS = 3000;
  const drawn = () =>
    [...document.querySelectorAll(".quick-input-list .monaco-list-row")].map((row) => row.textContent).join("\n");
  const field = document.querySelector(".quick-input-filter input") as HTMLInputElement;
  const before = drawn();
  (globalThis as unknown as Watching).rowsMs = new Promise((resolve) => {
    const begin = () => {
      const begunMs = performance.now();
      const look = () => {
        const passedMs = performance.now() - begunMs;
        if (drawn() !== before) {
          resolve(passedMs);
        } else if (passedMs > SAME_MS) {
          resolve(Number.NaN);
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    };
    field.addEventListener("input", begin, { once: true });
  });
}

/** Milliseconds from the stroke that puts a function into a buffer until the list shows it first. */
async function typedTimes(window: Window): Promise<number[]> {
  await window.command("File: New Untitled Text File");
  await window.command("Change Language Mode");
  await window.type("Python");
  await window.press("Enter");
  const times: number[] = [];
  for (const words of TYPED) {
    const name = words.replaceAll(" ", "_");
    await window.press("Control+1");
    await window.page.waitForSelector(".editor-instance .monaco-editor.focused");
    // In one stroke: what is typed key by key, a suggestion may complete. Before the others: not indented as they are.
    await window.press("Control+Home");
    await window.page.keyboard.insertText(`def ${name}(given):\n    return given\n\n`);
    await window.page.waitForSelector(`.view-lines >> text=${name}`);
    const begunMs = performance.now();
    await open(window);
    await until(
      name,
      () => window.search(name, (rows) => rows.length > 0),
      ([row]) => row?.label === name,
    );
    times.push(performance.now() - begunMs);
    await window.press("Escape");
    await until("the buffer is in front", async () => (await window.tabs()).length === 1);
  }
  return times;
}

/**
 * What our activation costs by VS Code's own marks, and what it shows of it, in one window after the other. The clocks
 * behind the figure that is shown run from one moment for all that begin then, though they are loaded in turns.
 */
async function activated(): Promise<{ ownMs: number; shownMs: number }[]> {
  const marks = path.join(folder, "marks.json");
  tellMarks(marks);
  const times = [];
  for (let count = 0; count < WINDOWS; count++) {
    rmSync(marks, { force: true });
    const window = await server.open(tree);
    const told = await until("the marks", () => (existsSync(marks) ? readFileSync(marks, "utf8") : ""), Boolean);
    const at = new Map((JSON.parse(told) as Mark[]).map(({ name, startTime }) => [name, startTime]));
    const between = (what: string) =>
      (at.get(`code/extHost/did${what}/${EXTENSION}`) ?? NaN) -
      (at.get(`code/extHost/will${what}/${EXTENSION}`) ?? NaN);
    const ownMs = between("LoadExtensionCode") + between("ActivateExtension");
    times.push({ ownMs, shownMs: await shownActivation(window) });
    await window.close();
  }
  return times;
}

/** Have the installed extension write what is marked in its host, once the window is at rest. */
function tellMarks(marks: string): void {
  const installed = path.join(folder, "extensions");
  const ours = readdirSync(installed).find((name) => name.startsWith(EXTENSION)) ?? "";
  const part = `${marks}.part`;
  const write = `fs.writeFileSync(${JSON.stringify(part)}, JSON.stringify(MonacoPerformanceMarks.getMarks()))`;
  const move = `fs.renameSync(${JSON.stringify(part)}, ${JSON.stringify(marks)})`;
  const code = `\nsetTimeout(() => { const fs = require("node:fs"); ${write}; ${move}; }, ${REST_MS});\n`;
  appendFileSync(path.join(installed, ours, "dist/extension.cjs"), code);
}

async function shownActivation(window: Window): Promise<number> {
  await window.command("Developer: Show Running Extensions");
  // The page draws the rows in view only.
  await window.page.setViewportSize({ width: 1280, height: 4000 });
  const row = window.page.locator(".runtime-extensions-editor .extension", { hasText: "Funcseek" });
  return Number.parseInt(((await row.locator(".activation-time").textContent()) ?? "").replace("Activation: ", ""), 10);
}

function summary(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms of ${times.length}`;
}

function row(name: string, value: string): void {
  console.log(`| ${name} | ${value} |`);
}
