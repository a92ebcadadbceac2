/** Folders of cultures that read (`read culture --out`), and that are written to (`read experiment`). */
import { z } from "zod";
import { SCAFFOLDS } from "../../../device/simulated/scaffolds.ts";
import { READING_FORMAT, type ReadingConfig } from "../../../reading/report/files.ts";
import { type WritingConfig, writingConfig } from "../../../writing/config.ts";
import { WRITING_FORMAT } from "../../../writing/folder.ts";

export type ReaderRun =
  | { readonly kind: "writing"; readonly config: WritingConfig }
  | { readonly kind: "reading"; readonly config: ReadingConfig };

const savedReader = z.discriminatedUnion("experiment", [
  z.object({
    format: z.literal(WRITING_FORMAT),
    experiment: z.literal("writing"),
    config: writingConfig,
  }),
  z.object({
    format: z.literal(READING_FORMAT),
    experiment: z.literal("reading"),
    config: z.object({
      seed: z.int().min(0),
      scaffold: z.enum(SCAFFOLDS),
      sentences: z.int().min(1),
      test: z.int().min(1),
      msPerWord: z.number().optional(),
    }),
  }),
]);

/** The run that a config.json tells of; null where it is none of a reader. */
export function readerRun(saved: unknown): ReaderRun | null {
  const parsed = savedReader.safeParse(saved);
  if (!parsed.success) return null;
  return parsed.data.experiment === "writing"
    ? { kind: "writing", config: parsed.data.config }
    : { kind: "reading", config: parsed.data.config as ReadingConfig };
}

export const isReader = (run: { readonly kind: string }): run is ReaderRun =>
  run.kind === "writing" || run.kind === "reading";
