/** One window of VS Code, with a user's verbs. */

import * as path from "node:path";
import type { SuiteContext, TestContext } from "node:test";
import { Screen, type SeenRow, type SeenTab } from "./screen.ts";
import { until } from "./until.ts";

const FIND = "Find Function by Description";
const SIMILAR = "Similar Functions";
const OURS = new Set([FIND, SIMILAR]);

export class Window extends Screen {
  /** What was open before our picker, where a verb of this class has opened it. */
  private tabsBefore: SeenTab[] | undefined;

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
    await until(
      "the palette is open",
      () => this.fieldValue(),
      (value) => value === ">",
    );
    await this.page.keyboard.insertText(title);
    await this.settleOn(title);
    await this.press("Enter");
  }

  /** Make a row of the list the active one. It must be so twice: rows of what was typed before may still be there. */
  private async settleOn(label: string): Promise<void> {
    let wasActive = false;
    await until(`${label} is the active row`, async () => {
      const rows = await this.rows();
      const wanted = rows.findIndex((row) => row.label === label);
      const active = rows.findIndex((row) => row.isActive);
      const isActive = wanted >= 0 && wanted === active;
      if (wanted >= 0 && active >= 0 && !isActive) {
        await this.press(active < wanted ? "ArrowDown" : "ArrowUp");
      }
      const isSettled = isActive && wasActive;
      wasActive = isActive;
      return isSettled;
    });
  }

  /** Close everything that a test before has left open. */
  async clear(): Promise<void> {
    await this.escape();
    await this.closeAll();
  }

  async closeAll(): Promise<void> {
    await this.command("View: Close All Editors");
    await this.tabsAre([]);
  }

  /** Wait until these tabs are open, and no others. */
  async tabsAre(names: readonly string[]): Promise<void> {
    await until(
      `the tabs are ${JSON.stringify(names)}`,
      () => this.tabs(),
      (tabs) => tabs.length === names.length && tabs.every((tab, place) => tab.name === names[place]),
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

  /** Have the field hold one text after the other, faster than any key is pressed. */
  async retype(...texts: readonly string[]): Promise<void> {
    await this.page.locator(".quick-input-widget .quick-input-filter input").evaluate((field, wanted) => {
      for (const text of wanted) {
        (field as HTMLInputElement).value = text;
        field.dispatchEvent(new Event("input"));
      }
    }, texts);
  }

  /** Press a button of the active row, by the beginning of its label. */
  async button(label: string): Promise<void> {
    await this.page.locator(`.quick-input-list .monaco-list-row.focused a[aria-label^="${label}"]`).click();
  }

  /** Leave the list that is open, if there is one; if it is ours, wait until the tabs are those of before. */
  async escape(): Promise<void> {
    if (await this.isPicking()) {
      const titles = await this.page.locator(".quick-input-title:visible").allTextContents();
      await this.leave();
      const before = JSON.stringify(this.tabsBefore);
      if (this.tabsBefore && titles.some((title) => OURS.has(title))) {
        await until(
          "the tabs are those of before",
          () => this.tabs(),
          (tabs) => JSON.stringify(tabs) === before,
        );
      }
    }
    this.tabsBefore = undefined;
  }

  /** Press Escape, and wait until no list is open: what is pressed next must not reach this one. */
  async leave(): Promise<void> {
    await this.press("Escape");
    await this.listIsGone();
  }

  /** Wait until no list is open. */
  async listIsGone(): Promise<void> {
    await until(
      "no list is open",
      () => this.isPicking(),
      (isPicking) => !isPicking,
    );
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

  /** Press a button of a notification. */
  async answer(label: string): Promise<void> {
    await this.page.locator(".notifications-toasts .monaco-button", { hasText: label }).click();
  }

  /** Open a progress of the status bar and cancel it. */
  async cancelProgress(title: string): Promise<void> {
    await this.page.locator(".statusbar-item a", { hasText: title }).click();
    await this.page
      .locator(".notification-list-item", { hasText: title })
      .locator(".monaco-button", { hasText: "Cancel" })
      .click();
  }
}

/** Keep a picture of what a test that failed left behind. */
export async function keepFailure(window: Window, context: TestContext | SuiteContext): Promise<void> {
  if (context.name && "passed" in context && !context.passed) {
    await window.screenshot(`failed ${context.name}`);
  }
}
