/** Places of functions, from the wire to VS Code. */

import * as vscode from "vscode";
import type { Item, Range } from "./protocol.ts";

/** Return a position on the wire as VS Code's; both count in UTF-16. */
export function rangeOf({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Return the lines of a function; an end at the start of a line does not take that line in. */
export function linesOf(range: Range): vscode.Range {
  const { start, end } = range;
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return new vscode.Range(start.line, 0, last, 0);
}

/**
 * Name a function's place as the user knows it: the path below its folder, with the folder's name where several are open,
 * and the line; in a notebook the cell, as the status bar counts them, and the line in it.
 */
export function placeOf({ uri, selectionRange, cell }: Item): string {
  if (cell === undefined) {
    return `${below(uri)}:${selectionRange.start.line + 1}`;
  }
  return `${below(cell.notebook)} cell ${cell.index + 1}:${cell.selectionRange.start.line + 1}`;
}

function below(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}
