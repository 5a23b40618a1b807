/** One window of VS Code, with a user's verbs and what a user can see. */

import { mkdirSync } from "node:fs";
import * as path from "node:path";
import type { SuiteContext, TestContext } from "node:test";
import type { Page } from "playwright-core";
import { until } from "./until.ts";

const FIND = "Find Function by Description";
const SIMILAR = "Similar Functions";
const OURS = new Set([FIND, SIMILAR]);
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

export class Window {
  readonly page: Page;
  private tabsBefore: SeenTab[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  /** Wait until the window is drawn and the extension has shown its item. */
  async ready(): Promise<void> {
    await this.page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: 120_000 });
    await until("the extension is active", () => this.status());
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Run a command from the palette, by its title. */
  async command(title: string): Promise<void> {
    await this.press("F1");
    await this.page.waitForSelector(".quick-input-widget .quick-input-filter input:focus");
    await this.page.keyboard.insertText(title);
    const isIt = (row: SeenRow) => row.label === title;
    const offered = await until(
      `the palette offers ${title}`,
      () => this.rows(),
      (rows) => rows.some(isIt),
    );
    await this.press(...Array.from({ length: offered.findIndex(isIt) }, () => "ArrowDown"), "Enter");
  }

  /** Close everything that a test before has left open. */
  async clear(): Promise<void> {
    await this.escape();
    await this.command("View: Close All Editors");
    await until(
      "no tab is open",
      () => this.tabs(),
      (tabs) => tabs.length === 0,
    );
  }

  /** Open the search and wait until it can be typed into. */
  async find(): Promise<void> {
    this.tabsBefore = await this.tabs();
    await this.command("Funcseek: Find Function by Description…");
    await this.picker(FIND);
  }

  /** Have functions like the one under the cursor listed. */
  async findSimilar(): Promise<void> {
    this.tabsBefore = await this.tabs();
    await this.command("Funcseek: Find Similar Functions");
    await this.picker(SIMILAR);
  }

  /** Choose one of the code actions at the cursor. */
  async codeAction(title: string): Promise<void> {
    this.tabsBefore = await this.tabs();
    const action = this.page.locator(".action-widget .monaco-list-row", { hasText: title });
    await until(`${title} is offered`, async () => {
      await this.press("Escape", "Control+.");
      return action.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    });
    await action.click();
  }

  /** Wait for a picker with a title. */
  async picker(title: string): Promise<void> {
    await until(
      `a picker “${title}”`,
      () => this.texts(".quick-input-title"),
      ([seen]) => seen === title,
    );
    await this.page.waitForSelector(".quick-input-widget .quick-input-filter input:focus");
  }

  /** Type a query in the place of what is there, and return the rows once they show what is expected. */
  async search(query: string, holds: (rows: SeenRow[]) => boolean): Promise<SeenRow[]> {
    await this.press("Control+a");
    await this.type(query);
    return until(`rows for “${query}”`, () => this.rows(), holds);
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

  /** Press a button of the active row, by the beginning of its label. */
  async button(label: string): Promise<void> {
    await this.page.locator(`.quick-input-list .monaco-list-row.focused a[aria-label^="${label}"]`).click();
  }

  /** Leave the list that is open, if there is one; if it is ours, wait until the tabs are those of before. */
  async escape(): Promise<void> {
    if (await this.isPicking()) {
      const titles = await this.page.locator(".quick-input-title:visible").allTextContents();
      await this.press("Escape");
      if (!titles.some((title) => OURS.has(title))) {
        return;
      }
      const before = JSON.stringify(this.tabsBefore);
      await until(
        "the tabs are those of before",
        () => this.tabs(),
        (tabs) => JSON.stringify(tabs) === before,
      );
    }
  }

  /** Open a file by its path below the folder, and keep it open or leave it in the preview tab. */
  async openFile(file: string, options: { isKept: boolean }): Promise<void> {
    const name = path.basename(file);
    await this.press("Control+p");
    await this.page.waitForSelector(".quick-input-widget .quick-input-filter input:focus");
    await this.page.keyboard.insertText(file);
    await until(
      `quick open offers ${file}`,
      () => this.rows(),
      ([first]) => first?.label === name,
    );
    await this.press("Enter");
    await until(
      `${file} is open`,
      () => this.tabs(),
      (tabs) => tabs.some((tab) => tab.isActive && tab.name === name),
    );
    if (options.isKept) {
      await this.command("View: Keep Editor");
      await until(
        `${file} is kept`,
        () => this.tabs(),
        (tabs) => tabs.some((tab) => tab.isActive && !tab.isPreview),
      );
    }
  }

  /** Put the cursor at the start of a line. */
  async goTo(line: number): Promise<void> {
    await this.press("Control+g");
    await this.page.waitForSelector(".quick-input-widget .quick-input-filter input:focus");
    await this.page.keyboard.insertText(String(line));
    await this.press("Enter");
    await until(
      `the cursor is in line ${line}`,
      () => this.cursor(),
      (cursor) => cursor.startsWith(`Ln ${line},`),
    );
  }

  /** Put the cursor into one of the code cells of the notebook that is shown, counted from 0. */
  async clickCell(index: number): Promise<void> {
    await this.page.locator(".notebookOverlay .code-cell-row .monaco-editor .view-lines").nth(index).click();
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

  notifications(): Promise<string[]> {
    return this.texts(".notifications-toasts .notification-list-item-message");
  }

  /** Press a button of a notification. */
  async answer(label: string): Promise<void> {
    await this.page.locator(".notifications-toasts .monaco-button", { hasText: label }).click();
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

  /** Open a progress of the status bar and cancel it. */
  async cancelProgress(title: string): Promise<void> {
    await this.page.locator(".statusbar-item a", { hasText: title }).click();
    await this.page
      .locator(".notification-list-item", { hasText: title })
      .locator(".monaco-button", { hasText: "Cancel" })
      .click();
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

  private async texts(selector: string): Promise<string[]> {
    return (await this.page.locator(selector).allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }
}

/** Keep a picture of what a test that failed left behind. */
export async function keepFailure(window: Window, context: TestContext | SuiteContext): Promise<void> {
  if (context.name && "passed" in context && !context.passed) {
    await window.screenshot(`failed ${context.name}`);
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
