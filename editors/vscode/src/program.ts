/**
 * Where the server's program is. Knows no VS Code, and reads nothing of a workspace: it must never choose a program.
 *
 * The order: the user's setting; the folders of PATH; where pipx, uv and `pip install --user` put programs, because an
 * editor that was started from a menu often lacks them on its PATH. The interpreter that a Python extension has chosen is
 * not asked: workspaces choose it, and the service is one for each user, whichever folder is open.
 */

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import * as path from "node:path";

const NAME = "funcseek";

/** What is to be known of a machine. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** Return the places to look at, in order; where the user has set one, that and no other. */
export function candidates(setting: string, machine: Machine): string[] {
  if (setting) {
    return [expanded(setting, machine.home)];
  }
  const file = machine.platform === "win32" ? `${NAME}.exe` : NAME;
  const folders = [...pathFolders(machine), ...toolFolders(machine)];
  return [...new Set(folders.map((folder) => path.join(folder, file)))];
}

/** Return the first place that holds a program; undefined where none does. */
export async function findProgram(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    if (path.isAbsolute(place) && (await isProgram(place))) {
      return place;
    }
  }
  return undefined;
}

function expanded(setting: string, home: string): string {
  return setting.startsWith("~/") ? path.join(home, setting.slice(2)) : setting;
}

/** The folders of PATH but for relative ones: those lie wherever the editor was started, perhaps in a workspace. */
function pathFolders(machine: Machine): string[] {
  const value = machine.env["PATH"] ?? machine.env["Path"] ?? "";
  return value.split(machine.platform === "win32" ? ";" : ":").filter((folder) => path.isAbsolute(folder));
}

function toolFolders({ env, home }: Machine): string[] {
  return [
    env["PIPX_BIN_DIR"],
    env["UV_TOOL_BIN_DIR"],
    env["XDG_BIN_HOME"],
    path.join(home, ".local", "bin"),
    path.join(home, ".local", "share", "pipx", "venvs", NAME, "bin"),
    path.join(home, ".local", "share", "uv", "tools", NAME, "bin"),
    "/opt/homebrew/bin",
    "/usr/local/bin",
  ].filter((folder): folder is string => folder !== undefined && path.isAbsolute(folder));
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
