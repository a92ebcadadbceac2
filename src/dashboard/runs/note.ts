/**
 * The name and note that somebody has given a run: a small file beside the run's folder, NAME.note.json, so that folder, hash and claims
 * stay what they were.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../../files/whole.ts";
import { MOST_NOTE, MOST_TITLE } from "../protocol.ts";

const schema = z.object({ title: z.string().max(MOST_TITLE), note: z.string().max(MOST_NOTE) });
export type RunNote = z.infer<typeof schema>;

const NONE: RunNote = { title: "", note: "" };

/** Of the run in `folder`; both empty where there is none, or the file is none of ours. */
export function readNote(folder: string): RunNote {
  try {
    return schema.parse(JSON.parse(readFileSync(pathOf(folder), "utf8")));
  } catch {
    return NONE;
  }
}

/** Both empty: the file goes. Throws `StorageError`. */
export function writeNote(folder: string, { title, note }: RunNote): void {
  const path = pathOf(folder);
  if (title !== "" || note !== "") writeWhole(path, `${JSON.stringify({ title, note }, null, 2)}\n`);
  else if (existsSync(path)) rmSync(path);
}

const pathOf = (folder: string) => join(dirname(folder), `${basename(folder)}.note.json`);
