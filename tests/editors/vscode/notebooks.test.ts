/** Notebooks as a person meets them: unsaved cells are found, and every hit leads to its cell. Without a model. */

import assert from "node:assert/strict";
import * as path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { CodeServer } from "./code_server.ts";
import { SHOP, scratch, write } from "./files.ts";
import { BIN, isIndexed } from "./funcseek.ts";
import { hits, type SeenRow } from "./screen.ts";
import { until } from "./until.ts";
import { keepFailure, type Window } from "./window.ts";

/** What is seen so many times one after the other has come to rest. */
const LOOKS = 10;

const folder = scratch();
const shop = path.join(folder, "shop");
let server: CodeServer;
let window: Window;

/** Return a notebook's file; the first cell is text, so that no hit is in it. */
function notebook(...cells: string[]): string {
  const code = cells.map((text) => ({
    cell_type: "code",
    execution_count: null,
    metadata: {},
    outputs: [],
    source: text.match(/[^\n]*\n|[^\n]+$/g) ?? [],
  }));
  const title = { cell_type: "markdown", metadata: {}, source: ["# Beans"] };
  const metadata = { language_info: { name: "python" } };
  return JSON.stringify({ cells: [title, ...code], metadata, nbformat: 4, nbformat_minor: 5 }, null, 1);
}

/** The tab before the name is an escape in the file. */
const ROAST = 'class Roaster:\n\tmark = "é";\tdegrees = 200\n\tdef roast_slowly(self, beans):\n\t\treturn beans\n';
const ROAST_CELL = { firstLine: "class Roaster:", isHighlighted: true };

before(async () => {
  write(shop, { ...SHOP, "beans.ipynb": notebook("import os\n", ROAST), "mill.ipynb": notebook("import os\n") });
  server = await CodeServer.start({ folder, path: [BIN] });
  window = await server.open(shop);
  await until("the index is complete", () => isIndexed(server.home));
});

after(() => server?.stop());

afterEach((context) => keepFailure(window, context));

beforeEach(() => window.clear());

function startsWith(label: string, place: string): (rows: SeenRow[]) => boolean {
  return (rows) => hits(rows)[0]?.label === label && hits(rows)[0]?.description === place;
}

/** Wait until a cell is active with a name selected in it, and stays so: a preview has it selected before. */
async function isSelected(cell: string, name: string): Promise<void> {
  let looks = 0;
  await until(
    `${name} is selected in ${cell}`,
    async () => {
      await window.press("Control+c");
      return { copied: await window.clipboard(), bar: await window.statusBar(), tabs: await window.tabs() };
    },
    ({ copied, bar, tabs }) => {
      const holds = copied === name && bar.includes(cell) && tabs.some((tab) => tab.isActive && !tab.isPreview);
      looks = holds ? looks + 1 : 0;
      return looks > LOOKS;
    },
  );
}

async function isActive(cell: string): Promise<void> {
  await until(
    `${cell} is active`,
    () => window.statusBar(),
    (texts) => texts.includes(cell),
  );
}

test("a function of a notebook that is not open is previewed in its cell, and Esc leaves nothing", async () => {
  await window.openFile("NOTES.txt", { isKept: true });
  await window.goTo(120);
  const before = { tabs: await window.tabs(), cursor: await window.cursor(), lines: await window.linesAtRest() };
  await window.find();
  await window.search("roast_slowly", startsWith("Roaster.roast_slowly", "beans.ipynb cell 3:3"));
  await until(
    "the notebook is previewed",
    () => window.tabs(),
    (tabs) => tabs.some((tab) => tab.name === "beans.ipynb" && tab.isPreview),
  );
  await until(
    "its cell is highlighted",
    () => window.cells(),
    (cells) => JSON.stringify(cells.filter((cell) => cell.isHighlighted)) === JSON.stringify([ROAST_CELL]),
  );
  await window.screenshot("notebook-preview");
  await window.press("Escape");
  await until(
    "the desk is as it was",
    async () => ({ tabs: await window.tabs(), cursor: await window.cursor(), lines: await window.lines() }),
    (seen) => JSON.stringify(seen) === JSON.stringify(before),
  );
});

test("Enter lands on the name in the cell of a notebook that was not open; going back returns", async () => {
  await window.openFile("NOTES.txt", { isKept: true });
  await window.goTo(50);
  await window.find();
  await window.search("roast_slowly", startsWith("Roaster.roast_slowly", "beans.ipynb cell 3:3"));
  await window.press("Enter");
  await isSelected("Cell 3 of 3", "roast_slowly");
  assert.deepEqual((await window.tabs()).at(-1), { name: "beans.ipynb", isActive: true, isPreview: false });
  await window.screenshot("notebook-landed");
  await window.command("Go Back");
  await until(
    "the notes are back",
    () => window.cursor(),
    (cursor) => cursor === "Ln 50, Col 1",
  );
});

test("a function in a notebook opens to the side", async () => {
  await window.openFile("NOTES.txt", { isKept: true });
  await window.find();
  await window.search("roast_slowly", startsWith("Roaster.roast_slowly", "beans.ipynb cell 3:3"));
  await window.press("Control+Enter");
  await isSelected("Cell 3 of 3", "roast_slowly");
  assert.deepEqual(
    (await window.tabs()).map((tab) => tab.name),
    ["NOTES.txt", "beans.ipynb"],
  );
  assert.equal(await window.groups(), 2);
});

test("Esc puts back the cell and the cursor in the same notebook", async () => {
  await window.openFile("beans.ipynb", { isKept: true });
  await window.clickCell(0);
  await window.press("End");
  await isActive("Cell 2 of 3");
  await window.find();
  await window.search("roast_slowly", startsWith("Roaster.roast_slowly", "beans.ipynb cell 3:3"));
  await isActive("Cell 3 of 3");
  await window.press("Shift+Alt+c");
  await until(
    "the reference is on the clipboard",
    () => window.clipboard(),
    (text) => text === "beans.ipynb cell 3:3",
  );
  await window.press("Escape");
  await isActive("Cell 2 of 3");
  await until(
    "nothing is highlighted",
    () => window.cells(),
    (cells) => cells.length > 1 && !cells.some((cell) => cell.isHighlighted),
  );
  await window.type("#");
  await until(
    "it is typed where the cursor was",
    () => window.cells(),
    ([first]) => first?.firstLine === "import os#",
  );
  await window.command("File: Revert File");
});

test("a function typed in a cell is found and landed on, and like others; a deleted one is gone", async () => {
  await window.openFile("mill.ipynb", { isKept: true });
  await window.clickCell(0);
  await window.press("Control+Home");
  await window.type("def brew_espresso(beans):\nreturn grind(beans)\n");
  await window.find();
  await until("the typed function", () => search("brew_espresso"), startsWith("brew_espresso", "mill.ipynb cell 2:1"));
  await window.press("Enter");
  await isSelected("Cell 2 of 2", "brew_espresso");
  await window.screenshot("notebook-unsaved");
  write(shop, { "src/copy.py": "def brew_espresso(beans):\n    return grind(beans)\n" });
  await window.findSimilar();
  await until("its copy", () => window.rows(), startsWith("brew_espresso", "src/copy.py:1"));
  await until(
    "it is previewed",
    () => window.tabs(),
    (tabs) => tabs.some((tab) => tab.name === "copy.py"),
  );
  await window.escape();
  await isSelected("Cell 2 of 2", "brew_espresso");
  await window.press("Control+a", "Delete");
  await window.find();
  await until(
    "only the copy",
    () => search("brew_espresso"),
    (rows) => hits(rows).filter(({ label }) => label === "brew_espresso").length === 1,
  );
  await window.escape();
  await window.command("File: Revert File");
});

async function search(query: string): Promise<SeenRow[]> {
  return window.search(query, (rows) => rows.length > 0);
}
