/**
 * A plain spike list: one spike per line, a time and a channel, separated by comma, semicolon, tab or spaces, with
 * or without a header; lines that begin with # are comments. Without a header times are seconds, and the column
 * with fractions is the time.
 */
import { SpikeBlocks } from "../blocks.ts";
import { type Recording, RecordingError } from "../contract.ts";
import { fields, firstLines, lineBatches } from "../lines.ts";

const TIME = /^(?:spike_?)?(?:times?|timestamps?|t|seconds?)(?:[ _]?[([]?(s|sec|seconds|ms|us)[)\]]?)?$/i;
const CHANNEL = /^(channel|electrode|unit|neuron|id|index|ch|cell)([ _]?(id|index|number))?s?$/i;
const SECONDS = { s: 1, sec: 1, seconds: 1, ms: 1e-3, us: 1e-6 } as const;

interface Layout {
  readonly separator: RegExp;
  readonly timeColumn: number;
  readonly channelColumn: number;
  readonly columns: number;
  readonly hasHeader: boolean;
  /** What one unit of the time column lasts. */
  readonly unitSeconds: number;
}

/** The layout of a spike list, or undefined where the file is not one. */
export async function spikeListLayout(path: string): Promise<Layout | undefined> {
  const lines = (await firstLines(path, 200)).filter((line) => !line.startsWith("#"));
  if (lines.length === 0) return undefined;
  const separator = [/,/, /;/, /\t/, /\s+/].find((candidate) => candidate.test(lines[0].trim()));
  if (!separator) return undefined;
  const rows = lines.map((line) => fields(line.trim(), separator));
  const columns = rows[0].length;
  const common = { separator, columns };
  const timeColumn = rows[0].findIndex((field) => TIME.test(field));
  const channelColumn = rows[0].findIndex((field) => CHANNEL.test(field));
  if (timeColumn >= 0 && channelColumn >= 0) {
    const unit = (TIME.exec(rows[0][timeColumn])![1]?.toLowerCase() ?? "s") as keyof typeof SECONDS;
    return { ...common, timeColumn, channelColumn, hasHeader: true, unitSeconds: SECONDS[unit] };
  }
  if (columns !== 2) return undefined;
  const fractional = [0, 1].filter((column) => rows.some((row) => /[.eE]/.test(row[column] ?? "")));
  const numeric = rows.every(
    (row) => row.length === 2 && fractional.every((column) => Number.isFinite(Number(row[column]))),
  );
  if (fractional.length !== 1 || !numeric) return undefined;
  const time = fractional[0];
  return { ...common, timeColumn: time, channelColumn: 1 - time, hasHeader: false, unitSeconds: 1 };
}

export async function openSpikeList(path: string, name: string, layout: Layout): Promise<Recording> {
  const spikes = new SpikeBlocks();
  let lineNumber = 0;
  let skip = layout.hasHeader;
  try {
    for await (const lines of lineBatches(path)) {
      for (const line of lines) {
        lineNumber++;
        if (line.trim() === "" || line.startsWith("#")) continue;
        if (skip) {
          skip = false;
          continue;
        }
        const row = fields(line.trim(), layout.separator);
        const [time, channel] = [row[layout.timeColumn], row[layout.channelColumn]];
        const seconds = Number(time) * layout.unitSeconds;
        if (row.length !== layout.columns || !time || !channel || !(seconds >= 0))
          throw new RecordingError(
            `${path}:${lineNumber}: expected a time >= 0 and a channel, got "${line}"`,
          );
        spikes.add(channel, seconds);
      }
    }
  } catch (error) {
    spikes.close();
    throw error;
  }
  return {
    name,
    source: "spike-list",
    durationSeconds: spikes.lastSeconds,
    channels: spikes.finish(),
    meta: {},
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}
