/** Everybody can use it: by keys alone, through a screen reader, in any theme, in two windows at once. Without a model. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { CodeServer } from "./code_server.ts";
import { SHOP, scratch, write } from "./files.ts";
import { BIN, funcseek } from "./funcseek.ts";
import { labels, type SeenRow } from "./screen.ts";
import { until } from "./until.ts";
import { keepFailure, type Window } from "./window.ts";

const folder = scratch();
const shop = path.join(folder, "shop");
const TO_SIDE = "Open to the Side (Ctrl/Cmd+Enter)";
const COPY = "Copy Reference (Shift+Alt+C)";
/** One theme of each kind, with the class that tells it. */
const THEMES = {
  "Default Dark Modern": "vs-dark",
  "Default Light Modern": "vs",
  "Default High Contrast": "hc-black",
  "Default High Contrast Light": "hc-light",
};
const NAME_WIDTH = 150;
let server: CodeServer;
let window: Window;

before(async () => {
  write(shop, SHOP);
  server = await CodeServer.start({ folder, path: [BIN] });
  window = await server.open(shop);
});

after(() => server?.stop());

afterEach((context) => keepFailure(window, context));

beforeEach(() => window.clear());

function lists(name: string): (rows: SeenRow[]) => boolean {
  return (rows) => rows.some((row) => row.label === name && row.isActive);
}

test("a screen reader is told a row's name, place and summary, and what each button does", async () => {
  await window.find();
  await window.search("save_settings", lists("save_settings"));
  const spoken = await window.spoken();
  assert.equal(spoken.field, "What does the function do? Plain words, or its name - Find Function by Description");
  const active = spoken.rows.find(({ isActive }) => isActive);
  assert.match(active?.label ?? "", /save_settings, src\/config\.py:12, Write the configuration to disk\.$/);
  assert.deepEqual(active?.buttons, [TO_SIDE, COPY]);
  const unsaid = spoken.rows.filter(({ label, buttons }) => /^$|\$\(/.test(label) || buttons.some((name) => !name));
  assert.deepEqual(unsaid, []);
  assert.match(await window.status(), /^Funcseek/);
});

test("the button of a row is reached and pressed by keys", async () => {
  await window.find();
  // In one stroke: the rows of half a query are replaced, and with them the button that has the keys.
  await window.page.keyboard.insertText("save_settings");
  await until("the function is listed", () => window.rows(), lists("save_settings"));
  await pressButton(TO_SIDE);
  await until(
    "the cursor is on the name",
    () => window.cursor(),
    (cursor) => cursor === "Ln 12, Col 5",
  );
  await window.find();
  await window.press("Backspace");
  const isPast = (rows: SeenRow[]) => rows[0]?.label === "save_settings" && rows[0].description === "";
  await until("the query is remembered", () => window.rows(), isPast);
  await pressButton("Forget Query");
  await until(
    "it is forgotten",
    () => window.rows(),
    (rows) => !labels(rows).includes("save_settings"),
  );
});

/**
 * Press the first button of the active row: Tab leads from the field to the list, and from there to it. Rows that an
 * answer changes are drawn anew, and the keys are in the field again, or nowhere, from where it goes backwards.
 */
async function pressButton(name: string): Promise<void> {
  await until(
    `Tab leads to ${name}`,
    async () => {
      const focused = await window.focused();
      if (focused !== name) {
        await window.press(focused ? "Tab" : "Shift+Tab");
      }
      return focused;
    },
    (focused) => focused === name,
  );
  await window.press("Enter");
}

test("the function in view is marked in every kind of theme", async () => {
  await window.find();
  await window.search("is_prime", lists("is_prime"));
  try {
    for (const [theme, kind] of Object.entries(THEMES)) {
      server.set({ "workbench.colorTheme": theme });
      const marks = await until(
        `the function is marked in ${theme}`,
        async () => ((await window.theme()).includes(kind) ? window.marks() : []),
        (seen) => seen.length > 2 && seen.every(({ isVisible }) => isVisible),
      );
      assert.equal(marks.filter(({ width }) => width < NAME_WIDTH).length, 1, "the name is marked apart");
      await window.screenshot(`theme ${theme}`);
    }
  } finally {
    server.set({ "workbench.colorTheme": undefined });
  }
});

test("a function that is saved while nothing is found for it is the active row", async () => {
  await window.find();
  await window.search("knit_mitten", (rows) => labels(rows).includes("No function found"));
  write(shop, { "src/late.py": "def knit_mitten(wool):\n    return wool\n" });
  await until("the function is active", () => window.rows(), lists("knit_mitten"));
});

test("two windows on one folder share one index, and one finds what the other has saved", async () => {
  const other = await server.open(shop);
  await other.openFile("src/config.py", { isKept: true });
  // The palette that kept the file gives the focus back a moment after it is gone.
  await other.page.waitForSelector(".editor-instance .monaco-editor.focused");
  await other.press("Control+Home");
  await other.page.keyboard.insertText("def fold_origami_crane(paper):\n    return paper\n\n\n");
  await until(
    "the file is saved",
    async () => {
      await other.press("Control+s");
      return readFileSync(path.join(shop, "src/config.py"), "utf8");
    },
    (text) => text.startsWith("def fold_origami_crane"),
  );
  for (const one of [window, other]) {
    await one.find();
    await until(
      "the saved function",
      () => one.search("fold origami crane", (rows) => rows.length > 0),
      (rows) => rows.some((row) => row.label === "fold_origami_crane" && row.description === "src/config.py:1"),
    );
    await one.escape();
  }
  const { roots }: { roots: { root: string; functions: number }[] } = JSON.parse(
    funcseek(server.home, "status", "--json"),
  );
  assert.deepEqual(
    roots.map(({ root }) => root),
    [shop],
  );
  await other.close();
  await window.find();
  await window.search("save_settings", lists("save_settings"));
});
