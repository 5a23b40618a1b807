/** Cells of notebooks: shown with a function's name selected, and a notebook's view as it was. Knows no picker. */

import * as vscode from "vscode";
import { rangeOf } from "./places.ts";
import type { Cell } from "./protocol.ts";

type CellEditor = vscode.TextEditor | undefined;

/** How long VS Code is given to draw the editor of a cell that it shows. */
const DRAWING_MS = 1000;

/** Show a function in its notebook, its name selected; the notebook is opened where it is not. */
export async function showCell(
  { notebook: uri, index, selectionRange }: Cell,
  how: vscode.TextDocumentShowOptions,
): Promise<vscode.NotebookCell> {
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.parse(uri));
  const selections = [new vscode.NotebookRange(index, index + 1)];
  // First the notebook: opened by its cell, a tab would be named after that for good.
  const shown = await vscode.window.showNotebookDocument(notebook, { ...how, selections });
  const cell = notebook.cellAt(index);
  // A group to the side is beside this one only once.
  const viewColumn = shown.viewColumn ?? vscode.ViewColumn.Active;
  await openAt(cell.document, rangeOf(selectionRange), { ...how, viewColumn });
  return cell;
}

/** Return the editor of a cell that is shown once it is drawn, the one in that group; undefined where it is not in time. */
export async function editorOf({ document }: vscode.NotebookCell, { selectionRange }: Cell): Promise<CellEditor> {
  const drawn = (): CellEditor => {
    const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
    // A cell's editor names no group; where several show the cell, the name is selected in this one.
    return editors.find(({ selection }) => selection.isEqual(rangeOf(selectionRange))) ?? editors[0];
  };
  return (
    drawn() ??
    new Promise((resolve) => {
      const changes = vscode.window.onDidChangeVisibleTextEditors(() => drawn() && end());
      const patience = setTimeout(end, DRAWING_MS);
      function end(): void {
        changes.dispose();
        clearTimeout(patience);
        resolve(drawn());
      }
    })
  );
}

/** The notebook that a window shows, with the cursor's place in a cell and the first cell on the screen. */
export class NotebookView {
  readonly uri: vscode.Uri;
  readonly column: vscode.ViewColumn;
  private readonly editor: vscode.NotebookEditor;
  private readonly selections: readonly vscode.NotebookRange[];
  private readonly first: vscode.NotebookRange | undefined;
  private readonly cell: vscode.TextDocument | undefined;
  private readonly selection: vscode.Selection | undefined;

  private constructor(editor: vscode.NotebookEditor, column: vscode.ViewColumn) {
    this.uri = editor.notebook.uri;
    this.column = column;
    this.editor = editor;
    this.selections = editor.selections;
    this.first = editor.visibleRanges[0];
    const cursor = vscode.window.activeTextEditor;
    if (editor.notebook.getCells().some(({ document }) => document === cursor?.document)) {
      this.cell = cursor?.document;
      this.selection = cursor?.selection;
    }
  }

  /** Return the view of the active notebook, if one is. */
  static active(): NotebookView | undefined {
    const editor = vscode.window.activeNotebookEditor;
    return editor?.viewColumn === undefined ? undefined : new NotebookView(editor, editor.viewColumn);
  }

  async restore(how: vscode.TextDocumentShowOptions, isMoved: boolean): Promise<void> {
    const { notebook } = this.editor;
    const editor = await vscode.window.showNotebookDocument(notebook, { ...how, selections: [...this.selections] });
    if (!isMoved) {
      return;
    }
    if (this.cell && this.selection) {
      await openAt(this.cell, this.selection, how);
    }
    // Where it has not been scrolled it would be, by the space above a cell.
    if (this.first && this.first.start !== editor.visibleRanges[0]?.start) {
      editor.revealRange(this.first, vscode.NotebookEditorRevealType.AtTop);
    }
  }
}

/** VS Code opens the document of a cell as its notebook at that cell, by this command only. */
async function openAt(
  { uri }: vscode.TextDocument,
  selection: vscode.Range,
  how: vscode.TextDocumentShowOptions,
): Promise<void> {
  await vscode.commands.executeCommand("vscode.open", uri, { ...how, selection });
}
