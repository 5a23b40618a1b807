/** The item in the status bar, and the list that it opens. It is told of changes and asks for nothing; the list asks once. */

import * as vscode from "vscode";
import { STATUS, type Status, type StatusLine } from "./protocol.ts";
import { plain } from "./rows.ts";
import type { Life, Server } from "./server.ts";
import { modelLine, rootLine, type Sign, signOf } from "./status_text.ts";

/** A server that runs is shown as starting until it tells how its folders are. */
const SIGNS: Record<Life, Sign & { readonly told: string }> = {
  stopped: { icon: "circle-slash", text: "Funcseek", isProblem: false, told: "The server is stopped." },
  missing: { icon: "error", text: "Funcseek", isProblem: true, told: "The server program is not found." },
  starting: { icon: "sync~spin", text: "Funcseek", isProblem: false, told: "The server is starting." },
  running: { icon: "search", text: "Funcseek", isProblem: false, told: "The server runs." },
  waiting: {
    icon: "sync~spin",
    text: "Funcseek",
    isProblem: false,
    told: "The server ended and is being started again.",
  },
  broken: { icon: "error", text: "Funcseek", isProblem: true, told: "The server cannot be started; see the log." },
};

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("funcseek.status", vscode.StatusBarAlignment.Right);
  private readonly events: vscode.Disposable[];

  constructor(server: Server) {
    this.item.name = "Funcseek";
    this.item.command = "funcseek.showStatus";
    this.events = [
      server.onDidChangeLife((life) => this.draw(SIGNS[life], SIGNS[life].told)),
      server.onDidChangeStatus((line: StatusLine) => this.draw(signOf(line), line.message)),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.events, this.item).dispose();
  }

  private draw(sign: Sign, told: string): void {
    this.item.text = `$(${sign.icon}) ${sign.text}`;
    this.item.tooltip = told;
    this.item.accessibilityInformation = { label: `${sign.text}: ${told}` };
    this.item.backgroundColor = sign.isProblem ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.item.show();
  }
}

/** "Show Status": what every root is doing, as a list that a keyboard and a screen reader can walk. */
export async function showStatus(server: Server): Promise<void> {
  const rows = server.ask<Status>(STATUS, undefined).then(statusRows, (error) => [{ label: sentence(error) }]);
  const chosen = await vscode.window.showQuickPick<StatusRow>(rows, {
    title: "Funcseek Status",
    placeHolder: "Enter opens what a row names",
  });
  chosen?.open?.();
}

interface StatusRow extends vscode.QuickPickItem {
  readonly open?: () => void;
}

function statusRows(status: Status): StatusRow[] {
  return [
    ...status.roots.map((root) => ({
      label: `$(folder) ${plain(root.root || root.uri)}`,
      detail: plain(rootLine(root)),
      open: () => void vscode.commands.executeCommand("revealInExplorer", vscode.Uri.parse(root.uri)),
    })),
    { label: `$(symbol-namespace) ${plain(modelLine(status))}` },
    {
      label: `$(output) Log of the service`,
      detail: plain(status.log),
      open: () => void vscode.window.showTextDocument(vscode.Uri.file(status.log)),
    },
    { label: `$(versions) Funcseek ${plain(status.version)}` },
  ];
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
