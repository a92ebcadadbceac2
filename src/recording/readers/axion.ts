/**
 * Axion Maestro CSV exports: the spike list, whose settings run down the first two columns beside the spikes, and
 * the table of spike counts per second (counts only: it holds no spike times). An electrode "E6_41" is well E6,
 * electrode 41.
 */
import { naturally, SpikeBlocks } from "../blocks.ts";
import { type Recording, type RecordingChannel, RecordingError, type RecordingMeta } from "../contract.ts";
import { fields, lineBatches } from "../lines.ts";

export function isAxionSpikeList(header: string): boolean {
  const names = fields(header, ",");
  return names.some((name) => /^time \(s\)$/i.test(name)) && names.some((name) => /^electrode$/i.test(name));
}

export function isAxionCounts(header: string): boolean {
  const names = fields(header.toLowerCase(), ",");
  return ["electrode", "second", "spikecount"].every((name) => names.includes(name));
}

export async function openAxionSpikeList(path: string, name: string): Promise<Recording> {
  const spikes = new SpikeBlocks();
  const settings = new Map<string, string>();
  let timeColumn = -1;
  let electrodeColumn = -1;
  let lineNumber = 0;
  try {
    read: for await (const lines of lineBatches(path)) {
      for (const line of lines) {
        lineNumber++;
        const row = fields(line, ",");
        if (timeColumn < 0) {
          timeColumn = row.findIndex((field) => /^time \(s\)$/i.test(field));
          electrodeColumn = row.findIndex((field) => /^electrode$/i.test(field));
          continue;
        }
        if (row[0] === "Well Information") break read; // a table of wells may follow the spikes
        if (timeColumn >= 2 && row[0] && row[1]) settings.set(row[0], row[1]);
        const time = row[timeColumn];
        if (!time) continue; // settings may run on past the last spike
        const seconds = Number(time);
        const electrode = row[electrodeColumn];
        if (!Number.isFinite(seconds) || !electrode)
          throw new RecordingError(
            `${path}:${lineNumber}: expected a time in seconds and an electrode, got "${line}"`,
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
    durationSeconds: spikes.lastSeconds,
    channels: spikes.finish((electrode) => wellOf(electrode)),
    meta: metaOf(settings),
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

function wellOf(electrode: string): Partial<RecordingChannel> {
  const well = electrode.split("_")[0];
  return well && well !== electrode ? { group: well } : {};
}

function metaOf(settings: ReadonlyMap<string, string>): RecordingMeta {
  const rate = Number.parseFloat(settings.get("Sampling Frequency") ?? "");
  // The name of the raw file is the only place where Axion keeps days in vitro, if its operator wrote them there.
  const days = /DIV_?(\d+)/i.exec(settings.get("File Source") ?? "");
  const layout = settings.get("Plate Type");
  return {
    ...(Number.isFinite(rate) ? { samplingRateHz: rate } : {}),
    ...(days ? { divDays: Number(days[1]) } : {}),
    ...(layout ? { layout } : {}),
  };
}

export async function openAxionCounts(path: string, name: string): Promise<Recording> {
  const counts = new Map<string, Map<number, number>>();
  let columns: number[] = [];
  let lineNumber = 0;
  let bins = 0;
  for await (const lines of lineBatches(path)) {
    for (const line of lines) {
      lineNumber++;
      if (line.trim() === "") continue;
      const row = fields(line, ",");
      if (columns.length === 0) {
        const names = row.map((field) => field.toLowerCase());
        columns = ["electrode", "second", "spikecount"].map((field) => names.indexOf(field));
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
          `${path}:${lineNumber}: expected electrode, whole second and count, got "${line}"`,
        );
      let channel = counts.get(electrode);
      if (!channel) counts.set(electrode, (channel = new Map()));
      channel.set(bin, spikes);
      bins = Math.max(bins, bin + 1);
    }
  }
  if (counts.size === 0) throw new RecordingError(`${path}: a table of counts without rows`);
  const ordered = [...counts].sort(([a], [b]) => naturally(a, b));
  return {
    name,
    source: "axion-counts",
    durationSeconds: bins,
    channels: ordered.map(([electrode, channel]) => ({
      name: electrode,
      spikeCount: [...channel.values()].reduce((sum, count) => sum + count, 0),
      ...wellOf(electrode),
    })),
    meta: {},
    counts: {
      binSeconds: 1,
      read: (channel) => Float64Array.from({ length: bins }, (_, bin) => ordered[channel]?.[1].get(bin) ?? 0),
    },
    readSpikes: () => {
      throw new RecordingError(`${name}: holds spike counts per second only, no spike times; use its counts`);
    },
    close: () => {},
  };
}
