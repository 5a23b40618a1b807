/**
 * What a picker shows of an answer, as plain text and in the server's order. Knows no VS Code; decides nothing about what
 * is found.
 */

import type { Answer, Coverage, Item, Likeness } from "./protocol.ts";

/** A function; `item` is what was found. */
export interface HitRow {
  readonly type: "hit";
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly item: Item;
}

/** A sentence, with the name of its icon. */
export interface NoteRow {
  readonly type: "note";
  readonly icon: string;
  readonly label: string;
}

/** The name of the group that follows. */
export interface GroupRow {
  readonly type: "group";
  readonly label: string;
}

export type Row = HitRow | NoteRow | GroupRow;

/** What is seen of a row, here or in a picker, and where it leads. */
interface Seen {
  readonly label: string;
  readonly description?: string | undefined;
  readonly detail?: string | undefined;
  readonly item?: Item | undefined;
}

/** Names a function's place as the user knows it: `path:line`. */
export type PlaceOf = (item: Item) => string;

/** More copies than these are counted only, as on the command line. */
const SHOWN_ALSO = 3;

const GROUPS: Record<Likeness, string> = {
  duplicate: "the same code",
  "near-duplicate": "nearly the same code",
  related: "related",
};

const ICONS: Record<string, string> = {
  method: "symbol-method",
  destructor: "symbol-method",
  accessor: "symbol-property",
  constructor: "symbol-constructor",
  operator: "symbol-operator",
  macro: "symbol-constant",
  test: "beaker",
};

/** Return the rows of an answer: what is to be known of it, then the functions; a list shows seven or so at once. */
export function rowsOf(answer: Answer, query: string, placeOf: PlaceOf): Row[] {
  return [...notes(answer), ...verdict(answer, query), ...hitRows(answer.items, placeOf)];
}

/** Say whether two lists of rows look the same and lead to the same places. */
export function areAlike(some: readonly Seen[], others: readonly Seen[]): boolean {
  return some.length === others.length && some.every((row, index) => look(row) === look(others[index]));
}

function look(row: Seen | undefined): string {
  return JSON.stringify([row?.label, row?.description, row?.detail, row?.item?.range, row?.item?.selectionRange]);
}

/** Return what an answer says besides its functions: its notices, and how much of the index is there. */
export function notes(answer: Answer): NoteRow[] {
  const told = answer.notices.map((notice): NoteRow => ({ type: "note", icon: "info", label: plain(notice) }));
  const coverage = answer.model === null ? undefined : coverageText(answer.coverage);
  return coverage === undefined ? told : [...told, { type: "note", icon: "pie-chart", label: coverage }];
}

/** Say how complete the index is; undefined where it is. */
export function coverageText({ functions, embedded, pendingFiles }: Coverage): string | undefined {
  if (embedded >= functions && pendingFiles === 0) {
    return undefined;
  }
  const files = pendingFiles ? `, ${counted(pendingFiles, "file")} to read` : "";
  return `Index ${percent(embedded, functions)} %: ${embedded} of ${counted(functions, "function")}${files}`;
}

/** Return a share as a whole percentage, 100 only where nothing is left. */
export function percent(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor((100 * done) / total);
}

export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Return a text that shows as it is: VS Code draws `$(name)` as an icon. */
export function plain(text: string): string {
  return text.replace(/\$\(/g, "\\$(");
}

function verdict(answer: Answer, query: string): NoteRow[] {
  if (answer.items.length === 0) {
    return query.trim() ? [{ type: "note", icon: "circle-slash", label: "No function found" }] : [];
  }
  return answer.isConfident ? [] : [{ type: "note", icon: "question", label: "No good match; the nearest:" }];
}

function hitRows(items: readonly Item[], placeOf: PlaceOf): Row[] {
  return items.flatMap((item, index): Row[] => {
    const likeness = item.likeness;
    const isNew = likeness !== undefined && likeness !== items[index - 1]?.likeness;
    const hit = hitRow(item, placeOf);
    return isNew ? [{ type: "group", label: GROUPS[likeness] ?? likeness }, hit] : [hit];
  });
}

function hitRow(item: Item, placeOf: PlaceOf): HitRow {
  return {
    type: "hit",
    label: `$(${ICONS[item.kind] ?? "symbol-function"}) ${plain(item.qualifiedName || item.name || item.kind)}`,
    description: plain([placeOf(item), ...marks(item)].join(" · ")),
    detail: plain([item.detail || item.signature, alsoText(item)].filter(Boolean).join(" — ")),
    item,
  };
}

function marks(item: Item): string[] {
  const told: [boolean, string][] = [
    [item.isTest, "test"],
    [item.isDeclaration, "declaration"],
    [item.isGenerated, "generated"],
    [item.isStale, "just changed"],
  ];
  return told.filter(([holds]) => holds).map(([, mark]) => mark);
}

function alsoText({ also }: Item): string {
  if (!also?.length) {
    return "";
  }
  const shown = also.slice(0, SHOWN_ALSO).map(({ path, line, cell }) => {
    return cell === undefined ? `${path}:${line}` : `${path} cell ${cell + 1}:${line}`;
  });
  const left = also.length - shown.length;
  return `also ${[...shown, ...(left ? [`${left} more`] : [])].join(", ")}`;
}
