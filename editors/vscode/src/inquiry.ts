/**
 * One question at a time, asked while it is typed: waits for a pause, drops the older question, and lets no late answer
 * overwrite a newer one. Knows neither VS Code nor what is asked.
 */

/** How an inquiry is asked and where its outcome goes. */
export interface Course<Answer> {
  ask(query: string, signal: AbortSignal): Promise<Answer>;
  answered(query: string, answer: Answer): void;
  failed(query: string, error: unknown): void;
}

export class Inquiry<Answer> {
  private readonly course: Course<Answer>;
  private current: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(course: Course<Answer>) {
    this.course = course;
  }

  /** Say whether an answer is still to come. */
  get isPending(): boolean {
    return this.current !== undefined;
  }

  /** Ask after a pause; what was asked before is cancelled now. */
  put(query: string, pauseMs: number): void {
    this.cancel();
    const own = new AbortController();
    this.current = own;
    this.timer = setTimeout(() => this.send(query, own), pauseMs);
  }

  /** Drop the question that is open. */
  cancel(): void {
    clearTimeout(this.timer);
    this.current?.abort();
    this.current = undefined;
  }

  private async send(query: string, own: AbortController): Promise<void> {
    let outcome: () => void;
    try {
      const answer = await this.course.ask(query, own.signal);
      outcome = () => this.course.answered(query, answer);
    } catch (error) {
      outcome = () => this.course.failed(query, error);
    }
    if (this.current === own) {
      this.current = undefined;
      outcome();
    }
  }
}
