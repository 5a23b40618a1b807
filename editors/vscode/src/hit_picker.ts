/**
 * A picker of functions: keeps the server's order, previews the active one, and puts everything back on Esc.
 *
 * Asks the server nothing; whoever opens it sets its rows and hears what is typed.
 */

import * as vscode from "vscode";
import { placeOf } from "./places.ts";
import { Preview } from "./preview.ts";
import type { Item } from "./protocol.ts";
import { areAlike, plain, type Row } from "./rows.ts";

const PICKING = "funcseek.isPicking";

/** Waited before the first of new rows is previewed: drawing a file takes longer than drawing rows, and they come first. */
const PREVIEW_PAUSE_MS = 100;

/** Waited before it is shown that rows are still to come: most come sooner, and a bar in motion keeps the window busy. */
const BUSY_PAUSE_MS = 250;

const TO_SIDE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("split-horizontal"),
  tooltip: "Open to the Side (Ctrl/Cmd+Enter)",
};
const COPY: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("copy"),
  tooltip: "Copy Reference (Shift+Alt+C)",
};

/** A row as VS Code takes it, with what it stands for. */
export interface PickerRow extends vscode.QuickPickItem {
  readonly item?: Item;
  /** What Enter does on a row that is no function. */
  readonly accept?: () => void;
  /** What the row's own button does; it has one at most. */
  readonly press?: () => void;
}

/** How a picker looks and behaves. */
export interface Look {
  readonly title: string;
  readonly placeholder: string;
  /** Whether typing narrows the rows that are there, instead of asking for others. */
  readonly isFilter: boolean;
}

/** The picker that is open, for the commands that work in it. */
let opened: HitPicker | undefined;

export function openedPicker(): HitPicker | undefined {
  return opened;
}

export class HitPicker {
  readonly input = vscode.window.createQuickPick<PickerRow>();
  private readonly preview = new Preview();
  private readonly isFilter: boolean;
  private active: PickerRow | undefined;
  private settling = 0;
  private isLeaving = false;
  private isClosed = false;
  /** Whether rows are still to come for what was asked last. */
  private isBusy = false;
  /** Whether Enter is meant for rows that are still to come. */
  private isWaiting = false;
  private busyTimer: NodeJS.Timeout | undefined;

  constructor(look: Look) {
    this.isFilter = look.isFilter;
    this.input.title = look.title;
    this.input.placeholder = look.placeholder;
    this.input.matchOnDescription = look.isFilter;
    this.input.matchOnDetail = look.isFilter;
    keepOrder(this.input);
    this.input.onDidChangeActive(([row]) => this.settling === 0 && this.activate(row));
    this.input.onDidAccept(() => this.accept());
    this.input.onDidTriggerItemButton(({ button, item }) => this.press(button, item));
    this.input.onDidHide(() => this.hidden());
  }

  show(): void {
    opened = this;
    void vscode.commands.executeCommand("setContext", PICKING, true);
    this.input.show();
  }

  /** Say that what is asked now will have other rows. */
  expect(): void {
    if (!this.isBusy) {
      this.isBusy = true;
      this.busyTimer = setTimeout(() => {
        this.input.busy = true;
      }, BUSY_PAUSE_MS);
    }
  }

  /**
   * Show rows in the place of those that are there, the first function active; or the one that is, where the rows answer
   * the same question again.
   */
  set(rows: readonly PickerRow[], again = false): void {
    // Rows that are drawn anew take the keys away from the button of a row that has them.
    if (!again || !areAlike(rows, this.input.items)) {
      this.replace(rows, again);
    }
    this.arrived();
    if (this.isWaiting) {
      this.isWaiting = false;
      this.accept();
    }
  }

  private replace(rows: readonly PickerRow[], again: boolean): void {
    // A sentence is active only where there was nothing to choose.
    const isKept = again && (this.active?.item ?? this.active?.accept) !== undefined;
    const kept = isKept ? rows.find((row) => isSame(row, this.active)) : undefined;
    const active = kept ?? rows.find((row) => row.item) ?? rows[0];
    this.input.items = rows;
    this.input.activeItems = active ? [active] : [];
    this.activate(active, PREVIEW_PAUSE_MS);
    void this.settle();
  }

  /** Return rows as this picker takes them. */
  rows(rows: readonly Row[]): PickerRow[] {
    return rows.map((row) => pickerRow(row, !this.isFilter));
  }

  /** Open the active function in the group beside this one. */
  async openToSide(item = this.activeItem()): Promise<void> {
    if (item) {
      await this.leave(() => this.preview.openToSide(item));
    }
  }

  /** Put `path:line` of the active function on the clipboard, and stay open. */
  async copyReference(item = this.activeItem()): Promise<void> {
    if (item) {
      const reference = placeOf(item);
      await vscode.env.clipboard.writeText(reference);
      vscode.window.setStatusBarMessage(`Copied ${reference}`, 3000);
    }
  }

  private arrived(): void {
    this.isBusy = false;
    clearTimeout(this.busyTimer);
    this.input.busy = false;
  }

  private activate(row: PickerRow | undefined, pauseMs = 0): void {
    this.active = row;
    // Rows may come after Esc, when everything is back in its place.
    if (row?.item && !this.isClosed) {
      this.preview.show(row.item, pauseMs);
    }
  }

  /** Heed no word of active rows until VS Code has the new ones: it tells them by index, and may mean those before. */
  private async settle(): Promise<void> {
    this.settling += 1;
    // Rows are sent in a timer like this one; any command that is answered after it has come behind them.
    await new Promise((resolve) => setTimeout(resolve, 0));
    await vscode.commands.executeCommand("setContext", PICKING, opened === this);
    this.settling -= 1;
  }

  private accept(): void {
    if (this.isBusy) {
      // The rows answer what was typed before; Enter is meant for those that come.
      this.isWaiting = true;
      return;
    }
    const item = this.activeItem();
    if (this.active?.accept) {
      this.active.accept();
    } else if (item) {
      void this.leave(() => this.preview.open(item));
    }
  }

  /** The active function; on a sentence above the functions, the first of them. */
  private activeItem(): Item | undefined {
    return this.active?.item ?? this.input.items.find((row) => row.item)?.item;
  }

  private press(button: vscode.QuickInputButton, row: PickerRow): void {
    if (button === TO_SIDE) {
      void this.openToSide(row.item);
    } else if (button === COPY) {
      void this.copyReference(row.item);
    } else {
      row.press?.();
    }
  }

  private async leave(go: () => Promise<void>): Promise<void> {
    this.isLeaving = true;
    this.input.hide();
    try {
      await go();
    } catch (error) {
      void vscode.window.showErrorMessage(`The function cannot be opened: ${String(error)}`);
    }
  }

  private hidden(): void {
    this.isClosed = true;
    clearTimeout(this.busyTimer);
    if (opened === this) {
      opened = undefined;
      void vscode.commands.executeCommand("setContext", PICKING, false);
    }
    this.input.dispose();
    if (!this.isLeaving) {
      void this.preview.restore().finally(() => this.preview.dispose());
    }
  }
}

function isSame(row: PickerRow, other: PickerRow | undefined): boolean {
  return row.label === other?.label && row.description === other.description;
}

/** Have VS Code leave the order alone: it would put rows first whose label holds what is typed. */
function keepOrder(input: object): void {
  // Not in the typed API yet; where it goes again, order is all that is lost.
  Object.assign(input, { sortByLabel: false });
}

/** Return the row that says why there is no answer. */
export function problemRow(error: unknown): PickerRow {
  const sentence = error instanceof Error ? error.message : String(error);
  return {
    label: `$(error) ${plain(sentence)}`,
    detail: "Enter shows the log.",
    alwaysShow: true,
    accept: () => void vscode.commands.executeCommand("funcseek.showLog"),
  };
}

function pickerRow(row: Row, alwaysShow: boolean): PickerRow {
  switch (row.type) {
    case "hit": {
      const { label, description, detail, item } = row;
      return { label, description, detail, item, alwaysShow, buttons: [TO_SIDE, COPY] };
    }
    case "note":
      return { label: `$(${row.icon}) ${row.label}`, alwaysShow: true };
    case "group":
      return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
  }
}
