/** The server's life as a person meets it: no program, a crash, a workspace that is not trusted. Without a model. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { CodeServer } from "./code_server.ts";
import { SHOP, scratch, write } from "./files.ts";
import { BIN } from "./funcseek.ts";
import { labels } from "./screen.ts";
import { until } from "./until.ts";
import { keepFailure, type Window } from "./window.ts";

const folder = scratch();
const shop = path.join(folder, "shop");
const marker = path.join(folder, "workspace-program-ran");
let server: CodeServer;
let window: Window;

before(async () => {
  const evil = path.join(shop, "evil.sh");
  write(shop, {
    ...SHOP,
    "evil.sh": `#!/bin/sh\ntouch ${marker}\n`,
    ".vscode/settings.json": JSON.stringify({ "funcseek.path": evil, "funcseek.limit": 1 }),
  });
  server = await CodeServer.start({ folder, path: [], hasTrust: true });
  window = await server.open(shop);
});

after(() => server?.stop());

afterEach((context) => keepFailure(window, context));

test("a server that is missing is told once, and found when it is installed", async () => {
  const told = "Funcseek cannot search: no funcseek program is on PATH or where pipx and uv install.";
  await notified(told);
  assert.match(await window.status(), /not found/);
  await window.find();
  await until(
    "the list says it too",
    () => window.rows(),
    ([row]) => row?.label.startsWith("The server program is not found") === true,
  );
  await window.escape();
  assert.deepEqual(
    (await window.notifications()).filter((seen) => seen.startsWith("Funcseek")),
    [told],
  );
  await window.screenshot("missing");
  await window.answer("How to Install");
  await until(
    "the extension's page",
    () => window.webviews(),
    (text) => text.includes("funcseek model install minilm"),
  );
  // It would take the keys that are meant for the list.
  await window.command("View: Close All Editors");
  await window.command("Funcseek: Restart Server");
  await notified(told);
  await window.answer("Set Path");
  await until(
    "the setting",
    () => window.offeredSettings(),
    (names) => names.includes("Path"),
  );
  await window.press("Escape");
  await window.command("Funcseek: Restart Server");
  await notified(told);
  installForUser();
  await window.answer("Look Again");
  await window.find();
  await window.search("settings", (rows) => labels(rows).some((label) => label.endsWith("_settings")));
});

function notified(sentence: string): Promise<string[]> {
  return until(
    "the notification",
    () => window.notifications(),
    (seen) => seen.includes(sentence),
  );
}

/** Put the program where pipx does. */
function installForUser(): void {
  const bin = path.join(folder, "user/.local/bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(path.join(BIN, "funcseek"), path.join(bin, "funcseek"));
}

test("a workspace that is not trusted chooses how many rows, and no program", async () => {
  const rows = await until(
    "words are searched",
    () => window.rows(),
    (seen) => seen.length > 0,
  );
  assert.equal(rows.filter((row) => row.description !== "").length, 1, "the workspace's limit holds");
  assert.equal(existsSync(marker), false);
});

test("without a model the list says that words are searched", async () => {
  const notes = await until(
    "the notice",
    () => window.rows(),
    (rows) => rows.some((row) => row.description === ""),
  );
  assert.match(labels(notes)[0] ?? "", /words only.*funcseek model install/);
  await window.escape();
});

test("a server that is killed is started again", async () => {
  for (const pid of serverProcesses()) {
    process.kill(pid, "SIGKILL");
  }
  await window.find();
  await window.search("web page", (rows) => rows.some((row) => row.label === "get"));
  assert.equal(serverProcesses().length, 1);
  assert.deepEqual(
    (await window.notifications()).filter((seen) => seen.startsWith("Funcseek")),
    [],
  );
  await window.escape();
});

/** The language servers of this test: those whose FUNCSEEK_HOME is its own. */
function serverProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isServer(pid));
}

function isServer(pid: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return (
      command.includes("lsp") && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`FUNCSEEK_HOME=${server.home}`)
    );
  } catch {
    return false;
  }
}

test("a program that cannot run is tried again and again, its log is shown, and a setting that is put right is taken at once", async () => {
  const broken = path.join(folder, "broken");
  write(folder, { broken: "#!/bin/sh\nexit 1\n" });
  chmodSync(broken, 0o755);
  server.set({ "funcseek.path": broken });
  await until(
    "the item tells",
    () => window.status(),
    (status) => /started again/.test(status),
  );
  await notified("Funcseek’s server ended again and again; its log says why.");
  await window.answer("Show Log");
  await until(
    "the log",
    () => window.output(),
    (name) => name === "Funcseek",
  );
  server.set({ "funcseek.path": undefined });
  await until(
    "the one on PATH runs again",
    () => window.status(),
    (status) => !/start|found/.test(status),
  );
});

test("the status lists folders, model and log", async () => {
  await window.command("Funcseek: Show Status");
  const rows = await until(
    "the folder is listed",
    () => window.rows(),
    (seen) => seen.some((row) => row.label === shop),
  );
  assert.match(rows[0]?.detail ?? "", /functions in \d+ files/);
  assert.ok(rows.some((row) => row.detail.endsWith("service.log")));
  await window.screenshot("status");
  await window.escape();
});
