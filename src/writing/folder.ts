/** What lies in the folder of a run beside its report: config.json, and in the journal what each culture is taught. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Journal } from "../experiment/journal/journal.ts";
import { writeWhole } from "../files/whole.ts";
import type { WritingConfig } from "./config.ts";
import { WritingError } from "./error.ts";
import type { KnownString, Lesson } from "./strings.ts";

export const WRITING_FORMAT = 2;
export const JOURNAL = "journal.sqlite";

/** Writes config.json, or throws `WritingError` where the folder holds another run. */
export function keepConfig(folder: string, config: WritingConfig): void {
  const path = join(folder, "config.json");
  const mine = { format: WRITING_FORMAT, experiment: "writing", config: JSON.parse(JSON.stringify(config)) };
  if (!existsSync(path)) writeWhole(path, `${JSON.stringify(mine, null, 2)}\n`);
  else if (!isDeepStrictEqual(parsed(readFileSync(path, "utf8")), mine))
    throw new WritingError(`${folder}: holds a run that was asked for otherwise; choose another --out`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A string and its program, as the journal holds them. */
export interface KeptString {
  readonly text: string;
  readonly program: readonly number[];
}

/** Under `seed`: what is shown and what it is to bring to mind, and the strings that a target is looked for among. */
export interface KeptLesson {
  readonly pairs: readonly { readonly context: string; readonly target: KeptString }[];
  readonly others: readonly KeptString[];
}

export const LESSON = "lesson";

export function keepLesson(journal: Journal, seed: number, { pairs, others }: Lesson): void {
  const kept = ({ text, program }: KnownString): KeptString => ({ text, program: [...program] });
  const lesson: KeptLesson = {
    pairs: pairs.map(({ context, target }) => ({ context: context.text, target: kept(target) })),
    others: others.map(kept),
  };
  journal.put(LESSON, String(seed), JSON.parse(JSON.stringify(lesson)));
}
