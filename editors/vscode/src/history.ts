/** The queries of one workspace, newest first. */

/** More are not looked through by anybody. */
const MOST = 30;
const KEY = "funcseek.queries";

/** Where the queries are kept; VS Code's `Memento` is one. */
export interface Memory {
  get(key: string, otherwise: readonly string[]): readonly string[];
  update(key: string, value: readonly string[]): Thenable<void>;
}

export class History {
  private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /** All queries, the last one first. */
  get queries(): readonly string[] {
    return this.memory.get(KEY, []);
  }

  /** Put a query first; blank ones are not kept. */
  async add(query: string): Promise<void> {
    const kept = query.trim();
    if (kept) {
      await this.memory.update(KEY, [kept, ...this.without(kept)].slice(0, MOST));
    }
  }

  async forget(query: string): Promise<void> {
    await this.memory.update(KEY, this.without(query));
  }

  private without(query: string): string[] {
    return this.queries.filter((one) => one !== query);
  }
}
