/** What is being typed, indexed and opened: unsaved text, progress and its cancelling, several folders. With the model. */

import assert from "node:assert/strict";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { CodeServer } from "./code_server.ts";
import { manyFunctions, SHOP, scratch, write } from "./files.ts";
import { BIN, installModel } from "./funcseek.ts";
import { until } from "./until.ts";
import { labels, type Window } from "./window.ts";

const folder = scratch();
const shop = path.join(folder, "shop");
const big = path.join(folder, "big");
const both = path.join(folder, "both.code-workspace");
let server: CodeServer;
let window: Window;

before(async () => {
  write(shop, SHOP);
  // Enough to be embedded for some seconds.
  write(big, Object.fromEntries(Array.from({ length: 20 }, (_, file) => [`part${file}.py`, manyFunctions(file, 200)])));
  write(folder, { "both.code-workspace": JSON.stringify({ folders: [{ path: "shop" }, { path: "big" }] }) });
  installModel(path.join(folder, "home"));
  server = await CodeServer.start({ folder, path: [BIN] });
  window = await server.open(both);
});

after(() => server?.stop());

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
  const rows = await window.search("load settings", (seen) => seen.some((row) => row.label.startsWith("Index ")));
  assert.ok(labels(rows).includes("load_settings"));
  await window.screenshot("indexing");
  await window.press("Escape");
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
  const rows = await window.search("step_7", ([first]) => first?.label === "step_7");
  assert.equal(rows[0]?.description, "big/part0.py:29");
  const [other] = await window.search("load_settings", ([first]) => first?.label === "load_settings");
  assert.equal(other?.description, "shop/src/config.py:6");
  await window.screenshot("several-folders");
  await window.press("Escape");
});

test("text that is not saved is found, and a deleted function is gone", async () => {
  await window.openFile("config.py", { isKept: true });
  await window.press("Control+Home");
  await window.type("def brew_espresso(beans):\nreturn grind(beans)\n");
  await window.find();
  await until(
    "the typed function",
    () => window.search("brew an espresso", (rows) => rows.length > 0),
    ([row]) => row?.label === "brew_espresso" && row.description === "shop/src/config.py:1",
  );
  await window.press("Escape", "Control+a", "Delete");
  await window.find();
  const rows = await until(
    "neither function",
    () => window.search("load settings", (seen) => seen.length > 0),
    (seen) => !labels(seen).some((label) => label === "load_settings" || label === "brew_espresso"),
  );
  assert.ok(rows.length > 0);
  await window.press("Escape");
  await window.command("File: Revert File");
  await window.find();
  await until(
    "the saved function is back",
    () => window.search("load_settings", (seen) => seen.length > 0),
    ([row]) => row?.label === "load_settings",
  );
  await window.press("Escape");
});
