/**
 * What is said between the extension and the language server, as `editors/README.md` describes it.
 *
 * The only definition of the wire here; knows no VS Code.
 */

export const SEARCH = "funcseek/search";
export const SIMILAR = "funcseek/similar";
export const STATUS = "funcseek/status";
export const STATUS_CHANGED = "funcseek/statusChanged";
export const REINDEX = "funcseek/reindex";
export const PAUSE = "funcseek/pause";
export const RESUME = "funcseek/resume";

/** The command of ours that the server may put into code actions and code lenses. */
export const SHOW_SIMILAR = "funcseek.showSimilar";

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Where a cursor is; a range stands for all functions in it. */
export interface Spot {
  readonly textDocument: { readonly uri: string };
  readonly position?: Position;
  readonly range?: Range;
}

/**
 * Another place of the same function: a copy, or one of its name in its file. `line` counts from 1; in a notebook that is
 * open, in the cell, which counts from 0.
 */
export interface Also {
  readonly path: string;
  readonly line: number;
  readonly signature: string;
  readonly cell?: number;
}

/** The cell that holds a function: `index` counts all cells of the notebook from 0, both ranges are in the cell. */
export interface Cell {
  readonly notebook: string;
  readonly index: number;
  readonly range: Range;
  readonly selectionRange: Range;
}

export type Likeness = "duplicate" | "near-duplicate" | "related";

export interface Item {
  readonly name: string;
  readonly qualifiedName: string;
  readonly kind: string;
  readonly language: string;
  readonly signature: string;
  readonly detail: string;
  readonly isDeclaration: boolean;
  readonly isTest: boolean;
  readonly isGenerated: boolean;
  readonly uri: string;
  readonly range: Range;
  readonly selectionRange: Range;
  readonly isStale: boolean;
  readonly confidence?: number;
  readonly likeness?: Likeness;
  readonly also?: readonly Also[];
  /** In a notebook; `uri` and its ranges are then the cell's where it is open, else in the JSON of its file. */
  readonly cell?: Cell;
}

export interface Coverage {
  readonly functions: number;
  readonly embedded: number;
  readonly pendingFiles: number;
}

export interface Answer {
  readonly items: readonly Item[];
  readonly coverage: Coverage;
  /** The model's name; null where search goes by words. */
  readonly model: string | null;
  /** The model that put the first items in order, where that was asked for and done. */
  readonly reranker: string | null;
  readonly isConfident: boolean;
  readonly notices: readonly string[];
}

export type Phase = "opening" | "scanning" | "embedding" | "paused" | "ready" | "gone" | "failed";

export interface Root {
  readonly uri: string;
  readonly root: string;
  readonly phase: Phase;
  readonly files: number;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly functions: number;
  readonly embedded: number;
  readonly pendingFiles: number;
  readonly etaSeconds: number | null;
  readonly throttled: string | null;
  readonly watchProblem: string | null;
  readonly problem: string | null;
}

export interface Status {
  readonly version: string;
  readonly log: string;
  readonly model: string | null;
  readonly modelProblem: string | null;
  readonly roots: readonly Root[];
}

/** The state of all folders together, as `funcseek/statusChanged` tells it; `message` is one sentence. */
export interface StatusLine {
  readonly health: "ok" | "warning" | "error";
  /** Whether nothing is being read or embedded. */
  readonly quiescent: boolean;
  readonly message: string;
  readonly functions: number;
  readonly embedded: number;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly isPaused: boolean;
}
