/** Shows a function without leaving the picker: its file or notebook in the preview tab, its lines highlighted. */

import * as vscode from "vscode";
import { Desktop } from "./desktop.ts";
import { editorOf, showCell } from "./notebooks.ts";
import { linesOf, rangeOf } from "./places.ts";
import type { Cell, Item } from "./protocol.ts";

/** The last window that is put back; until then the next preview would take what it shows for the user's. */
let restored: Promise<void> = Promise.resolve();

export class Preview implements vscode.Disposable {
  private desktop: Desktop | undefined;
  private readonly highlight = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
    // Themes of high contrast have no such background, and the others no such border.
    borderColor: new vscode.ThemeColor("editor.rangeHighlightBorder"),
    borderStyle: "solid",
    borderWidth: "0 0 0 3px",
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.rangeHighlightForeground"),
  });
  private readonly nameHighlight = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("editor.symbolHighlightBackground"),
    borderColor: new vscode.ThemeColor("editor.symbolHighlightBorder"),
    borderStyle: "solid",
    borderWidth: "1px",
  });
  private readonly shown = new Set<string>();
  private last: vscode.Uri | undefined;
  private wanted: Item | undefined;
  private work: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** Show a function after a pause; of several that are wanted meanwhile only the last is shown. */
  show(item: Item, pauseMs: number): void {
    clearTimeout(this.timer);
    this.wanted = undefined;
    this.timer = setTimeout(() => this.begin(item), pauseMs);
  }

  private begin(item: Item): void {
    this.wanted = item;
    this.work ??= this.showWanted().finally(() => {
      this.work = undefined;
    });
  }

  /** Put everything back as it was before. */
  restore(): Promise<void> {
    restored = this.putBack();
    return restored;
  }

  private async putBack(): Promise<void> {
    await this.end();
    await this.desktop?.restore(this.shown, this.last);
  }

  /** Go to a function's name, and stay; from where the search began, so that going back leads there. */
  async open(item: Item): Promise<void> {
    await this.restore();
    await land(item, vscode.ViewColumn.Active);
  }

  /** Open a function in the group beside the one where the search began, which is left as it was. */
  async openToSide(item: Item): Promise<void> {
    await this.restore();
    await land(item, vscode.ViewColumn.Beside);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.wanted = undefined;
    this.highlight.dispose();
    this.nameHighlight.dispose();
  }

  private async end(): Promise<void> {
    clearTimeout(this.timer);
    this.wanted = undefined;
    await this.work;
    this.dispose();
  }

  private async showWanted(): Promise<void> {
    await restored.catch(() => undefined);
    while (this.wanted !== undefined) {
      const item = this.wanted;
      this.wanted = undefined;
      this.desktop ??= new Desktop();
      this.shown.add(item.uri);
      try {
        await this.showNow(item);
      } catch {
        // A file that has gone since it was found; the row says what is known of it.
      }
    }
  }

  private async showNow(item: Item): Promise<void> {
    const [editor, uri] = await (item.cell ? inCell(item.cell) : inText(item));
    this.last = uri;
    this.shown.add(uri.toString());
    const { range, selectionRange } = item.cell ?? item;
    for (const visible of vscode.window.visibleTextEditors) {
      visible.setDecorations(this.highlight, visible === editor ? [linesOf(range)] : []);
      visible.setDecorations(this.nameHighlight, visible === editor ? [rangeOf(selectionRange)] : []);
    }
    if (!item.cell) {
      editor?.revealRange(rangeOf(range), vscode.TextEditorRevealType.InCenter);
    }
  }
}

/** Show the file of a function; return its editor, and what its tab holds. */
async function inText({ uri }: Item): Promise<[vscode.TextEditor, vscode.Uri]> {
  const editor = await vscode.window.showTextDocument(vscode.Uri.parse(uri), { preview: true, preserveFocus: true });
  return [editor, editor.document.uri];
}

/** Show the cell of a function; return its editor, if VS Code has drawn it, and what its tab holds. */
async function inCell(cell: Cell): Promise<[vscode.TextEditor | undefined, vscode.Uri]> {
  const shown = await showCell(cell, { preview: true, preserveFocus: true });
  return [await editorOf(shown, cell), shown.notebook.uri];
}

/** Open at the name at once: a cursor that is moved later leaves a place in between for going back. */
async function land({ uri, selectionRange, cell }: Item, viewColumn: vscode.ViewColumn): Promise<void> {
  if (cell) {
    await showCell(cell, { preview: false, viewColumn });
    return;
  }
  const { start } = rangeOf(selectionRange);
  const selection = new vscode.Range(start, start);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { preview: false, viewColumn, selection });
}
