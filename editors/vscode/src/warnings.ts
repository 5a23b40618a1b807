/** The two things worth a notification: there is no server, or it cannot run. One at a time, with the way out on it. */

import * as vscode from "vscode";
import type { Life, Server } from "./server.ts";

const HOW = "How to Install";
const SET = "Set Path";
const AGAIN = "Look Again";
const LOG = "Show Log";
const RESTART = "Restart";

export class Warnings implements vscode.Disposable {
  private readonly extension: vscode.Uri;
  private readonly server: Server;
  private readonly event: vscode.Disposable;
  private isShown = false;

  constructor(server: Server, extension: vscode.Uri) {
    this.server = server;
    this.extension = extension;
    this.event = server.onDidChangeLife((life) => void this.warn(life));
  }

  dispose(): void {
    this.event.dispose();
  }

  private async warn(life: Life): Promise<void> {
    if (this.isShown || (life !== "missing" && life !== "broken")) {
      return;
    }
    this.isShown = true;
    try {
      await (life === "missing" ? this.missing() : this.broken());
    } finally {
      this.isShown = false;
    }
  }

  private async missing(): Promise<void> {
    const setting = vscode.workspace.getConfiguration("funcseek").get("path", "");
    const where = setting
      ? `there is no program at “${setting}”`
      : "no funcseek program is on PATH or where pipx and uv install";
    const chosen = await vscode.window.showErrorMessage(`Funcseek cannot search: ${where}.`, HOW, SET, AGAIN);
    if (chosen === HOW) {
      await vscode.commands.executeCommand("markdown.showPreview", await this.readme());
    } else if (chosen === SET) {
      // It is a machine's: where the extension runs on another one, its settings are a page of their own.
      const page = vscode.env.remoteName ? "openRemoteSettings" : "openSettings";
      await vscode.commands.executeCommand(`workbench.action.${page}`, { query: "funcseek.path" });
    } else if (chosen === AGAIN) {
      this.isShown = false;
      await this.server.restart();
    }
  }

  /** Packaging writes the name in small letters. */
  private async readme(): Promise<vscode.Uri> {
    const files = await vscode.workspace.fs.readDirectory(this.extension);
    const name = files.map(([file]) => file).find((file) => file.toLowerCase() === "readme.md");
    return vscode.Uri.joinPath(this.extension, name ?? "README.md");
  }

  private async broken(): Promise<void> {
    const chosen = await vscode.window.showErrorMessage(
      "Funcseek’s server ended again and again; its log says why.",
      LOG,
      RESTART,
    );
    if (chosen === LOG) {
      await vscode.commands.executeCommand("funcseek.showLog");
    } else if (chosen === RESTART) {
      await this.server.restart();
    }
  }
}
