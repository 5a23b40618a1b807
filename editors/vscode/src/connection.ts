/** One connection to one server process, as vscode-languageclient makes it. Decides nothing about starting it again. */

import { homedir } from "node:os";
import type * as vscode from "vscode";
import {
  type ClientCapabilities,
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import { SHOW_SIMILAR } from "./protocol.ts";

const ID = "funcseek";
const NAME = "Funcseek";
const NOTEBOOK = "jupyter-notebook";

/** A client that shows no notification of its own: what goes wrong is said once, by whoever starts it. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Tells the server which command of ours it may offer, and that the state is shown. */
const ownCapabilities: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const own = { commands: { commands: [SHOW_SIMILAR] }, funcseek: { statusChanged: true } };
    capabilities.experimental = { ...capabilities.experimental, ...own };
  },
  initialize(): void {},
  getState: () => ({ kind: "static" }),
  clear(): void {},
};

/** Return a client of a program, not started yet; `closed` is called where the process ends by itself. */
export function connectionTo(program: string, log: vscode.LogOutputChannel, closed: () => void): LanguageClient {
  const options: LanguageClientOptions = {
    // Every language: the server knows best which files hold functions. The cells of a notebook are named for what is
    // offered in them; their text is told of by the notebook only.
    documentSelector: [{ scheme: "file" }, { scheme: "untitled" }, { notebook: NOTEBOOK }],
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        closed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
  // Not in the workspace's folder, from which some systems would load code.
  const run = { command: program, args: ["lsp"], options: { cwd: homedir() } };
  const client = new QuietClient(ID, NAME, run, options);
  client.registerFeature(ownCapabilities);
  return client;
}
