/** A reranking server on this machine that likes what it is told to: the one that the tests of the index have. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { BIN } from "./funcseek.ts";

const TOP = path.resolve(import.meta.dirname, "../../..");

export class Judge {
  readonly address: string;
  private readonly process: ChildProcess;

  private constructor(address: string, process: ChildProcess) {
    this.address = address;
    this.process = process;
  }

  /** Start one; `liked` are texts with what a function scores that holds them, from 0 to 1. */
  static async start(liked: Readonly<Record<string, number>>): Promise<Judge> {
    const command = ["-m", "tests.index.endpoint_server", "0"];
    const child = spawn(path.join(BIN, "python"), command, { cwd: TOP, stdio: ["ignore", "pipe", "inherit"] });
    const [port] = await once(createInterface(child.stdout), "line");
    const judge = new Judge(`http://127.0.0.1:${port}`, child);
    await fetch(`${judge.address}/plan`, { method: "POST", body: JSON.stringify({ liked }) });
    return judge;
  }

  stop(): void {
    this.process.kill();
  }
}
