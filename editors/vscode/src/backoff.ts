/** How long to wait before a server that ended by itself is started again. Starts nothing and keeps no time. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A server that ran this long has not failed for the reason it failed before. */
const HEALTHY_MS = 60_000;
/** With these waits a server that cannot run has been tried for about half a minute. */
const TRIES = 6;

export class Backoff {
  private failures = 0;
  private startedMs = 0;

  /** Remember when a server was started. */
  started(nowMs: number): void {
    this.startedMs = nowMs;
  }

  /** Return the wait before the next start; undefined where it is time to give up. */
  failed(nowMs: number): number | undefined {
    if (nowMs - this.startedMs >= HEALTHY_MS) {
      this.failures = 0;
    }
    this.failures += 1;
    return this.failures > TRIES ? undefined : Math.min(FIRST_MS * 2 ** (this.failures - 1), LONGEST_MS);
  }

  /** Forget all failures: somebody asked for a start. */
  reset(): void {
    this.failures = 0;
  }
}
