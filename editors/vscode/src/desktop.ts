/** What the window showed before a preview, and how to have it back: file, cursor, scroll and tabs. */

import * as vscode from "vscode";

/** How long VS Code is given to list a tab that it shows already. */
const LISTING_MS = 1000;

/** A tab's document in its group; what is no text document has no URI and is never closed or opened here. */
interface OpenTab {
  readonly uri: vscode.Uri;
  readonly column: vscode.ViewColumn;
  readonly isPreview: boolean;
}

interface View {
  readonly document: vscode.TextDocument;
  readonly column: vscode.ViewColumn;
  readonly selections: readonly vscode.Selection[];
  readonly topLine: number;
}

export class Desktop {
  private readonly tabs = textTabs();
  private readonly view = activeView();

  /** Put everything back; `shown` are the documents that a preview has scrolled, `last` is the one it shows. */
  async restore(shown: ReadonlySet<string>, last: vscode.Uri | undefined): Promise<void> {
    if (last) {
      await listed(last);
    }
    await this.reopenPreviewTabs();
    await this.returnToView(shown);
    await closeTabs(textTabs().filter((tab) => tab.isPreview && !this.had(tab)));
  }

  /** VS Code has one preview tab in each group: ours has taken the place of the one that was there. */
  private async reopenPreviewTabs(): Promise<void> {
    const there = textTabs();
    const lost = this.tabs.filter((tab) => tab.isPreview && !there.some((other) => isSame(tab, other)));
    for (const { uri, column } of lost) {
      await vscode.window.showTextDocument(uri, { viewColumn: column, preview: true, preserveFocus: true });
    }
  }

  private async returnToView(shown: ReadonlySet<string>): Promise<void> {
    if (this.view === undefined) {
      return;
    }
    const { document, column, selections, topLine } = this.view;
    const wasPreview = this.tabs.some((tab) => tab.isPreview && tab.column === column && isOf(tab, document));
    // VS Code gives the focus back by itself; taking it here would close what was opened since Esc.
    const how = { viewColumn: column, preview: wasPreview, preserveFocus: true };
    const editor = await vscode.window.showTextDocument(document, how);
    editor.selections = selections;
    if (wasPreview || shown.has(document.uri.toString())) {
      editor.revealRange(new vscode.Range(topLine, 0, topLine, 0), vscode.TextEditorRevealType.AtTop);
    }
  }

  private had(tab: OpenTab): boolean {
    return this.tabs.some((other) => isSame(tab, other));
  }
}

function activeView(): View | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.viewColumn === undefined) {
    return undefined;
  }
  return {
    document: editor.document,
    column: editor.viewColumn,
    selections: editor.selections,
    topLine: editor.visibleRanges[0]?.start.line ?? 0,
  };
}

function textTabs(): OpenTab[] {
  return vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.flatMap(({ input, isPreview }) =>
      input instanceof vscode.TabInputText ? [{ uri: input.uri, column: group.viewColumn, isPreview }] : [],
    ),
  );
}

/** Wait until a document that is shown is among the tabs: VS Code tells of them later than of editors. */
async function listed(uri: vscode.Uri): Promise<void> {
  const isListed = () => textTabs().some((tab) => tab.uri.toString() === uri.toString());
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

function isSame(one: OpenTab, other: OpenTab): boolean {
  return one.column === other.column && one.uri.toString() === other.uri.toString();
}

function isOf(tab: OpenTab, document: vscode.TextDocument): boolean {
  return tab.uri.toString() === document.uri.toString();
}

async function closeTabs(unwanted: readonly OpenTab[]): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.filter(
      ({ input, isDirty }) =>
        !isDirty &&
        input instanceof vscode.TabInputText &&
        unwanted.some((one) => one.column === group.viewColumn && one.uri.toString() === input.uri.toString()),
    ),
  );
  await vscode.window.tabGroups.close(tabs, true);
}
