/**
 * Fixations from a file: those that an EyeLink tracker found (ASC), else from its samples by velocity. A table of samples in CSV (time in
 * ms, x and y in pixels) does, too.
 */
import { readFileSync } from "node:fs";
import { openSignals } from "../../recording/signals/open.ts";
import { ReadingError } from "../error.ts";
import type { GazeFixation } from "./fixation.ts";
import { fixationsByVelocity } from "./velocity.ts";

export async function openGaze(path: string, pixelsPerDegree: number): Promise<GazeFixation[]> {
  if (/\.csv$/i.test(path)) return fromTable(path, pixelsPerDegree);
  const recording = await openSignals(path);
  try {
    const found: GazeFixation[] = [];
    for (const { kind, seconds, durationSeconds, values } of recording.events()) {
      const [x, y] = [values?.["meanX"], values?.["meanY"]];
      if (kind === "fixation" && x !== undefined && y !== undefined)
        found.push({ onsetMs: 1000 * seconds, durationMs: 1000 * durationSeconds, x, y });
    }
    if (found.length > 0) return found;
    const channel = (axis: "x" | "y") =>
      recording.channels.findIndex(({ label }) =>
        new RegExp(`(^|[^a-z])${axis}($|[^a-z])|gaze.?${axis}`, "i").test(label),
      );
    const [x, y] = [channel("x"), channel("y")];
    if (x < 0 || y < 0)
      throw new ReadingError(
        `${path}: expected fixations, or channels of gaze x and y, got ${recording.channels.map(({ label }) => label).join(", ") || "no channels"}`,
      );
    const { rateHz, samples } = recording.channels[x];
    const both = recording.read(0, samples, [x, y]);
    return fixationsByVelocity(
      { rateHz, x: both.subarray(0, samples), y: both.subarray(samples) },
      { pixelsPerDegree },
    );
  } finally {
    recording.close();
  }
}

/** Columns `timeMs,x,y`, at a steady rate; empty where the eye was lost. */
function fromTable(path: string, pixelsPerDegree: number): GazeFixation[] {
  const [header, ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  const columns = ["timems", "x", "y"].map((name) => names.indexOf(name));
  if (columns.includes(-1))
    throw new ReadingError(
      `${path}: expected the columns timeMs, x and y, got ${names.join(", ").slice(0, 80)}`,
    );
  const rows = lines.map((line) => {
    const fields = line.split(",");
    return columns.map((column) => (fields[column]?.trim() ? Number(fields[column]) : Number.NaN));
  });
  const last = rows.at(-1)?.[0] ?? Number.NaN;
  const rateHz = (1000 * (rows.length - 1)) / (last - (rows[0]?.[0] ?? 0));
  if (!(rows.length > 10 && rateHz > 0))
    throw new ReadingError(`${path}: expected more than 10 samples in the order of time, got ${rows.length}`);
  return fixationsByVelocity(
    { rateHz, x: rows.map(([, x]) => x), y: rows.map(([, , y]) => y) },
    { pixelsPerDegree },
  );
}
