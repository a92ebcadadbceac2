/**
 * Analog streams in the HDF5 of the Multi Channel DataManager: ChannelData `[C, T]` of integers, which the table InfoChannel
 * turns into volts: (value - ADZero) * ConversionFactor * 10^Exponent. https://mcspydatatools.readthedocs.io
 */
import type { Dataset, File } from "h5wasm/node";
import { hasMembers, memberNumbers, memberTexts } from "../compound.ts";
import { RecordingError } from "../contract.ts";
import { closeHdf5, dataset, group, guarded, numbers, toNumbers } from "../hdf5.ts";
import type { SignalChannel, SignalRecording } from "./contract.ts";
import { checkedWindow } from "./window.ts";

const COLUMNS = ["ChannelID", "ADZero", "Tick", "ConversionFactor", "Exponent"];

interface Stream {
  readonly label: string;
  readonly data: Dataset;
  readonly info: Dataset;
  readonly start: Dataset | undefined;
}

/** Of the first recording in the file. */
export function mcsStreams(file: File): Stream[] {
  const at = "Data/Recording_0/AnalogStream";
  return [...(group(file, at)?.keys() ?? [])].flatMap((key) => {
    const [data, info] = [
      dataset(file, `${at}/${key}/ChannelData`),
      dataset(file, `${at}/${key}/InfoChannel`),
    ];
    const start = dataset(file, `${at}/${key}/ChannelDataTimeStamps`);
    return data && hasMembers(info, COLUMNS) && data.shape?.length === 2
      ? [{ label: key, data, info, start }]
      : [];
  });
}

export function openMcsSignals(file: File, name: string): SignalRecording {
  const streams = mcsStreams(file);
  if (streams.length === 0)
    throw new RecordingError(`${name}: a file of the Multi Channel DataManager without analog streams`);
  const places = streams.flatMap((stream) => channelsOf(stream, streams.length > 1));
  const channels = places.map(({ channel }) => channel);
  const startMicroseconds = streams[0].start ? (numbers(streams[0].start)[0] ?? 0) : 0;
  return {
    name,
    source: "mcs-hdf5",
    startSeconds: startMicroseconds * 1e-6,
    durationSeconds: Math.max(...channels.map(({ samples, rateHz }) => samples / rateHz)),
    channels,
    meta: {},
    *events() {},
    read: (start, count, wanted) => {
      const chosen = checkedWindow(name, channels, { start, count, wanted });
      const out = new Float64Array(chosen.length * count);
      if (count === 0) return out;
      for (const [at, channel] of chosen.entries()) {
        const { stream, row, zero, volts } = places[channel];
        const range = [
          [row, row + 1],
          [start, start + count],
        ] as [number, number][];
        const value = guarded(`read ${stream.data.path}`, () => stream.data.slice(range));
        toNumbers(value, stream.data.path).forEach((raw, i) => {
          out[at * count + i] = (raw - zero) * volts;
        });
      }
      return out;
    },
    close: () => closeHdf5(file),
  };
}

function channelsOf(stream: Stream, several: boolean) {
  const { data, info, label } = stream;
  const [rows, samples] = data.shape ?? [0, 0];
  const [ids, zeros, ticks, factors, exponents] = COLUMNS.map((column) => memberNumbers(info, column));
  const labels = hasMembers(info, ["Label"]) ? memberTexts(info, "Label") : [];
  const units = hasMembers(info, ["Unit"]) ? memberTexts(info, "Unit") : [];
  const rowOf = hasMembers(info, ["RowIndex"]) ? memberNumbers(info, "RowIndex") : [...ids.keys()];
  return ids.map((id, i) => {
    const rateHz = 1e6 / ticks[i];
    if (!(rateHz > 0 && Number.isFinite(rateHz) && rowOf[i] >= 0 && rowOf[i] < rows))
      throw new RecordingError(
        `${info.path}: expected a tick and a row of ${rows}, got ${ticks[i]} us and ${rowOf[i]}`,
      );
    const own = labels[i] || String(id);
    const channel: SignalChannel = {
      label: several ? `${label}: ${own}` : own,
      unit: units[i] ?? "V",
      rateHz,
      samples,
    };
    return { channel, stream, row: rowOf[i], zero: zeros[i], volts: factors[i] * 10 ** exponents[i] };
  });
}
