/** Waits for a state, looking again and again; fails with what was seen last. */

/** Far beyond what anything takes on a busy machine, so that a test fails instead of hanging. */
const PATIENCE_MS = Number(process.env["PATIENCE_MS"] ?? 60_000);
const PAUSE_MS = 50;

/** Return what `look` returns once that is true of it, as `holds` says. */
export async function until<Seen>(
  what: string,
  look: () => Promise<Seen> | Seen,
  holds: (seen: Seen) => boolean = Boolean,
): Promise<Seen> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (holds(seen)) {
      return seen;
    }
    if (Date.now() > deadline) {
      throw new Error(`Never came true: ${what}. Seen last: ${JSON.stringify(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
