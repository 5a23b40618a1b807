/** "Find Similar Functions": functions like the one under the cursor, or in the selection. */

import type * as vscode from "vscode";
import { HitPicker, problemRow } from "./hit_picker.ts";
import { placeOf } from "./places.ts";
import { type Answer, SIMILAR, type Spot } from "./protocol.ts";
import { rowsOf } from "./rows.ts";
import type { Server } from "./server.ts";

/** Show functions like the one at a spot. */
export async function findSimilar(server: Server, spot: Spot): Promise<void> {
  const picker = new HitPicker({ title: "Similar Functions", placeholder: "Type to narrow", isFilter: true });
  const closing = new AbortController();
  picker.input.onDidHide(() => closing.abort());
  picker.expect();
  picker.show();
  try {
    const answer = await server.ask<Answer>(SIMILAR, { ...spot }, closing.signal);
    if (!closing.signal.aborted) {
      picker.set(picker.rows(rowsOf(answer, "similar", placeOf)));
    }
  } catch (error) {
    if (!closing.signal.aborted) {
      picker.set([problemRow(error)]);
    }
  }
}

/** Return what an editor points at: its selection, or its cursor. */
export function spotIn({ document, selection }: vscode.TextEditor): Spot {
  const textDocument = { uri: document.uri.toString() };
  const { start, end } = selection;
  return selection.isEmpty
    ? { textDocument, position: plain(start) }
    : { textDocument, range: { start: plain(start), end: plain(end) } };
}

function plain({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}
