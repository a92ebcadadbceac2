/**
 * The spool: one file per finished segment, so that whatever a worker has handed over survives a kill at any moment.
 * A segment is written beside its place, forced to disk, then renamed: it is there whole or not at all.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../files/folder.ts";
import { PARTIAL, writeWhole } from "../../files/whole.ts";
import { RecordingError } from "../contract.ts";
import { decodeSegment, encodeSegment, type Segment, type SegmentId, segmentKey } from "./segment.ts";

const EXTENSION = ".segment";

/** Writes a segment into the spool folder; writing the same segment again replaces it by itself. */
export function writeSegment(folder: string, segment: Segment): void {
  makeFolder(folder);
  writeWhole(segmentPath(folder, segment), encodeSegment(segment));
}

export function hasSegment(folder: string, id: SegmentId): boolean {
  return existsSync(segmentPath(folder, id));
}

/** Reads one segment; a damaged one is an error that names its file. */
export function readSegment(folder: string, id: SegmentId): Segment {
  const path = segmentPath(folder, id);
  if (!existsSync(path)) throw new RecordingError(`${path}: no such segment in the spool`);
  return decodeSegment(readFileSync(path), path);
}

/** Every segment of the spool, one in memory at a time, by seed, code, arm, then time. */
export function* readSegments(folder: string): Generator<Segment> {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => name.endsWith(EXTENSION));
  const keyed = names.map((name) => {
    const [seed, code, arm, cycle, phase] = name.slice(0, -EXTENSION.length).split("_");
    const { startFrame } = decodeSegment(readFileSync(join(folder, name)), join(folder, name));
    return { name, order: [Number(seed), code!, arm!, startFrame, Number(cycle), phase!] as const };
  });
  keyed.sort((a, b) => compare(a.order, b.order));
  for (const { name } of keyed) yield decodeSegment(readFileSync(join(folder, name)), join(folder, name));
}

/** Removes what interrupted writes left behind. Only for the one process that holds the run. */
export function cleanSpool(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.endsWith(PARTIAL)) rmSync(join(folder, name));
}

function segmentPath(folder: string, id: SegmentId): string {
  return join(folder, `${segmentKey(id)}${EXTENSION}`);
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}
