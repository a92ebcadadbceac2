/**
 * WFDB records (PhysioNet): a text header (.hea) that names the files of samples, in format 16 (int16) or 212 (two samples
 * of 12 bits in three bytes), several signals in one file. https://physionet.org/physiotools/wag/header-5.htm,
 * https://physionet.org/physiotools/wag/signal-5.htm
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Doubt, RecordingError } from "../contract.ts";
import { ByteFile } from "./bytes.ts";
import type { SignalChannel, SignalRecording } from "./contract.ts";
import { checkedWindow } from "./window.ts";

const DEFAULT_RATE_HZ = 250;
const DEFAULT_GAIN = 200;
const MOST_SIGNALS = 4096;
/** `record 2 360 650000`, then `record.dat 212 200 11 1024 995 -22131 0 MLII`. */
const RECORD = /^([\w-]+)(?:\/\d+)?\s+(\d+)(?:\s+([\d.]+)(?:\/\S+)?(?:\s+(\d+))?.*)?$/;
const SIGNAL = /^(\S+)\s+(\d+)(?:x(\d+))?(?::\d+)?(?:\+(\d+))?(?:\s+(.*))?$/;

export function isWfdb(head: Uint8Array): boolean {
  const lines = Buffer.from(head)
    .toString("latin1")
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"));
  const second = SIGNAL.exec(lines[1] ?? "");
  return RECORD.test(lines[0] ?? "") && second !== null && /\.(dat|mat)$|^~$/.test(second[1]);
}

interface Signal {
  readonly path: string;
  readonly format: number;
  readonly skip: number;
  readonly gain: number;
  readonly baseline: number;
  readonly unit: string;
  readonly label: string;
}

export function openWfdb(file: ByteFile, name: string): SignalRecording {
  const { signals, rateHz, stated } = headerOf(file);
  file.close();
  const files = new Map<string, ByteFile>();
  try {
    const places = signals.map((signal) => {
      const before = signals.filter((other) => other.path === signal.path);
      return { signal, column: before.indexOf(signal), columns: before.length };
    });
    for (const { path } of signals) {
      if (!existsSync(path))
        throw new RecordingError(`${file.path}: expected its samples in ${path}, which is not there`);
      if (!files.has(path)) files.set(path, new ByteFile(path));
    }
    const held = Math.min(
      ...places.map(({ signal, columns }) => {
        const bytes = files.get(signal.path)!.length - signal.skip;
        return Math.floor(
          (signal.format === 212 ? Math.floor((bytes * 2) / 3) : Math.floor(bytes / 2)) / columns,
        );
      }),
    );
    const samples = stated > 0 ? Math.min(stated, held) : held;
    const doubts: Doubt[] =
      stated > held
        ? [
            {
              kind: "cut-short",
              message: `its header says ${stated} samples, its files hold ${held}: those are read`,
            },
          ]
        : [];
    const channels = signals.map(({ label, unit }): SignalChannel => ({ label, unit, rateHz, samples }));
    return {
      name,
      source: "wfdb",
      preparation: "person",
      durationSeconds: samples / rateHz,
      channels,
      meta: {},
      doubts,
      *events() {},
      read: (start, count, wanted) => {
        const chosen = checkedWindow(name, channels, { start, count, wanted });
        const out = new Float64Array(chosen.length * count);
        const rows = [...chosen.entries()].map(([row, channel]) => {
          const place = places[channel];
          return { ...place, row, data: files.get(place.signal.path)! };
        });
        for (let i = 0; i < count; i++)
          for (const { row, signal, column, columns, data } of rows) {
            const value = sampleOf(data, signal, (start + i) * columns + column);
            out[row * count + i] = value === undefined ? Number.NaN : (value - signal.baseline) / signal.gain;
          }
        return out;
      },
      close: () => {
        for (const data of files.values()) data.close();
      },
    };
  } catch (error) {
    for (const data of files.values()) data.close();
    throw error;
  }
}

/** The sample at a place among those of all signals of the file; undefined where the format says that it is missing. */
function sampleOf(data: ByteFile, { format, skip }: Signal, index: number): number | undefined {
  if (format === 16) {
    const value = data.read(skip + 2 * index, 2).readInt16LE(0);
    return value === -32_768 ? undefined : value;
  }
  // Byte by byte: low bits of the first, high bits of both, low bits of the second.
  const at = skip + 3 * Math.floor(index / 2);
  const second = index % 2 === 1;
  const bytes = data.read(at, second ? 3 : 2);
  const twelve = second ? ((bytes[1] & 0xf0) << 4) | bytes[2] : ((bytes[1] & 0x0f) << 8) | bytes[0];
  const value = twelve >= 2048 ? twelve - 4096 : twelve;
  return value === -2048 ? undefined : value;
}

function headerOf(file: ByteFile): { signals: Signal[]; rateHz: number; stated: number } {
  const lines: string[] = [];
  for (const { text } of file.lines()) {
    if (text !== "" && !text.startsWith("#")) lines.push(text.trim());
    if (lines.length > MOST_SIGNALS + 1) break;
  }
  const [, , count = "", rate = "", stated = ""] = RECORD.exec(lines[0] ?? "") ?? [];
  const rateHz = rate === "" ? DEFAULT_RATE_HZ : Number(rate);
  if (!(Number(count) >= 1 && Number(count) <= MOST_SIGNALS) || !(rateHz > 0))
    throw new RecordingError(
      `${file.path}: expected a record with its number of signals and rate, got "${lines[0]?.slice(0, 80)}"`,
    );
  const signals = lines.slice(1, Number(count) + 1).map((line, i): Signal => {
    const [, named = "", format = "", perFrame = "1", skip = "0", rest = ""] = SIGNAL.exec(line) ?? [];
    if ((format !== "16" && format !== "212") || perFrame !== "1")
      throw new RecordingError(
        `${file.path}: expected signals of format 16 or 212, one sample a frame, got "${line.slice(0, 80)}"; convert it (xform, rdsamp)`,
      );
    const [gain = "", , zero = "0", , , , ...label] = rest.split(/\s+/);
    const [, number = "0", baseline = zero, unit = "mV"] =
      /^([\d.eE+-]+)(?:\((-?\d+)\))?(?:\/(\S+))?$/.exec(gain) ?? [];
    return {
      path: join(dirname(file.path), named.split("/").at(-1) ?? ""),
      format: Number(format),
      skip: Number(skip),
      gain: Number(number) || DEFAULT_GAIN,
      baseline: Number(baseline),
      unit,
      label: label.join(" ") || `signal ${i + 1}`,
    };
  });
  if (signals.length < Number(count))
    throw new RecordingError(`${file.path}: expected ${count} signals, got ${signals.length}`);
  return { signals, rateHz, stated: Number(stated) };
}
