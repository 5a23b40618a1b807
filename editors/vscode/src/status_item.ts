/** The item in the status bar, and the list that it opens. Told of changes; asks only where somebody looks. */

import * as vscode from "vscode";
import { STATUS, type Status } from "./protocol.ts";
import { plain } from "./rows.ts";
import type { Life, Server } from "./server.ts";
import { modelLine, rootLine, type Sign, signOf } from "./status_text.ts";

const SIGNS: Record<Exclude<Life, "running">, Sign> = {
  stopped: { icon: "circle-slash", text: "Funcseek", isProblem: false },
  missing: { icon: "error", text: "Funcseek", isProblem: true },
  starting: { icon: "sync~spin", text: "Funcseek", isProblem: false },
  waiting: { icon: "sync~spin", text: "Funcseek", isProblem: false },
  broken: { icon: "error", text: "Funcseek", isProblem: true },
};

const TOLD: Record<Exclude<Life, "running">, string> = {
  stopped: "The server is stopped.",
  missing: "The server program is not found.",
  starting: "The server is starting.",
  waiting: "The server ended and is being started again.",
  broken: "The server cannot be started; see the log.",
};

export class StatusItem implements vscode.Disposable {
  private readonly server: Server;
  private readonly item = vscode.window.createStatusBarItem("funcseek.status", vscode.StatusBarAlignment.Right);
  private readonly events: vscode.Disposable[];

  constructor(server: Server) {
    this.server = server;
    this.item.name = "Funcseek";
    this.item.command = "funcseek.showStatus";
    this.events = [
      server.onDidChangeLife((life) => this.showLife(life)),
      server.onDidChangeStatus((status) => this.showStatus(status)),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.events, this.item).dispose();
  }

  private showLife(life: Life): void {
    if (life === "running") {
      void this.refresh();
    } else {
      this.draw(SIGNS[life], [TOLD[life]]);
    }
  }

  /** Ask once; from then on the server tells. */
  private async refresh(): Promise<void> {
    try {
      this.showStatus(await this.server.ask<Status>(STATUS, undefined));
    } catch (error) {
      this.draw({ icon: "warning", text: "Funcseek", isProblem: true }, [sentence(error)]);
    }
  }

  private showStatus(status: Status): void {
    this.draw(signOf(status), [...status.roots.map((root) => `${root.root}: ${rootLine(root)}`), modelLine(status)]);
  }

  private draw(sign: Sign, lines: readonly string[]): void {
    this.item.text = `$(${sign.icon}) ${sign.text}`;
    this.item.tooltip = lines.join("\n");
    this.item.accessibilityInformation = { label: `${sign.text}: ${lines.join(", ")}` };
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
