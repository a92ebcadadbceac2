/**
 * The folder that spike sorters and phy write: spike_times.npy (samples), spike_clusters.npy (else spike_templates.npy),
 * params.py with sample_rate, and a table of what each cluster is (cluster_group.tsv, else cluster_info.tsv or cluster_KSLabel.tsv). Clusters
 * called noise are left out. https://phy.readthedocs.io/en/latest/sorting_user_guide/#datasets
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SpikeBlocks } from "../../blocks.ts";
import { type Doubt, type ReadOptions, RecordingError } from "../../contract.ts";
import type { SpikeFile } from "../../cultures/spike-file.ts";
import { NpyFile, sideBySide } from "../../npy.ts";
import { fields } from "../../text/lines.ts";

const CLUSTERS = ["spike_clusters.npy", "spike_templates.npy"];
const LABELS = ["cluster_group.tsv", "cluster_group.csv", "cluster_info.tsv", "cluster_KSLabel.tsv"];
/** Tables of clusters are text of some bytes a cluster. */
const MOST_TEXT = 1 << 24;

export function isPhy(folder: string): boolean {
  return existsSync(join(folder, "spike_times.npy"));
}

export function openPhy(folder: string, name: string, options: ReadOptions): SpikeFile {
  const clusters = CLUSTERS.find((file) => existsSync(join(folder, file)));
  if (!clusters)
    throw new RecordingError(
      `${folder}: expected spike_clusters.npy or spike_templates.npy beside spike_times.npy`,
    );
  const rate = options.samplingRateHz ?? sampleRate(folder);
  const labels = labelsOf(folder);
  const spikes = new SpikeBlocks();
  const noise = new Map<number, number>();
  const opened: NpyFile[] = [];
  try {
    for (const file of ["spike_times.npy", clusters]) opened.push(NpyFile.open(join(folder, file)));
    for (const [samples, units] of sideBySide(opened, folder))
      for (let i = 0; i < samples.length; i++)
        if (labels.get(units[i]) === "noise") noise.set(units[i], (noise.get(units[i]) ?? 0) + 1);
        else spikes.add(String(units[i]), samples[i] / rate);
  } catch (error) {
    spikes.close();
    throw error;
  } finally {
    for (const file of opened) file.close();
  }
  return {
    name,
    source: "phy",
    channels: spikes.finish((unit) => {
      const label = labels.get(Number(unit));
      return { name: `unit_${unit}`, ...(label ? { group: label } : {}) };
    }),
    doubts: leftOut(noise),
    meta: { samplingRateHz: rate },
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

function leftOut(noise: ReadonlyMap<number, number>): Doubt[] {
  if (noise.size === 0) return [];
  const spikes = [...noise.values()].reduce((a, b) => a + b);
  return [
    {
      kind: "left-out",
      message: `clusters called noise are left out: ${[...noise.keys()].slice(0, 12).join(", ")}${noise.size > 12 ? ", ..." : ""} (${spikes} spikes)`,
    },
  ];
}

function sampleRate(folder: string): number {
  const path = join(folder, "params.py");
  const text = existsSync(path) ? smallText(path) : "";
  const rate = Number(/^\s*sample_rate\s*=\s*([\d.eE+]+)/m.exec(text)?.[1] ?? Number.NaN);
  if (!(rate > 0))
    throw new RecordingError(`${folder}: expected sample_rate in params.py; say it with --sampling-rate HZ`);
  return rate;
}

function labelsOf(folder: string): ReadonlyMap<number, string> {
  const file = LABELS.find((name) => existsSync(join(folder, name)));
  if (!file) return new Map();
  const [names = [], ...rows] = smallText(join(folder, file))
    .split(/\r?\n/)
    .map((line) => fields(line, /[\t,]/));
  const column = (pattern: RegExp, otherwise: number) => {
    const found = names.findIndex((name) => pattern.test(name));
    return found < 0 ? otherwise : found;
  };
  const [id, label] = [column(/^(cluster_)?id$/i, 0), column(/^group$/i, column(/^KSLabel$/i, 1))];
  return new Map(
    rows.flatMap((row) => (row[id] && row[label] ? [[Number(row[id]), row[label]] as const] : [])),
  );
}

function smallText(path: string): string {
  if (statSync(path).size > MOST_TEXT) throw new RecordingError(`${path}: expected a small text file`);
  return readFileSync(path, "utf8");
}
