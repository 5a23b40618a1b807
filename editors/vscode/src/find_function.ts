/**
 * "Find Function by Description…": searches as you type, and offers what was searched before. Where the user has it
 * reranked, that is a second question about the same query, asked once the typing rests.
 */

import * as vscode from "vscode";
import type { History } from "./history.ts";
import { HitPicker, type PickerRow, problemRow } from "./hit_picker.ts";
import { Inquiry } from "./inquiry.ts";
import { placeOf } from "./places.ts";
import { type Answer, SEARCH } from "./protocol.ts";
import { notes, rowsOf } from "./rows.ts";
import type { Server } from "./server.ts";

/**
 * Waited after a keystroke. An answer takes some 30 ms and a new key drops the older question, so this need only keep
 * the keys apart that come at once, such as those of a chord or of a paste.
 */
const PAUSE_MS = 40;

/** Waited before the same query is asked again of an index that has changed: rows must not flicker. */
const REFRESH_MS = 500;

/** Waited after an answer before it is reranked: who types on wants no model to read thirty functions at every word. */
const RERANK_MS = 400;

const FORGET: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("close"), tooltip: "Forget Query" };

export function findFunction(server: Server, history: History): void {
  new Search(server, history).open();
}

class Search {
  private readonly server: Server;
  private readonly history: History;
  private readonly picker = new HitPicker({
    title: "Find Function by Description",
    placeholder: "What does the function do? Plain words, or its name",
    isFilter: false,
  });
  private readonly inquiry: Inquiry<Answer>;
  private readonly second: Inquiry<Answer>;
  /** The query that was answered twice; where it is asked again, both answers are asked for at once. */
  private settledQuery: string | undefined;
  /** What is typed, kept because VS Code empties the field of a picker that closes. */
  private query = "";
  private answeredQuery: string | undefined;

  constructor(server: Server, history: History) {
    this.server = server;
    this.history = history;
    this.inquiry = new Inquiry({
      ask: (query, signal) => this.ask(query, query === this.settledQuery, signal),
      answered: (query, answer) => this.answered(query, answer),
      failed: (_, error) => this.picker.set([problemRow(error)]),
    });
    this.second = new Inquiry({
      ask: (query, signal) => this.ask(query, true, signal),
      answered: (query, answer) => this.reranked(query, answer),
      // The first answer stands. Whatever is wrong with the server, the next question shows.
      failed: () => undefined,
    });
  }

  open(): void {
    const { input } = this.picker;
    const following = this.server.onDidChangeStatus(() => this.refresh());
    input.onDidChangeValue((value) => this.put(value, PAUSE_MS));
    input.onDidHide(() => {
      following.dispose();
      this.closed();
    });
    // VS Code selects what is in the field when it opens, so that typing replaces it.
    input.value = this.history.queries[0] ?? "";
    this.picker.show();
    this.put(input.value, 0);
  }

  private ask(query: string, rerank: boolean, signal: AbortSignal): Promise<Answer> {
    return this.server.ask<Answer>(SEARCH, { query, rerank }, signal);
  }

  private put(value: string, pauseMs: number): void {
    this.query = value;
    this.settledQuery = undefined;
    // At each key VS Code makes the first row the active one, so that what is typed again is answered as if new.
    this.answeredQuery = undefined;
    this.second.cancel();
    if (value.trim()) {
      this.picker.expect();
    } else {
      this.picker.set(this.pastQueries());
    }
    this.inquiry.put(value, pauseMs);
  }

  /** The index has changed: the rows may be out of date. */
  private refresh(): void {
    if (!this.inquiry.isPending) {
      this.inquiry.put(this.query, REFRESH_MS);
    }
  }

  /** An empty query finds nothing, but its answer tells how complete the index is. */
  private answered(query: string, answer: Answer): void {
    const again = query === this.answeredQuery;
    this.answeredQuery = query;
    if (query.trim()) {
      this.picker.set(this.rows(query, answer), again);
      // One that is under way is not begun again: while files are read, the first question is asked twice a second.
      if (query !== this.settledQuery && !this.second.isPending && isReranking()) {
        this.second.put(query, RERANK_MS);
      }
    } else if (notes(answer).length > 0) {
      this.picker.set([...this.pastQueries(), ...this.picker.rows(notes(answer))], again);
    }
  }

  /** The same question, reranked: its rows take the place of the first ones where they differ. */
  private reranked(query: string, answer: Answer): void {
    this.settledQuery = query;
    this.picker.set(this.rows(query, answer), true);
  }

  private rows(query: string, answer: Answer): PickerRow[] {
    return this.picker.rows(rowsOf(answer, query, placeOf));
  }

  private pastQueries(): PickerRow[] {
    return this.history.queries.map((query) => ({
      label: `$(history) ${query}`,
      alwaysShow: true,
      buttons: [FORGET],
      accept: () => this.repeat(query),
      press: () => this.forget(query),
    }));
  }

  private repeat(query: string): void {
    this.picker.input.value = query;
    this.put(query, 0);
  }

  private async forget(query: string): Promise<void> {
    await this.history.forget(query);
    this.put("", 0);
  }

  private closed(): void {
    this.inquiry.cancel();
    this.second.cancel();
    void this.history.add(this.query);
  }
}

/** Whether the user has answers reranked; the server says so where no reranker is chosen. */
function isReranking(): boolean {
  return vscode.workspace.getConfiguration("funcseek").get("rerank", false);
}
