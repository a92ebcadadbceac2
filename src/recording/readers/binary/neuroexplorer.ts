/**
 * NeuroExplorer's .nex files: variables by kind, of which neurons are read here, and the span of the recording.
 * "NeuroExplorer Data Files", https://www.neuroexplorer.com/downloadspage/ (How to read and write .nex files)
 */

import { ascending } from "../../blocks.ts";
import { RecordingError } from "../../contract.ts";
import type { SpikeFile } from "../../cultures/spike-file.ts";
import type { ByteFile } from "../../signals/bytes.ts";

const HEADER = 544;
const VARIABLE = 208;
const NEURON = 0;
const BLOCK = 1 << 14;

export function isNex(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 4)).toString("latin1") === "NEX1";
}

interface Neuron {
  readonly name: string;
  readonly offset: number;
  readonly count: number;
}

export function openNex(file: ByteFile, name: string): SpikeFile {
  const fail = (what: string): never => {
    throw new RecordingError(`${file.path}: ${what}; not a whole .nex file`);
  };
  if (file.length < HEADER) fail(`expected a heading of ${HEADER} bytes`);
  const head = Buffer.from(file.read(0, HEADER));
  const rate = head.readDoubleLE(264);
  const [begin, end, variables] = [272, 276, 280].map((at) => head.readInt32LE(at));
  if (!(rate > 0 && rate < 1e9)) fail(`expected a clock, got ${rate} ticks a second`);
  if (!(variables >= 0 && HEADER + VARIABLE * variables <= file.length))
    fail(`expected ${variables} variables`);
  const neurons: Neuron[] = [];
  for (let i = 0; i < variables; i++) {
    const bytes = file.read(HEADER + VARIABLE * i, VARIABLE);
    if (bytes.readInt32LE(0) !== NEURON) continue;
    const neuron = {
      name: bytes.toString("latin1", 8, 72).split("\0")[0].trim() || `neuron ${i + 1}`,
      offset: bytes.readInt32LE(72),
      count: bytes.readInt32LE(76),
    };
    if (!(neuron.count >= 0 && neuron.offset >= 0 && neuron.offset + 4 * neuron.count <= file.length))
      fail(`${neuron.name}: expected ${neuron.count} times at byte ${neuron.offset}`);
    neurons.push(neuron);
  }
  if (neurons.length === 0) fail("expected neurons, got none");
  return {
    name,
    source: "neuroexplorer-nex",
    ...(end > begin ? { span: { startSeconds: begin / rate, endSeconds: end / rate } } : {}),
    channels: neurons.map(({ name: label, count }) => ({ name: label, spikeCount: count })),
    meta: { samplingRateHz: rate },
    readSpikes: (channel) =>
      ascending(
        timesOf(file, neurons[channel], rate),
        (detail) => new RecordingError(`${file.path}: ${neurons[channel].name}: ${detail}`),
      ),
    close: () => file.close(),
  };
}

function* timesOf(file: ByteFile, { offset, count }: Neuron, rate: number): Generator<Float64Array> {
  for (let from = 0; from < count; from += BLOCK) {
    const length = Math.min(BLOCK, count - from);
    const bytes = file.read(offset + 4 * from, 4 * length);
    yield Float64Array.from({ length }, (_, i) => bytes.readInt32LE(4 * i) / rate);
  }
}
