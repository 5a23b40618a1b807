/** A real VS Code, served to a browser by code-server, with the extension installed. All it writes is below one folder. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { funcseek } from "./funcseek.ts";
import { until } from "./until.ts";
import { Window } from "./window.ts";

const HERE = import.meta.dirname;
const TOP = path.resolve(HERE, "../../..");
const PROGRAM = path.join(HERE, "node_modules/code-server/out/node/entry.js");
const VSIX = path.join(TOP, "editors/vscode/funcseek.vsix");
const USER_SETTINGS = "vscode/User/settings.json";
const MACHINE_SETTINGS = "vscode/Machine/settings.json";
const CHROMIUM = "/usr/bin/chromium";

/** Without these VS Code saves by itself, asks for accounts, or greets. */
const QUIET = {
  "files.autoSave": "off",
  "chat.disableAIFeatures": true,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
  "telemetry.telemetryLevel": "off",
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "editor.minimap.enabled": false,
  "workbench.editor.enablePreviewFromQuickOpen": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

export interface Options {
  /** The folder of everything that is written. */
  readonly folder: string;
  /** Folders of PATH, before those of the system; funcseek's is among them where it is to be found. */
  readonly path: readonly string[];
  /** Keys of the user's, each with its command. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Whether VS Code asks if a workspace is trusted; without it every one is. */
  readonly hasTrust?: boolean;
}

export class CodeServer {
  readonly home: string;
  readonly address: string;
  private readonly folder: string;
  private readonly process: ChildProcess;
  private readonly browser: Browser;
  private readonly windows: Window[] = [];

  private constructor(options: Options, address: string, process: ChildProcess, browser: Browser) {
    this.folder = options.folder;
    this.home = path.join(options.folder, "home");
    this.address = address;
    this.process = process;
    this.browser = browser;
  }

  static async start(options: Options): Promise<CodeServer> {
    const port = await freePort();
    const env = environment(options);
    install(options, env);
    const log = openSync(path.join(options.folder, "code-server.log"), "a");
    const trust = options.hasTrust ? [] : ["--disable-workspace-trust"];
    const served = [
      "--auth",
      "none",
      "--bind-addr",
      `127.0.0.1:${port}`,
      "--disable-telemetry",
      "--disable-update-check",
    ];
    // Without the last one, extension hosts outlive the server by hours.
    const command = [PROGRAM, ...folders(options), ...served, ...trust, "--reconnection-grace-time", "5"];
    const child = spawn(process.execPath, command, { env, detached: true, stdio: ["ignore", log, log] });
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
    const server = new CodeServer(options, `http://127.0.0.1:${port}`, child, browser);
    await until("code-server answers", () =>
      fetch(server.address).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return server;
  }

  /** Open a window on a folder or on a `.code-workspace` file. */
  async open(target: string): Promise<Window> {
    const kind = target.endsWith(".code-workspace") ? "workspace" : "folder";
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: this.address });
    const page = await context.newPage();
    await page.goto(`${this.address}/?${kind}=${encodeURIComponent(target)}`, { waitUntil: "domcontentloaded" });
    const window = new Window(page);
    this.windows.push(window);
    await window.ready();
    return window;
  }

  /**
   * Change the settings of this machine, as somebody who edits their file; undefined takes one back to its default. It is
   * where VS Code keeps those that no workspace may touch, and the one such file that code-server watches.
   */
  set(settings: Readonly<Record<string, unknown>>): void {
    const file = path.join(this.folder, MACHINE_SETTINGS);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...settings }));
  }

  /** Stop everything, and delete what was written. */
  async stop(): Promise<void> {
    await Promise.all(this.windows.map((window) => window.close()));
    await this.browser.close();
    if (this.process.pid !== undefined && this.process.exitCode === null) {
      const ended = once(this.process, "exit");
      process.kill(-this.process.pid, "SIGTERM");
      await ended;
    }
    funcseek(this.home, "service", "--stop");
    // Its extension hosts may still be writing their last lines.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

function environment(options: Options): NodeJS.ProcessEnv {
  const { folder } = options;
  return {
    HOME: path.join(folder, "user"),
    XDG_CONFIG_HOME: path.join(folder, "config"),
    XDG_DATA_HOME: path.join(folder, "data"),
    FUNCSEEK_HOME: path.join(folder, "home"),
    PATH: [...options.path, path.dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
    LANG: "C.UTF-8",
    // Otherwise a login shell is asked for PATH, and its answer replaces ours.
    VSCODE_CLI: "1",
  };
}

function folders({ folder }: Options): string[] {
  return ["--user-data-dir", path.join(folder, "vscode"), "--extensions-dir", path.join(folder, "extensions")];
}

function install(options: Options, env: NodeJS.ProcessEnv): void {
  for (const name of ["user", "home", "vscode/User", "vscode/Machine", "extensions"]) {
    mkdirSync(path.join(options.folder, name), { recursive: true });
  }
  writeFileSync(path.join(options.folder, USER_SETTINGS), JSON.stringify(QUIET));
  writeFileSync(path.join(options.folder, MACHINE_SETTINGS), "{}");
  const keys = Object.entries(options.keys ?? {}).map(([key, command]) => ({ key, command }));
  writeFileSync(path.join(options.folder, "vscode/User/keybindings.json"), JSON.stringify(keys));
  const command = [PROGRAM, ...folders(options), "--install-extension", VSIX];
  execFileSync(process.execPath, command, { env, stdio: "pipe" });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
