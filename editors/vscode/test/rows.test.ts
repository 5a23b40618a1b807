/** What a picker shows of an answer. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Item } from "../src/protocol.ts";
import { areAlike, type Row, rowsOf } from "../src/rows.ts";

const RANGE = { start: { line: 4, character: 0 }, end: { line: 9, character: 0 } };

const FETCH: Item = {
  name: "fetch",
  qualifiedName: "Client.fetch",
  kind: "method",
  language: "python",
  signature: "def fetch(self, url)",
  detail: "Retry with growing pauses.",
  isDeclaration: false,
  isTest: false,
  isGenerated: false,
  uri: "file:///src/net.py",
  range: RANGE,
  selectionRange: RANGE,
  isStale: false,
};

const WHOLE: Answer = {
  items: [FETCH],
  coverage: { functions: 7, embedded: 7, pendingFiles: 0 },
  model: "all-MiniLM-L6-v2",
  reranker: null,
  isConfident: true,
  notices: [],
};

function check(answer: Partial<Answer>, ...expected: string[]): void {
  const rows = rowsOf({ ...WHOLE, ...answer }, "retry", ({ uri, range }) => `${uri.slice(-6)}:${range.start.line + 1}`);
  assert.deepEqual(rows.map(drawn), expected);
}

/** Everything that is seen of a row, in one line. */
function drawn(row: Row): string {
  switch (row.type) {
    case "hit":
      return [row.label, row.description, row.detail].join(" | ");
    case "note":
      return `(${row.icon}) ${row.label}`;
    case "group":
      return `-- ${row.label}`;
  }
}

const HIT = "$(symbol-method) Client.fetch | net.py:5 | Retry with growing pauses.";

test("a function has its place and its first line of documentation, or else its signature", () => {
  check({}, HIT);
  check({ items: [{ ...FETCH, detail: "" }] }, "$(symbol-method) Client.fetch | net.py:5 | def fetch(self, url)");
});

test("marks and other places follow", () => {
  const also = [1, 2, 3, 4, 5].map((line) => ({ path: "copy.py", line, signature: "" }));
  check(
    { items: [{ ...FETCH, isTest: true, isStale: true, also }] },
    "$(symbol-method) Client.fetch | net.py:5 · test · just changed | Retry with growing pauses. — also copy.py:1, copy.py:2, copy.py:3, 2 more",
  );
});

test("another place in a notebook that is open is named by its cell", () => {
  const also = [{ path: "a.ipynb", line: 3, signature: "", cell: 0 }];
  check({ items: [{ ...FETCH, also }] }, `${HIT} — also a.ipynb cell 1:3`);
});

test("text that looks like an icon stays text", () => {
  check(
    { items: [{ ...FETCH, detail: "Run $(date) first." }] },
    "$(symbol-method) Client.fetch | net.py:5 | Run \\$(date) first.",
  );
});

test("likenesses are groups, in the server's order", () => {
  const like = (likeness: "duplicate" | "related") => ({ ...FETCH, likeness });
  check(
    { items: [like("duplicate"), like("duplicate"), like("related")] },
    "-- the same code",
    HIT,
    HIT,
    "-- related",
    HIT,
  );
});

test("no good match is said above the functions, nothing found instead of them", () => {
  check({ isConfident: false }, "(question) No good match; the nearest:", HIT);
  check({ items: [], isConfident: false }, "(circle-slash) No function found");
});

test("notices and how much of the index is there come first", () => {
  const coverage = { functions: 200, embedded: 87, pendingFiles: 1 };
  const index = "(pie-chart) Index 43 %: 87 of 200 functions, 1 file to read";
  check({ coverage, notices: ["A folder is gone."] }, "(info) A folder is gone.", index, HIT);
  check({ coverage, model: null }, HIT);
});

test("rows are alike where all that is seen of them is, in their order", () => {
  const close = { ...FETCH, qualifiedName: "Client.close" };
  const rows = (...items: Item[]) => rowsOf({ ...WHOLE, items }, "retry", ({ uri }) => uri);
  assert.ok(areAlike(rows(FETCH, close), rows({ ...FETCH, confidence: 0.5 }, close)));
  assert.ok(!areAlike(rows(FETCH, close), rows(close, FETCH)));
  assert.ok(!areAlike(rows(FETCH, close), rows(FETCH)));
  assert.ok(
    !areAlike(
      rows(FETCH),
      rowsOf({ ...WHOLE, notices: ["Not reranked."] }, "retry", ({ uri }) => uri),
    ),
  );
});
