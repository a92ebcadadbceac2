/** Where the books of physical devices are kept on this machine. */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { chainFiles, firstEntries } from "./chain.ts";

/** `WETGRAD_LEDGERS`, or the user's folder of state (XDG Base Directory: `XDG_STATE_HOME`). */
export function ledgersFolder(): string {
  const { WETGRAD_LEDGERS: given, XDG_STATE_HOME: state, LOCALAPPDATA: local } = process.env;
  if (given) return given;
  const base = state || (process.platform === "win32" && local) || join(homedir(), ".local", "state");
  return join(base, "wetgrad", "ledgers");
}

const MOST_CHARACTERS = 100;

/** The folder of one device's books: its name, with what no file system takes replaced. */
export function folderOf(deviceId: string, ledgers = ledgersFolder()): string {
  const safe = deviceId.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_");
  if (safe === deviceId && safe.length <= MOST_CHARACTERS) return join(ledgers, safe);
  const digest = createHash("sha256").update(deviceId).digest("hex").slice(0, 16);
  return join(ledgers, `${safe.slice(0, MOST_CHARACTERS)}-${digest}`);
}

/** The devices that have books here, by name. */
export function devicesWithBooks(ledgers = ledgersFolder()): string[] {
  let folders: string[];
  try {
    folders = readdirSync(ledgers).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return folders.flatMap((name) => deviceOf(join(ledgers, name)) ?? []);
}

/** The name that a folder's books give themselves. */
function deviceOf(folder: string): string | undefined {
  for (const path of chainFiles(folder)) {
    const [open] = firstEntries(path);
    if (open?.kind === "open") return open.device;
  }
  return undefined;
}
