/** One question at a time, the newest. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Inquiry } from "../src/inquiry.ts";

const PAUSE_MS = 80;

/** A server that answers when it is told to, and what came of it. */
class Desk {
  readonly log: string[] = [];
  readonly answer = new Map<string, () => void>();
  readonly inquiry = new Inquiry<string>({
    ask: (query, signal) => this.ask(query, signal),
    answered: (_, answer) => this.log.push(answer),
    failed: (query, error) => this.log.push(`${query} failed: ${error}`),
  });

  private ask(query: string, signal: AbortSignal): Promise<string> {
    this.log.push(`asked ${query}`);
    signal.addEventListener("abort", () => this.log.push(`cancelled ${query}`));
    return new Promise((resolve) => this.answer.set(query, () => resolve(`answer to ${query}`)));
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("what is typed within the pause is asked once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const desk = new Desk();
  for (const query of ["r", "re", "retry"]) {
    desk.inquiry.put(query, PAUSE_MS);
    context.mock.timers.tick(PAUSE_MS - 1);
  }
  context.mock.timers.tick(1);
  assert.deepEqual(desk.log, ["asked retry"]);
});

test("an older question is cancelled, and its late answer is dropped", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const desk = new Desk();
  desk.inquiry.put("old", 0);
  context.mock.timers.tick(0);
  desk.inquiry.put("new", 0);
  context.mock.timers.tick(0);
  desk.answer.get("new")?.();
  desk.answer.get("old")?.();
  await settled();
  assert.deepEqual(desk.log, ["asked old", "cancelled old", "asked new", "answer to new"]);
  assert.equal(desk.inquiry.isPending, false);
});

test("after a cancel nothing is told", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const desk = new Desk();
  desk.inquiry.put("query", 0);
  context.mock.timers.tick(0);
  desk.inquiry.cancel();
  desk.answer.get("query")?.();
  await settled();
  assert.deepEqual(desk.log, ["asked query", "cancelled query"]);
});
