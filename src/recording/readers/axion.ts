/**
 * Axion Maestro exports as text: the spike list, whose settings run down the first two columns beside the spikes, and
 * the table of spike counts per second (counts only: it holds no spike times). As spreadsheets save them again: with
 * commas, semicolons or tabs, decimal points or commas, UTF-8 or UTF-16. An electrode "E6_41" is well E6, electrode 41.
 */
import { naturally, SpikeBlocks } from "../blocks.ts";
import { RecordingError, type RecordingMeta } from "../contract.ts";
import type { CultureFacts, SpikeFile } from "../cultures/spike-file.ts";
import { wellOf } from "../cultures/wells.ts";
import { fields, firstLines, lineBatches } from "../text/lines.ts";
import { numberIn, type TextFormat, textFormat } from "../text/table.ts";

const TIME = /^time ?\(s\)$/i;
const ELECTRODE = /^electrode$/i;
/** Rows of seconds without spikes may be left out, but not most of them. */
const MOST_BINS = 1e7;
const BINS_PER_ROW = 64;
const COUNTS = ["electrode", "second", "spikecount"];

/** The format of an Axion spike list, or undefined where the file is none. */
export async function axionSpikeList(path: string): Promise<TextFormat | undefined> {
  return textFormat(
    await firstLines(path, 20),
    (names) =>
      names.some((name) => TIME.test(name)) &&
      names.some((name) => ELECTRODE.test(name)) &&
      !names.some((name) => /^well$/i.test(name)),
  );
}

export async function axionCounts(path: string): Promise<TextFormat | undefined> {
  return textFormat(await firstLines(path, 20), (names) =>
    COUNTS.every((name) => names.some((found) => found.toLowerCase() === name)),
  );
}

export async function openAxionSpikeList(path: string, name: string, format: TextFormat): Promise<SpikeFile> {
  const spikes = new SpikeBlocks();
  const settings = new Map<string, string>();
  let timeColumn = -1;
  let electrodeColumn = -1;
  let lineNumber = 0;
  const wells = new WellTable();
  let inTable = false;
  try {
    for await (const lines of lineBatches(path)) {
      for (const line of lines) {
        lineNumber++;
        const row = fields(line, format.separator);
        if (timeColumn < 0) {
          timeColumn = row.findIndex((field) => TIME.test(field));
          electrodeColumn = row.findIndex((field) => ELECTRODE.test(field));
          continue;
        }
        if (row[0] === "Well Information") inTable = true;
        if (inTable) {
          wells.add(row);
          continue;
        }
        if (timeColumn >= 2 && row[0] && row[1]) settings.set(row[0], row[1]);
        const time = row[timeColumn];
        if (!time) continue; // settings may run on past the last spike
        const seconds = numberIn(time, format);
        const electrode = row[electrodeColumn];
        if (!Number.isFinite(seconds) || !electrode)
          throw new RecordingError(
            `${path}:${lineNumber}: expected a time in seconds and an electrode, got "${line.slice(0, 200)}"`,
          );
        spikes.add(electrode, seconds);
      }
    }
  } catch (error) {
    spikes.close();
    throw error;
  }
  return {
    name,
    source: "axion-spike-list",
    channels: spikes.finish((electrode) => inWell(wellOf(electrode))),
    cultures: wells.facts(),
    meta: metaOf(settings),
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

function inWell(well: string | undefined) {
  return well === undefined ? {} : { culture: well, group: well };
}

/** The table of wells that may follow the spikes: a row of their names, and below it what each was given. */
class WellTable {
  private names: readonly string[] = [];
  private readonly given: Record<"treatment" | "dose" | "unit", readonly string[]> = {
    treatment: [],
    dose: [],
    unit: [],
  };

  add([key = "", ...values]: readonly string[]): void {
    if (/^wells?$/i.test(key)) this.names = values;
    else if (/^treatment/i.test(key)) this.given.treatment = values;
    else if (/^(dose|concentration) ?units?$|^units?$/i.test(key)) this.given.unit = values;
    else if (/^(dose|concentration)/i.test(key)) this.given.dose = values;
  }

  facts(): ReadonlyMap<string, CultureFacts> {
    const { treatment, dose, unit } = this.given;
    return new Map(
      this.names.flatMap((well, i): [string, CultureFacts][] => {
        const amount = dose[i] ? [dose[i], unit[i]].filter(Boolean).join(" ") : "";
        const meta = {
          ...(treatment[i] ? { treatment: treatment[i] } : {}),
          ...(amount ? { dose: amount } : {}),
        };
        return well === "" || Object.keys(meta).length === 0 ? [] : [[well.toUpperCase(), { meta }]];
      }),
    );
  }
}

const UNITS_HZ = { hz: 1, khz: 1e3, mhz: 1e6 } as const;

function metaOf(settings: ReadonlyMap<string, string>): RecordingMeta {
  const [, digits = "", unit = "hz"] =
    /^\s*(\d+(?:[.,]\d+)?)\s*([kM]?Hz)?/i.exec(settings.get("Sampling Frequency") ?? "") ?? [];
  const rate = digits === "" ? Number.NaN : Number(digits.replace(",", "."));
  const samplingRateHz = rate * UNITS_HZ[unit.toLowerCase() as keyof typeof UNITS_HZ];
  // The name of the raw file is the only place where Axion keeps days in vitro, if its operator wrote them there.
  const days = /DIV_?(\d+)/i.exec(settings.get("File Source") ?? "");
  const layout = settings.get("Plate Type");
  return {
    ...(samplingRateHz > 0 ? { samplingRateHz } : {}),
    ...(days ? { divDays: Number(days[1]) } : {}),
    ...(layout ? { layout } : {}),
  };
}

export async function openAxionCounts(path: string, name: string, format: TextFormat): Promise<SpikeFile> {
  const counts = new Map<
    string,
    { electrode: string; well: string | undefined; bins: Map<number, number> }
  >();
  let columns: number[] = [];
  let wellColumn = -1;
  let lineNumber = 0;
  let bins = 0;
  let rows = 0;
  for await (const lines of lineBatches(path)) {
    for (const line of lines) {
      lineNumber++;
      if (line.trim() === "") continue;
      const row = fields(line, format.separator);
      if (columns.length === 0) {
        const names = row.map((field) => field.toLowerCase());
        columns = COUNTS.map((field) => names.indexOf(field));
        wellColumn = names.indexOf("well");
        continue;
      }
      const [electrode, second, count] = columns.map((column) => row[column]);
      const [bin, spikes] = [Number(second), Number(count)];
      if (
        !electrode ||
        !second ||
        !count ||
        !(Number.isInteger(bin) && bin >= 0) ||
        !(Number.isInteger(spikes) && spikes >= 0)
      )
        throw new RecordingError(
          `${path}:${lineNumber}: expected electrode, whole second and count, got "${line.slice(0, 200)}"`,
        );
      rows++;
      const well = row[wellColumn] || wellOf(electrode);
      const key = `${well ?? ""} ${electrode}`;
      let channel = counts.get(key);
      if (!channel) counts.set(key, (channel = { electrode, well, bins: new Map() }));
      channel.bins.set(bin, spikes);
      bins = Math.max(bins, bin + 1);
    }
  }
  if (bins * counts.size > MOST_BINS + BINS_PER_ROW * rows)
    throw new RecordingError(
      `${path}: expected seconds that are counted, got second ${bins - 1} of ${counts.size} electrodes in a table of ${rows} rows`,
    );
  if (counts.size === 0) throw new RecordingError(`${path}: a table of counts without rows`);
  const ordered = [...counts].sort(([a], [b]) => naturally(a, b));
  return {
    name,
    source: "axion-counts",
    span: { startSeconds: 0, endSeconds: bins },
    channels: ordered.map(([, { electrode, well, bins: own }]) => ({
      name: electrode,
      spikeCount: [...own.values()].reduce((sum, count) => sum + count, 0),
      ...inWell(well),
    })),
    meta: {},
    counts: {
      binSeconds: 1,
      read: (channel) =>
        Float64Array.from({ length: bins }, (_, bin) => ordered[channel]?.[1].bins.get(bin) ?? 0),
    },
    readSpikes: () => {
      throw new RecordingError(`${name}: holds spike counts per second only, no spike times; use its counts`);
    },
    close: () => {},
  };
}
