/** A disk that gives out: every call that writes below a folder is counted, and the n-th fails. In this thread alone. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

export interface Fault {
  /** The first call that fails, from 1; none at 0. */
  readonly at: number;
  readonly code: "ENOSPC" | "EIO" | "EFBIG";
  /** Whether all after it fail, too: a disk that stays full. */
  readonly stays: boolean;
}

type Call = (...args: unknown[]) => unknown;
const BY_PATH = ["mkdirSync", "renameSync", "linkSync", "writeFileSync"] as const;
const BY_FILE = ["writeSync", "fsyncSync"] as const;
const PATCHED = [...BY_PATH, ...BY_FILE, "openSync", "closeSync"];

/** Does `work` on such a disk. Gives the calls that there were, by name. */
export async function onFailingDisk(
  folder: string,
  fault: Fault,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const calls: string[] = [];
  const files = new Set<unknown>();
  const own = fs as unknown as Record<string, Call>;
  const kept: Record<string, Call> = Object.fromEntries(PATCHED.map((name) => [name, own[name]]));
  const isHere = (path: unknown) => String(path).startsWith(folder);
  const count = (name: string) => {
    calls.push(name);
    if (fault.at === 0 || (fault.stays ? calls.length < fault.at : calls.length !== fault.at)) return;
    throw Object.assign(new Error(`${fault.code}: made to fail, ${name}`), {
      code: fault.code,
      syscall: name,
    });
  };
  for (const name of BY_PATH)
    own[name] = (...args) => {
      if (isHere(args[0])) count(name);
      return kept[name](...args);
    };
  for (const name of BY_FILE)
    own[name] = (...args) => {
      if (files.has(args[0])) count(name);
      return kept[name](...args);
    };
  own["openSync"] = (...args) => {
    const writes = isHere(args[0]) && args[1] !== undefined && args[1] !== "r" && args[1] !== 0;
    if (writes) count("openSync");
    const file = kept["openSync"](...args);
    if (writes) files.add(file);
    return file;
  };
  own["closeSync"] = (...args) => {
    files.delete(args[0]);
    return kept["closeSync"](...args);
  };
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(own, kept);
    syncBuiltinESMExports();
  }
  return calls;
}
