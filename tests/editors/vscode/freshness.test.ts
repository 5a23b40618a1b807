/** What changes meanwhile: unsaved text, progress and its cancelling, several folders, settings, branches. With the model. */

import assert from "node:assert/strict";
import * as path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { CodeServer } from "./code_server.ts";
import { git, manyFunctions, SHOP, scratch, write } from "./files.ts";
import { BIN, installModel } from "./funcseek.ts";
import { hits, labels, type SeenRow } from "./screen.ts";
import { until } from "./until.ts";
import { keepFailure, type Window } from "./window.ts";

const folder = scratch();
const shop = path.join(folder, "shop");
const big = path.join(folder, "big");
const both = path.join(folder, "both.code-workspace");
let server: CodeServer;
let window: Window;

before(async () => {
  write(shop, SHOP);
  // Enough to be still embedded when its progress is cancelled.
  write(big, Object.fromEntries(Array.from({ length: 6 }, (_, file) => [`part${file}.py`, manyFunctions(file, 400)])));
  write(folder, { "both.code-workspace": JSON.stringify({ folders: [{ path: "shop" }, { path: "big" }] }) });
  installModel(path.join(folder, "home"));
  server = await CodeServer.start({ folder, path: [BIN] });
  window = await server.open(both);
});

after(() => server?.stop());

afterEach((context) => keepFailure(window, context));

test("indexing shows its progress, answers meanwhile, and can be cancelled", async () => {
  const bar = await until(
    "the progress is shown",
    () => window.statusBar(),
    (texts) => texts.some((text) => /Indexing big: .*\d+\/\d+/.test(text)),
  );
  assert.ok(
    bar.some((text) => /^Funcseek \d+ %$/.test(text)),
    "our item shows the percentage",
  );
  await window.find();
  await window.search(
    "load settings",
    (rows) => /^Index \d+ %: /.test(rows[0]?.label ?? "") && hits(rows)[0]?.label === "load_settings",
  );
  await window.screenshot("indexing");
  await window.escape();
  await window.cancelProgress("Indexing big");
  await until(
    "the item says that it is paused",
    () => window.status(),
    (status) => /paused/i.test(status),
  );
  await window.command("Funcseek: Resume Indexing");
  await until(
    "it goes on",
    () => window.status(),
    (status) => !/paused/i.test(status),
  );
});

test("several folders are searched, and rows name theirs", async () => {
  await window.find();
  await window.search("step_7", (rows) => isFirst(rows, "step_7", "big/part0.py:29"));
  await window.search("load_settings", (rows) => isFirst(rows, "load_settings", "shop/src/config.py:6"));
  await window.screenshot("several-folders");
  await window.escape();
});

test("text that is not saved is found, and a deleted function is gone", async () => {
  await window.openFile("config.py", { isKept: true });
  await window.press("Control+Home");
  await window.type("def brew_espresso(beans):\nreturn grind(beans)\n");
  await window.find();
  await until(
    "the typed function",
    () => search("brew espresso"),
    (rows) => isFirst(rows, "brew_espresso", "shop/src/config.py:1"),
  );
  await window.screenshot("unsaved");
  await window.escape();
  await window.press("Control+a", "Delete");
  await window.find();
  const gone = ["load_settings", "brew_espresso"];
  await until(
    "neither function",
    () => search("load settings"),
    (rows) => !labels(rows).some((label) => gone.includes(label)),
  );
  await window.escape();
  await window.command("File: Revert File");
  await until(
    "the file is as it was saved",
    () => window.lines(),
    ({ visible }) => visible.length > 10,
  );
  await window.find();
  await until(
    "the saved function is back",
    () => search("load settings"),
    (rows) => isFirst(rows, "load_settings", "shop/src/config.py:6"),
  );
  await window.escape();
});

test("settings apply at once", async () => {
  server.set({ "funcseek.limit": 2 });
  await window.find();
  await until(
    "two functions",
    () => places("disk"),
    (seen) => seen.length === 2,
  );
  server.set({ "funcseek.limit": 10, "funcseek.languages": ["go"] });
  await until(
    "Go only",
    () => places("queue"),
    (seen) => seen.length > 0 && seen.every((place) => place.includes(".go:")),
  );
  server.set({ "funcseek.languages": undefined });
  await until(
    "all languages",
    () => places("disk"),
    (seen) => seen.length > 2 && seen.some((place) => !place.includes(".go:")),
  );
  await window.escape();
});

test("a branch that is switched is followed", async () => {
  git(shop, "init", "--quiet", "--initial-branch=main");
  git(shop, "add", "--all");
  git(shop, "commit", "--quiet", "--message=Start");
  git(shop, "switch", "--quiet", "--create=other");
  write(shop, {
    "src/net.py": 'def parse_barcode(image):\n    """Read a barcode out of an image."""\n    return scan(image)\n',
  });
  git(shop, "commit", "--quiet", "--all", "--message=Other");
  await window.find();
  await until(
    "the other branch's function",
    () => search("read a barcode"),
    (rows) => hits(rows)[0]?.label === "parse_barcode",
  );
  git(shop, "switch", "--quiet", "main");
  await until(
    "the first branch's function",
    () => search("retry with growing pauses"),
    (rows) => hits(rows)[0]?.label === "Client.fetch",
  );
  const rows = await search("read a barcode ");
  assert.ok(!labels(rows).includes("parse_barcode"));
  await window.escape();
});

/** The places of the functions that are listed for a query. */
async function places(query: string): Promise<string[]> {
  return (await search(query)).map((row) => row.description).filter(Boolean);
}

async function search(query: string): Promise<SeenRow[]> {
  return window.search(query, (rows) => rows.length > 0);
}

function isFirst(rows: SeenRow[], label: string, place: string): boolean {
  const [first] = hits(rows);
  return first?.label === label && first.description === place;
}
