/** Takes the pictures of the README in a real VS Code that has funcseek's own source open. Run by `make screenshots`. */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { CodeServer } from "./code_server.ts";
import { scratch } from "./files.ts";
import { Film } from "./film.ts";
import { BIN, funcseek, installModel, isIndexed } from "./funcseek.ts";
import { until } from "./until.ts";
import type { Window } from "./window.ts";

const TOP = path.resolve(import.meta.dirname, "../../..");
const MEDIA = path.join(TOP, "editors/vscode/media");
/** Small enough for a page, large enough to be read. */
const SIZE = { width: 960, height: 600 };

const QUERY = "wait longer after each failed attempt";

const folder = scratch();
const source = path.join(folder, "funcseek");
mkdirSync(source);
execFileSync("sh", ["-c", `git -C "${TOP}" archive HEAD index server | tar -x -C "${source}"`]);
installModel(path.join(folder, "home"));
funcseek(path.join(folder, "home"), "index", "--headless", source);
const server = await CodeServer.start({ folder, path: [BIN] });
try {
  const window = await server.open(source);
  await window.page.setViewportSize(SIZE);
  await until("the index is complete", () => isIndexed(server.home));
  await window.openFile("server/service.py", { isKept: true });
  await window.command("View: Toggle Primary Side Bar Visibility");
  await search(window);
  await similar(window);
} finally {
  await server.stop();
}

/** Type a description, walk through what is found, and land; a picture of the list on the way. */
async function search(window: Window): Promise<void> {
  const film = new Film(window.page);
  await window.find();
  await film.take(900);
  for (const word of QUERY.split(" ")) {
    await window.type(`${word} `);
    await film.take(220);
  }
  await until(
    "rows",
    () => window.rows(),
    (rows) => rows.length > 3,
  );
  await film.settle(1200);
  for (let step = 0; step < 2; step++) {
    await window.press("ArrowDown");
    await film.settle(900);
  }
  await save(window, "find.png");
  await window.press("Enter");
  await until("the list is closed", async () => !(await window.isPicking()));
  await film.settle(1800);
  writeFileSync(path.join(MEDIA, "find.gif"), film.encoded());
}

async function similar(window: Window): Promise<void> {
  await window.find();
  await window.search("_succeed", ([first]) => first?.label === "_succeed");
  await window.press("Enter");
  await until(
    "calls.py is in front",
    () => window.tabs(),
    (tabs) => tabs.some((tab) => tab.isActive && tab.name === "calls.py"),
  );
  await window.findSimilar();
  await until(
    "similar functions",
    () => window.rows(),
    (rows) => rows.length > 3,
  );
  await new Film(window.page).settle(0);
  await save(window, "similar.png");
}

async function save(window: Window, name: string): Promise<void> {
  await window.page.screenshot({ path: path.join(MEDIA, name) });
}
