/** Where built engines and their data lie on this machine. */
import { homedir } from "node:os";
import { join } from "node:path";

/** `WETGRAD_CACHE`, or the user's cache (XDG Base Directory: `XDG_CACHE_HOME`). */
export function cacheFolder(): string {
  const { WETGRAD_CACHE: given, XDG_CACHE_HOME: cache, LOCALAPPDATA: local } = process.env;
  if (given) return given;
  return join(cache || (process.platform === "win32" && local) || join(homedir(), ".cache"), "wetgrad");
}

export function doomFolder(): string {
  return join(cacheFolder(), "doom");
}
