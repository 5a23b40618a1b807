/**
 * The server's life: found, started, started again after a crash, stopped. One thing at a time, in the order asked for.
 *
 * Tells others what happens through events; shows nothing itself.
 */

import { homedir } from "node:os";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { Backoff } from "./backoff.ts";
import { candidates, findProgram } from "./program.ts";
import { STATUS_CHANGED, type StatusLine } from "./protocol.ts";

/**
 * `missing`: there is no program. `broken`: it ended again and again, and is not started any more. `waiting`: it ended
 * and is about to be started again.
 */
export type Life = "stopped" | "missing" | "starting" | "running" | "waiting" | "broken";

const UNAVAILABLE: Record<Exclude<Life, "running">, string> = {
  stopped: "The server is stopped; run “Funcseek: Restart Server”.",
  missing: "The server program is not found; install funcseek, or set “funcseek.path” in your settings.",
  starting: "The server is starting.",
  waiting: "The server ended and is being started again.",
  broken: "The server ended again and again; its log says why. Run “Funcseek: Restart Server” to try again.",
};

export class Server implements vscode.Disposable {
  private readonly log: vscode.LogOutputChannel;
  private readonly backoff = new Backoff();
  private readonly lifeChanged = new vscode.EventEmitter<Life>();
  private readonly statusChanged = new vscode.EventEmitter<StatusLine>();
  readonly onDidChangeLife = this.lifeChanged.event;
  readonly onDidChangeStatus = this.statusChanged.event;
  private client: LanguageClient | undefined;
  private life: Life = "stopped";
  private queue: Promise<void> = Promise.resolve();
  private retry: NodeJS.Timeout | undefined;

  constructor(log: vscode.LogOutputChannel) {
    this.log = log;
  }

  start(): Promise<void> {
    return this.inTurn(() => this.bringUp());
  }

  /** Stop the server, if there is one, and start it as somebody who asks for it expects: at once. */
  restart(): Promise<void> {
    this.backoff.reset();
    return this.inTurn(async () => {
      await this.takeDown();
      await this.bringUp();
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.takeDown());
  }

  /** Ask the server; throws an Error whose message is a sentence to show. A server that waits is started now. */
  async ask<Answer>(method: string, params: object | undefined, signal?: AbortSignal): Promise<Answer> {
    await (this.life === "waiting" ? this.start() : this.queue);
    if (this.client === undefined) {
      throw new Error(UNAVAILABLE[this.life === "running" ? "waiting" : this.life]);
    }
    const source = new vscode.CancellationTokenSource();
    const cancel = () => source.cancel();
    signal?.addEventListener("abort", cancel);
    try {
      return await this.client.sendRequest<Answer>(method, params, source.token);
    } finally {
      signal?.removeEventListener("abort", cancel);
      source.dispose();
    }
  }

  dispose(): void {
    clearTimeout(this.retry);
    this.lifeChanged.dispose();
    this.statusChanged.dispose();
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error) => this.log.error(error));
    return this.queue;
  }

  private async bringUp(): Promise<void> {
    clearTimeout(this.retry);
    if (this.client !== undefined) {
      return;
    }
    const program = await this.program();
    if (program === undefined) {
      this.become("missing");
      return;
    }
    this.log.info(`Starting ${program}`);
    this.become("starting");
    this.backoff.started(Date.now());
    await this.connect(program);
  }

  private async connect(program: string): Promise<void> {
    let closed = (): void => {};
    const ending = new Promise<never>((_, reject) => {
      closed = () => reject(new Error("The server ended before it answered."));
    });
    // Only now: evaluating the library takes most of the time of an activation, which a window waits for.
    const { connectionTo } = await import("./connection.ts");
    const client = connectionTo(program, this.log, () => {
      closed();
      this.ended(client);
    });
    const startedMs = Date.now();
    client.onNotification(STATUS_CHANGED, (status: StatusLine) => this.statusChanged.fire(status));
    try {
      await Promise.race([client.start(), ending]);
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
      this.planRetry();
      return;
    }
    this.log.info(`The server answered initialize after ${Date.now() - startedMs} ms`);
    this.client = client;
    this.become("running");
  }

  /** The process of a running client has ended by itself. */
  private ended(client: LanguageClient): void {
    if (this.client === client) {
      this.client = undefined;
      this.log.warn("The server ended");
      this.planRetry();
    }
  }

  private planRetry(): void {
    const waitMs = this.backoff.failed(Date.now());
    this.become(waitMs === undefined ? "broken" : "waiting");
    if (waitMs !== undefined) {
      this.log.info(`Starting it again in ${waitMs} ms`);
      this.retry = setTimeout(() => this.start(), waitMs);
    }
  }

  private async takeDown(): Promise<void> {
    clearTimeout(this.retry);
    const client = this.client;
    this.client = undefined;
    this.become("stopped");
    try {
      await client?.dispose();
    } catch (error) {
      this.log.warn(`The server did not stop as asked: ${String(error)}`);
    }
  }

  private program(): Promise<string | undefined> {
    const setting = vscode.workspace.getConfiguration("funcseek").get("path", "");
    const machine = { env: process.env, home: homedir(), platform: process.platform };
    return findProgram(candidates(setting, machine));
  }

  private become(life: Life): void {
    this.life = life;
    this.lifeChanged.fire(life);
  }
}
