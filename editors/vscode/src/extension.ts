/** Wires commands, status and server together when VS Code has started. Waits for nothing, so that no start is slowed. */

import * as vscode from "vscode";
import { findFunction } from "./find_function.ts";
import { findSimilar, spotIn } from "./find_similar.ts";
import { History } from "./history.ts";
import { openedPicker } from "./hit_picker.ts";
import { PAUSE, REINDEX, RESUME, SHOW_SIMILAR, type Spot } from "./protocol.ts";
import { Server } from "./server.ts";
import { StatusItem, showStatus } from "./status_item.ts";
import { Warnings } from "./warnings.ts";

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Funcseek", { log: true });
  server = new Server(log);
  context.subscriptions.push(
    log,
    server,
    new StatusItem(server),
    new Warnings(server, context.extensionUri),
    vscode.workspace.onDidChangeConfiguration(
      (change) => change.affectsConfiguration("funcseek.path") && server?.restart(),
    ),
    ...commands(server, new History(context.workspaceState), log),
  );
  void server.start();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

/** The ids differ from those that the server offers itself, which the client registers. */
function commands(running: Server, history: History, log: vscode.LogOutputChannel): vscode.Disposable[] {
  const actions: Record<string, (...given: never[]) => unknown> = {
    "funcseek.findFunction": () => findFunction(running, history),
    "funcseek.findSimilar": () => similarToActive(running),
    [SHOW_SIMILAR]: (spot: Spot) => findSimilar(running, spot),
    "funcseek.rebuildIndex": () => tell(running, REINDEX),
    "funcseek.pauseIndexing": () => tell(running, PAUSE),
    "funcseek.resumeIndexing": () => tell(running, RESUME),
    "funcseek.showStatus": () => showStatus(running),
    "funcseek.restartServer": () => running.restart(),
    "funcseek.showLog": () => log.show(),
    "funcseek.openToSide": () => openedPicker()?.openToSide(),
    "funcseek.copyReference": () => openedPicker()?.copyReference(),
  };
  return Object.entries(actions).map(([id, action]) => vscode.commands.registerCommand(id, action));
}

async function similarToActive(running: Server): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor) {
    await findSimilar(running, spotIn(editor));
  } else {
    void vscode.window.showInformationMessage("Put the cursor into a function first; similar ones are looked for.");
  }
}

/** Have the server do something with all folders; what comes of it is seen in the status bar. */
async function tell(running: Server, request: string): Promise<void> {
  try {
    await running.ask(request, {});
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
