/** What a person sees who looks for a function, in one window of a real VS Code. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { CodeServer } from "./code_server.ts";
import { SHOP, scratch, write } from "./files.ts";
import { BIN, found, funcseek, installModel, isIndexed } from "./funcseek.ts";
import { Judge } from "./judge.ts";
import { hits, labels, type SeenRow } from "./screen.ts";
import { until } from "./until.ts";
import { keepFailure, type Window } from "./window.ts";

const folder = scratch();
const shop = path.join(folder, "shop");
const KEY = "Control+Alt+f";
const marker = path.join(folder, "workspace-program-ran");
let server: CodeServer;
let window: Window;

before(async () => {
  write(shop, SHOP);
  installModel(path.join(folder, "home"));
  server = await CodeServer.start({ folder, path: [BIN], keys: { "ctrl+alt+f": "funcseek.findFunction" } });
  window = await server.open(shop);
  await until("the index is complete", () => isIndexed(server.home));
});

after(() => server?.stop());

afterEach((context) => keepFailure(window, context));

beforeEach(() => window.clear());

/** What is open, where the cursor is and which lines are shown, highlights included. */
async function desk() {
  return { tabs: await window.tabs(), cursor: await window.cursor(), lines: await window.linesAtRest() };
}

/** Wait until all is as it was before. */
async function isPutBack(before: Awaited<ReturnType<typeof desk>>): Promise<void> {
  await until(
    "the tabs are those of before",
    () => window.tabs(),
    (tabs) => same(tabs, before.tabs),
  );
  await until(
    "the cursor is where it was",
    () => window.cursor(),
    (cursor) => cursor === before.cursor,
  );
  await until(
    "the same lines are shown, none highlighted",
    () => window.lines(),
    (lines) => same(lines, before.lines),
  );
}

/** The first function is this one, and active, whatever is said above it. */
function startsWith(name: string): (rows: SeenRow[]) => boolean {
  return (rows) =>
    rows.find((row) => row.description !== "")?.label === name &&
    rows.some((row) => row.label === name && row.isActive);
}

test("the palette leads to rows in the server's order", async () => {
  await window.find();
  const query = "write the configuration to disk";
  const expected = found(server.home, query, shop);
  const rows = await window.search(query, (seen) => begins(labels(hits(seen)), expected));
  assert.deepEqual(rows[0], {
    label: "save_settings",
    description: "src/config.py:12",
    detail: "Write the configuration to disk.",
    isActive: true,
  });
  await window.screenshot("rows");
});

test("a row whose label holds what is typed is not moved up", async () => {
  await window.find();
  const words = ["et", "age", "sett", "data", "mess", "ush"];
  const query = words.find((word) => found(server.home, word, shop).findIndex((name) => name.includes(word)) > 0);
  assert.ok(query, "VS Code would move none of these up");
  const expected = found(server.home, query, shop);
  await window.search(query, (seen) =>
    begins(
      labels(seen).filter((label) => !label.startsWith("No good")),
      expected,
    ),
  );
});

test("the active function is previewed, highlighted", async () => {
  await window.find();
  await window.search("retry with growing pauses", startsWith("Client.fetch"));
  const lines = [12, 13, 14, 15, 16, 17, 18, 19, 20];
  await until(
    "its lines are highlighted",
    () => window.lines(),
    ({ highlighted }) => same(highlighted, lines),
  );
  assert.deepEqual(await window.tabs(), [{ name: "net.py", isActive: true, isPreview: true }]);
  await window.screenshot("preview");
});

test("Esc puts back file, cursor, scroll and tabs", async () => {
  await window.openFile("web/mail.rb", { isKept: true });
  await window.openFile("NOTES.txt", { isKept: true });
  await window.goTo(120);
  await window.press("Shift+ArrowDown");
  await until(
    "a line is selected",
    () => window.cursor(),
    (cursor) => cursor.includes("selected"),
  );
  const before = await desk();
  await window.find();
  await window.search("retry with growing pauses", startsWith("Client.fetch"));
  await until(
    "net.py is previewed",
    () => window.tabs(),
    (tabs) => tabs.length === 3,
  );
  await window.press("ArrowDown", "ArrowDown");
  await window.press("Escape");
  await isPutBack(before);
});

test("Esc brings back the preview tab that the search took, and the view of the same file", async () => {
  await window.openFile("src/config.py", { isKept: false });
  await window.goTo(18);
  const before = await desk();
  await window.find();
  await window.search("retry with growing pauses", startsWith("Client.fetch"));
  await until(
    "net.py took the preview tab",
    () => window.tabs(),
    ([tab]) => tab?.name === "net.py",
  );
  await window.press("Escape");
  await isPutBack(before);
});

test("a search begun while the one before it is put back leaves nothing behind", async () => {
  const searches = [
    ["retry with growing pauses", "Client.fetch"],
    ["write the configuration to disk", "save_settings"],
    ["say whether a number is prime", "is_prime"],
  ] as const;
  await window.press(KEY);
  for (const [query, name] of [...searches, ...searches]) {
    await window.picker("Find Function by Description");
    await window.search(query, startsWith(name));
    await until(
      "a file is previewed",
      () => window.tabs(),
      (tabs) => tabs.length > 0,
    );
    await window.leave();
    await window.press(KEY);
  }
  await window.picker("Find Function by Description");
  await window.leave();
  await window.tabsAre([]);
});

test("Enter lands on the name and keeps the tab; going back returns", async () => {
  await window.openFile("NOTES.txt", { isKept: true });
  await window.goTo(50);
  await window.find();
  await window.search("retry with growing pauses", startsWith("Client.fetch"));
  await window.press("Enter");
  // Line 12 is the decorator, line 13 the function; its name begins in column 9.
  await until(
    "the cursor is on the name",
    () => window.cursor(),
    (cursor) => cursor === "Ln 13, Col 9",
  );
  const tabs = await window.tabs();
  assert.deepEqual(tabs.at(-1), { name: "net.py", isActive: true, isPreview: false });
  assert.deepEqual((await window.lines()).highlighted, []);
  await window.command("Go Back");
  await until(
    "the notes are back",
    () => window.cursor(),
    (cursor) => cursor === "Ln 50, Col 1",
  );
});

test("Enter right after typing waits for the rows of what was typed", async () => {
  await window.find();
  await window.search("write the configuration to disk", startsWith("save_settings"));
  await window.press("Control+a");
  await window.type("say whether a number is prime");
  await window.press("Enter");
  // The preview of the row puts the cursor there too, a moment before.
  await window.listIsGone();
  await until(
    "the cursor is on the name",
    () => window.cursor(),
    (cursor) => cursor === "Ln 18, Col 5",
  );
});

test("a function opens to the side, by key and by button", async () => {
  for (const open of [() => window.press("Control+Enter"), () => window.button("Open to the Side")]) {
    await window.openFile("NOTES.txt", { isKept: true });
    await window.find();
    await window.search("write the configuration to disk", startsWith("save_settings"));
    await open();
    await until(
      "the cursor is on the name",
      () => window.cursor(),
      (cursor) => cursor === "Ln 12, Col 5",
    );
    assert.equal(await window.groups(), 2);
    assert.deepEqual(
      (await window.tabs()).map((tab) => tab.name),
      ["NOTES.txt", "config.py"],
    );
    await window.closeAll();
  }
});

test("a reference is copied, and the list stays", async () => {
  await window.find();
  await window.search("write the configuration to disk", startsWith("save_settings"));
  await window.press("Shift+Alt+c");
  await until(
    "the reference is on the clipboard",
    () => window.clipboard(),
    (text) => text === "src/config.py:12",
  );
  assert.equal(await window.isPicking(), true);
});

test("the last query is there again, selected, and earlier ones are a keystroke away", async () => {
  await window.find();
  await window.search("write the configuration to disk", startsWith("save_settings"));
  await window.escape();
  await window.find();
  await window.search("remove duplicates from a list", startsWith("RemoveDuplicates"));
  await window.escape();
  await window.find();
  await until(
    "the last query is selected",
    () => window.field(),
    (field) => field.isSelected,
  );
  assert.equal((await window.field()).value, "remove duplicates from a list");
  await until("it is answered", () => window.rows(), startsWith("RemoveDuplicates"));
  await window.press("Backspace");
  const past = await until(
    "earlier queries are listed",
    () => window.rows(),
    (rows) => rows.length > 1 && rows[0]?.description === "",
  );
  assert.deepEqual(labels(past).slice(0, 2), ["remove duplicates from a list", "write the configuration to disk"]);
  await window.screenshot("history");
  await window.press("ArrowDown", "Enter");
  await until("the earlier one is answered", () => window.rows(), startsWith("save_settings"));
});

test("no good match is said above the functions, which stay in reach", async () => {
  await window.find();
  const rows = await window.search(
    "zebra crossing opera",
    ([first, second]) => first?.label === "No good match; the nearest:" && second?.isActive === true,
  );
  assert.notEqual(rows[1]?.description, "");
  await window.screenshot("no-good-match");
});

test("a query typed again has its first function active again", async () => {
  const query = "zebra crossing opera";
  await window.find();
  await window.search(query, ([, second]) => second?.isActive === true);
  // At once, so that only the last is asked, which was answered already.
  await window.retype(query.slice(0, -1), query);
  await until(
    "the first function is active",
    () => window.rows(),
    ([first, second]) => first?.label === "No good match; the nearest:" && second?.isActive === true,
  );
});

test("functions like the one under the cursor are found, copies first", async () => {
  write(shop, { "src/copy.py": SHOP["src/config.py"]?.split("\n\n\n").slice(0, 2).join("\n\n\n") ?? "" });
  await window.find();
  await window.search("read configuration from disk", (rows) => JSON.stringify(rows).includes("src/copy.py"));
  await window.escape();
  await window.openFile("src/config.py", { isKept: true });
  await window.goTo(8);
  await window.findSimilar();
  const rows = await until(
    "similar functions are listed",
    () => window.rows(),
    (seen) => seen.length > 2,
  );
  assert.deepEqual([rows[0]?.label, rows[0]?.description], ["load_settings", "src/copy.py:6"]);
  await window.screenshot("similar");
  await window.type("save");
  await until(
    "typing narrows",
    () => window.rows(),
    (seen) => seen.length === 1 && seen[0]?.label === "save_settings",
  );
});

test("the server's code action leads to similar functions", async () => {
  await window.openFile("src/config.py", { isKept: true });
  await window.goTo(13);
  await window.codeAction("Find similar functions");
  await window.picker("Similar Functions");
  await until(
    "load_settings is like save_settings",
    () => window.rows(),
    (rows) => labels(rows).includes("load_settings"),
  );
});

test("a cursor outside every function is told the nearest one, in the list", async () => {
  await window.openFile("src/config.py", { isKept: true });
  await window.goTo(1);
  await window.findSimilar();
  const [row] = await until(
    "the reason is listed",
    () => window.rows(),
    (seen) => seen.length === 1,
  );
  assert.match(row?.label ?? "", /load_settings/);
});

test("once the typing rests the reranker's order takes the place of the first, and the active function stays", async () => {
  const query = "write the configuration to disk";
  const judge = await Judge.start({ "def load_settings": 1 });
  try {
    funcseek(server.home, "model", "rerank", judge.address, "--name", "judge");
    await window.find();
    // Those of the whole query: what is typed on the way there is answered too, and begins alike.
    const expected = found(server.home, query, shop);
    const isWhole = (seen: SeenRow[]) => begins(labels(hits(seen)), expected);
    const first = await window.search(query, (seen) => isWhole(seen) && startsWith("save_settings")(seen));
    assert.equal(hits(first)[0]?.isActive, true);
    await window.escape();
    server.set({ "funcseek.rerank": true });
    await window.find();
    const rows = await window.search(query, (seen) => labels(hits(seen))[0] === "load_settings");
    assert.equal(hits(rows).find((row) => row.isActive)?.label, "save_settings");
    assert.deepEqual(labels(hits(rows)).toSorted(), labels(hits(first)).toSorted());
    await window.screenshot("reranked");
    judge.stop();
    await window.search("retry with growing pauses", (seen) => /^Not reranked: /.test(seen[0]?.label ?? ""));
  } finally {
    judge.stop();
    funcseek(server.home, "model", "rerank", "off");
    server.set({ "funcseek.rerank": undefined });
  }
});

async function search(query: string): Promise<SeenRow[]> {
  return window.search(query, (rows) => rows.length > 0);
}

test("a folder's settings choose no program, though it is trusted", async () => {
  const evil = path.join(shop, "evil.sh");
  write(shop, { "evil.sh": `#!/bin/sh\ntouch ${marker}\n`, ".vscode/settings.json": `{"funcseek.path": "${evil}"}` });
  await window.command("Funcseek: Restart Server");
  await window.find();
  await until(
    "the server answers",
    () => search("disk"),
    (rows) => rows.length > 2,
  );
  assert.equal(existsSync(marker), false);
});

/** The list draws what fits, which is seven rows. */
function begins(seen: string[], expected: string[]): boolean {
  return seen.length > 5 && same(seen, expected.slice(0, seen.length));
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
