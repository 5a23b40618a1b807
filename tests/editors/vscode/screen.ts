/** What a user can see in a window of VS Code. Presses nothing. */

import { mkdirSync } from "node:fs";
import * as path from "node:path";
import type { Page } from "playwright-core";
import { until } from "./until.ts";

const SHOTS = path.join(import.meta.dirname, "shots");

export interface SeenRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly isActive: boolean;
}

export interface SeenTab {
  readonly name: string;
  readonly isActive: boolean;
  readonly isPreview: boolean;
}

export class Screen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The rows of the picker that is open, from the top; none where none is. */
  rows(): Promise<SeenRow[]> {
    return this.page.locator(".quick-input-widget .quick-input-list .monaco-list-row").evaluateAll((rows) => {
      // A row is drawn over another one's elements; what it lacks is cut off below.
      const text = (row: Element, selector: string) => {
        const found = row.querySelector(selector);
        const isShown = found && found.getBoundingClientRect().top < row.getBoundingClientRect().bottom;
        return isShown ? (found.textContent?.trim() ?? "") : "";
      };
      return rows
        .filter((row) => (row as HTMLElement).offsetParent !== null)
        .sort((one, other) => Number(one.getAttribute("data-index")) - Number(other.getAttribute("data-index")))
        .map((row) => ({
          label: text(row, ".label-name"),
          description: text(row, ".label-description"),
          detail: text(row, ".quick-input-list-label-meta"),
          isActive: row.classList.contains("focused"),
        }));
    });
  }

  async isPicking(): Promise<boolean> {
    return this.page.locator(".quick-input-widget").isVisible();
  }

  /** What is in the picker's field, and whether all of it is selected. */
  field(): Promise<{ value: string; isSelected: boolean }> {
    return this.page.locator(".quick-input-widget .quick-input-filter input").evaluate((input) => {
      const { value, selectionStart, selectionEnd } = input as HTMLInputElement;
      return { value, isSelected: selectionStart === 0 && selectionEnd === value.length && value.length > 0 };
    });
  }

  /** What is in the field of the list that is open; undefined where none is. */
  protected async fieldValue(): Promise<string | undefined> {
    const field = this.page.locator(".quick-input-widget .quick-input-filter input:focus");
    return (await this.isPicking()) && (await field.count()) > 0 ? field.inputValue() : undefined;
  }

  /** The code cells on the screen: what they begin with, and whether a preview has highlighted any of it. */
  cells(): Promise<{ firstLine: string; isHighlighted: boolean }[]> {
    return this.page.locator(".notebookOverlay .code-cell-row .monaco-editor").evaluateAll((cells) =>
      cells.map((cell) => ({
        firstLine: (cell.querySelector(".view-lines .view-line")?.textContent ?? "").replace(/\u00a0/g, " "),
        isHighlighted: cell.querySelector('.view-overlays [class*="TextEditorDecorationType"]') !== null,
      })),
    );
  }

  /** Where the cursor is, as the status bar tells. */
  async cursor(): Promise<string> {
    const [seen] = await this.texts('.statusbar-item[id="status.editor.selection"]');
    return seen ?? "";
  }

  tabs(): Promise<SeenTab[]> {
    return this.page.locator(".tabs-container .tab").evaluateAll((tabs) =>
      tabs.map((tab) => ({
        name: tab.getAttribute("data-resource-name") ?? "",
        isActive: tab.classList.contains("active"),
        isPreview: tab.querySelector(".monaco-icon-label")?.classList.contains("italic") ?? false,
      })),
    );
  }

  /** How many groups of editors there are, side by side. */
  groups(): Promise<number> {
    return this.page.locator(".editor-group-container").count();
  }

  /** The lines on the screen of the editor that was used last, and which of them are highlighted by a preview. */
  lines(): Promise<{ visible: number[]; highlighted: number[] }> {
    return this.page
      .locator(".editor-group-container.active .monaco-editor")
      .first()
      .evaluate((editor) => {
        const top = (element: Element) => (element as HTMLElement).style.top;
        const numbers = [...editor.querySelectorAll(".margin-view-overlays > div")]
          .map((line) => ({ top: top(line), number: Number(line.querySelector(".line-numbers")?.textContent) }))
          .filter(({ number }) => number > 0);
        const marked = [...editor.querySelectorAll(".view-overlays > div")]
          .filter((line) => line.querySelector('[class*="TextEditorDecorationType"]'))
          .map(top);
        const order = (list: number[]) => list.sort((one, other) => one - other);
        return {
          visible: order(numbers.map(({ number }) => number)),
          highlighted: order(numbers.filter((line) => marked.includes(line.top)).map(({ number }) => number)),
        };
      });
  }

  /** The same, once they stay as they are: scrolling takes some frames. */
  async linesAtRest(): Promise<{ visible: number[]; highlighted: number[] }> {
    let before = "";
    return until(
      "the lines are at rest",
      () => this.lines(),
      (lines) => {
        const last = before;
        before = JSON.stringify(lines);
        return last === before && lines.visible.length > 0;
      },
    );
  }

  /** What marks the function of a preview: how wide each mark is, and whether its colours in this theme can be seen. */
  marks(): Promise<{ width: number; isVisible: boolean }[]> {
    return this.page.locator('.view-overlays [class*="TextEditorDecorationType"]').evaluateAll((marks) => {
      const isSeen = (color: string) => color !== "transparent" && !/^rgba\(.*, 0\)$/.test(color);
      return marks.map((mark) => {
        const { backgroundColor, borderLeftColor } = getComputedStyle(mark);
        return { width: mark.clientWidth, isVisible: isSeen(backgroundColor) || isSeen(borderLeftColor) };
      });
    });
  }

  /** The classes that tell which kind of theme is on. */
  async theme(): Promise<string[]> {
    return ((await this.page.locator(".monaco-workbench").getAttribute("class")) ?? "").split(" ");
  }

  /** What a screen reader says of the list that is open: its field, its rows and their buttons. */
  spoken(): Promise<{ field: string; rows: { label: string; isActive: boolean; buttons: string[] }[] }> {
    return this.page.locator(".quick-input-widget").evaluate((list) => {
      const said = (element: Element | null) => element?.getAttribute("aria-label") ?? "";
      const rows = [...list.querySelectorAll('.quick-input-list [role="option"]')];
      return {
        field: said(list.querySelector(".quick-input-filter input")),
        rows: rows.map((row) => ({
          label: said(row),
          isActive: row.classList.contains("focused"),
          buttons: [...row.querySelectorAll('[role="button"]')].map(said),
        })),
      };
    });
  }

  /** What a screen reader says of the place that keys go to. */
  async focused(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  }

  notifications(): Promise<string[]> {
    return this.texts(".notifications-toasts .notification-list-item-message");
  }

  /** What pages within the window show, such as a preview of Markdown. */
  async webviews(): Promise<string> {
    const texts = this.page
      .frames()
      .map((frame) => frame.evaluate(() => document.body.textContent ?? "").catch(() => ""));
    return (await Promise.all(texts)).join("\n");
  }

  /** The names of the settings that the editor of settings shows. */
  offeredSettings(): Promise<string[]> {
    return this.texts(".settings-editor .setting-item-label");
  }

  /** The name of the log that the output panel shows. Its lines would be written by a native module that npm leaves out. */
  async output(): Promise<string> {
    const chosen = this.page.locator(".part.panel select.monaco-select-box option:checked");
    return (await chosen.allTextContents())[0] ?? "";
  }

  /** What our item in the status bar tells, as a screen reader says it; empty where it is not there. */
  async status(): Promise<string> {
    const item = this.page.locator('.statusbar-item[id*="funcseek.status"] a');
    return (await item.count()) === 0 ? "" : ((await item.first().getAttribute("aria-label")) ?? "");
  }

  /** The texts of the whole status bar. */
  statusBar(): Promise<string[]> {
    return this.texts(".statusbar-item");
  }

  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  }

  protected async texts(selector: string): Promise<string[]> {
    return (await this.page.locator(selector).allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }
}

/** The rows that are functions: those have a place. */
export function hits(rows: readonly SeenRow[]): SeenRow[] {
  return rows.filter((row) => row.description !== "");
}

/** The labels of rows, for tests that are about names and their order. */
export function labels(rows: readonly SeenRow[]): string[] {
  return rows.map((row) => row.label);
}
