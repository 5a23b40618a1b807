/** What the window showed before a preview, and how to have it back: file, cursor, scroll and tabs. */

import * as vscode from "vscode";
import { NotebookView } from "./notebooks.ts";

/** How long VS Code is given to list a tab that it shows already. */
const LISTING_MS = 1000;

/** A tab's document or notebook in its group; what is neither has no URI and is never closed or opened here. */
interface OpenTab {
  readonly uri: vscode.Uri;
  readonly column: vscode.ViewColumn;
  readonly isPreview: boolean;
  readonly isNotebook: boolean;
}

/** What was looked at, and how to look at it again; `isMoved` says that a preview may have scrolled it. */
interface View {
  readonly uri: vscode.Uri;
  readonly column: vscode.ViewColumn;
  restore(how: vscode.TextDocumentShowOptions, isMoved: boolean): Promise<void>;
}

export class Desktop {
  private readonly tabs = openTabs();
  private readonly view: View | undefined = this.listedView();

  /** Put everything back; `shown` are the documents that a preview has scrolled, `last` is the one it shows. */
  async restore(shown: ReadonlySet<string>, last: vscode.Uri | undefined): Promise<void> {
    if (last) {
      await listed(last);
    }
    await this.reopenPreviewTabs();
    await this.returnToView(shown);
    await closeTabs(openTabs().filter((tab) => tab.isPreview && !this.had(tab)));
  }

  /** VS Code has one preview tab in each group: ours has taken the place of the one that was there. */
  private async reopenPreviewTabs(): Promise<void> {
    const there = openTabs();
    const lost = this.tabs.filter((tab) => tab.isPreview && !there.some((other) => isSame(tab, other)));
    for (const { uri, column, isNotebook } of lost) {
      const how = { viewColumn: column, preview: true, preserveFocus: true };
      await (isNotebook
        ? vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri), how)
        : vscode.window.showTextDocument(uri, how));
    }
  }

  private async returnToView(shown: ReadonlySet<string>): Promise<void> {
    if (this.view === undefined) {
      return;
    }
    const { uri, column } = this.view;
    const wasPreview = this.tabs.some((tab) => tab.isPreview && isOf(tab, { uri, column }));
    // VS Code gives the focus back by itself; taking it here would close what was opened since Esc.
    const how = { viewColumn: column, preview: wasPreview, preserveFocus: true };
    await this.view.restore(how, wasPreview || shown.has(uri.toString()));
  }

  /** What is looked at, if a tab has it: VS Code goes on naming an editor for a moment after its tab was closed. */
  private listedView(): View | undefined {
    const view = NotebookView.active() ?? TextView.active();
    return view && this.tabs.some((tab) => isOf(tab, view)) ? view : undefined;
  }

  private had(tab: OpenTab): boolean {
    return this.tabs.some((other) => isSame(tab, other));
  }
}

class TextView implements View {
  readonly uri: vscode.Uri;
  readonly column: vscode.ViewColumn;
  private readonly document: vscode.TextDocument;
  private readonly selections: readonly vscode.Selection[];
  private readonly topLine: number;

  private constructor({ document, selections, visibleRanges }: vscode.TextEditor, column: vscode.ViewColumn) {
    this.uri = document.uri;
    this.column = column;
    this.document = document;
    this.selections = selections;
    this.topLine = visibleRanges[0]?.start.line ?? 0;
  }

  static active(): TextView | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor?.viewColumn === undefined ? undefined : new TextView(editor, editor.viewColumn);
  }

  async restore(how: vscode.TextDocumentShowOptions, isMoved: boolean): Promise<void> {
    const editor = await vscode.window.showTextDocument(this.document, how);
    editor.selections = this.selections;
    if (isMoved) {
      editor.revealRange(new vscode.Range(this.topLine, 0, this.topLine, 0), vscode.TextEditorRevealType.AtTop);
    }
  }
}

function openTabs(): OpenTab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.flatMap((tab) => openTab(tab, group.viewColumn)));
}

function openTab({ input, isPreview }: vscode.Tab, column: vscode.ViewColumn): OpenTab[] {
  const isNotebook = input instanceof vscode.TabInputNotebook;
  return isNotebook || input instanceof vscode.TabInputText ? [{ uri: input.uri, column, isPreview, isNotebook }] : [];
}

/** Wait until a document that is shown is among the tabs: VS Code tells of them later than of editors. */
async function listed(uri: vscode.Uri): Promise<void> {
  const isListed = () => openTabs().some((tab) => tab.uri.toString() === uri.toString());
  if (isListed()) {
    return;
  }
  await new Promise<void>((resolve) => {
    const changes = vscode.window.tabGroups.onDidChangeTabs(() => isListed() && end());
    const patience = setTimeout(end, LISTING_MS);
    function end(): void {
      changes.dispose();
      clearTimeout(patience);
      resolve();
    }
  });
}

function isOf(tab: OpenTab, view: Pick<View, "uri" | "column">): boolean {
  return tab.column === view.column && tab.uri.toString() === view.uri.toString();
}

function isSame(one: OpenTab, other: OpenTab): boolean {
  const isAlike = one.column === other.column && one.isNotebook === other.isNotebook;
  return isAlike && one.uri.toString() === other.uri.toString();
}

async function closeTabs(unwanted: readonly OpenTab[]): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.filter(
      (tab) =>
        !tab.isDirty && openTab(tab, group.viewColumn).some((one) => unwanted.some((other) => isSame(one, other))),
    ),
  );
  await vscode.window.tabGroups.close(tabs, true);
}
