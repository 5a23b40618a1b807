/** Which program is started, and when again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../src/backoff.ts";
import { candidates, findProgram } from "../src/program.ts";

const MACHINE = {
  env: { PATH: ".:bin:/opt/tools:/usr/bin", PIPX_BIN_DIR: "/pipx" },
  home: "/home/ann",
  platform: "linux",
} as const;

test("PATH comes before the places of pipx and uv, without its relative folders", () => {
  const places = candidates("", MACHINE);
  assert.deepEqual(places.slice(0, 4), [
    "/opt/tools/funcseek",
    "/usr/bin/funcseek",
    "/pipx/funcseek",
    "/home/ann/.local/bin/funcseek",
  ]);
  assert.deepEqual(
    places.filter((place) => !place.startsWith("/")),
    [],
  );
});

test("a setting is the only place", () => {
  assert.deepEqual(candidates("/my/funcseek", MACHINE), ["/my/funcseek"]);
  assert.deepEqual(candidates("~/funcseek", MACHINE), ["/home/ann/funcseek"]);
});

test("a relative setting, a folder and a file that cannot run are no programs", async () => {
  assert.equal(await findProgram(["package.json", import.meta.dirname, import.meta.filename]), undefined);
  assert.equal(await findProgram(["/nowhere/funcseek", process.execPath]), process.execPath);
});

test("waits double, end, and begin anew after a healthy minute", () => {
  const backoff = new Backoff();
  backoff.started(0);
  assert.deepEqual(
    Array.from({ length: 7 }, () => backoff.failed(1)),
    [500, 1000, 2000, 4000, 8000, 16_000, undefined],
  );
  backoff.started(100_000);
  assert.equal(backoff.failed(160_000), 500);
});
