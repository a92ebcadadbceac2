/**
 * A segment: everything that one culture did and saw in one recorded stretch. It is the unit that workers hand over
 * and that the run's NWB file is made of. As bytes: magic, header length, JSON header, arrays (each on an 8-byte
 * boundary), SHA-256 of all before it.
 */
import { createHash } from "node:crypto";
import { RecordingError } from "../contract.ts";

/** Which segment: unique within a run. */
export interface SegmentId {
  readonly seed: number;
  /** Code of the prediction zone: `assigned` or `free`. */
  readonly code: string;
  readonly arm: string;
  /** Training cycle from 0; -1 for what comes before the first. */
  readonly cycle: number;
  /** `babble`, `train`, `probe`, ...; once per cycle. */
  readonly phase: string;
}

/** A task variable or loss with one value per frame named. */
export interface SegmentSeries {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly values: ArrayLike<number>;
  readonly frames: ArrayLike<number>;
}

export interface SegmentPulse {
  readonly frame: number;
  readonly channel: number;
  readonly phases: readonly { readonly currentUa: number; readonly durationUs: number }[];
  /** In place of phases, on a channel of light. */
  readonly light?: { readonly irradianceMwPerMm2: number; readonly durationUs: number };
}

/** What was asked of the culture in a part of the stretch, in words. */
export interface SegmentTrial {
  readonly startFrame: number;
  readonly endFrame: number;
  /** What was shown. */
  readonly text: string;
  /** What was to come of it; empty if nothing. */
  readonly target: string;
}

/** All frames are frames of the culture's device clock. */
export interface Segment extends SegmentId {
  readonly startFrame: number;
  readonly endFrame: number;
  /** In frame order. */
  readonly spikes: { readonly frames: Float64Array; readonly channels: Uint16Array };
  readonly pulses: readonly SegmentPulse[];
  readonly series: readonly SegmentSeries[];
  readonly trials?: readonly SegmentTrial[];
}

/** The segment's name in the spool, and in the order in which a run's file is written. */
export function segmentKey({ seed, code, arm, cycle, phase }: SegmentId): string {
  for (const part of [code, arm, phase])
    if (!/^[a-z0-9][a-z0-9-]*$/i.test(part))
      throw new RecordingError(
        `segment: expected code, arm and phase of letters, digits and "-", got "${part}"`,
      );
  return `${seed}_${code}_${arm}_${cycle}_${phase}`;
}

const MAGIC = 0x31474557; // "WEG1"
const DIGEST_BYTES = 32;

interface Header {
  readonly id: SegmentId;
  readonly startFrame: number;
  readonly endFrame: number;
  readonly spikes: number;
  readonly pulses: number;
  readonly phases: number;
  /** Pulses are of light: where a current would stand is the irradiance. */
  readonly light?: true;
  readonly series: readonly { name: string; unit: string; description: string; length: number }[];
  readonly trials?: readonly SegmentTrial[] | undefined;
}

export function encodeSegment(segment: Segment): Uint8Array {
  const { seed, code, arm, cycle, phase, startFrame, endFrame, spikes, pulses, series, trials } = segment;
  segmentKey(segment);
  check(segment);
  const isLight = pulses.some(({ light }) => light !== undefined);
  const phasesOf = ({ phases, light }: SegmentPulse) =>
    light ? [{ currentUa: light.irradianceMwPerMm2, durationUs: light.durationUs }] : phases;
  const phases = pulses.flatMap(phasesOf);
  const header: Header = {
    id: { seed, code, arm, cycle, phase },
    startFrame,
    endFrame,
    spikes: spikes.frames.length,
    pulses: pulses.length,
    phases: phases.length,
    ...(isLight && { light: true }),
    series: series.map(({ name, unit, description, values }) => ({
      name,
      unit,
      description,
      length: values.length,
    })),
    trials,
  };
  const arrays: ArrayBufferView[] = [
    relative(spikes.frames, startFrame),
    spikes.channels,
    Float64Array.from(pulses, (pulse) => pulse.frame),
    Uint16Array.from(pulses, (pulse) => pulse.channel),
    Uint8Array.from(pulses, (pulse) => phasesOf(pulse).length),
    Float64Array.from(phases, (phase) => phase.currentUa),
    Float64Array.from(phases, (phase) => phase.durationUs),
    ...series.flatMap(({ values, frames }) => [Float64Array.from(values), Float64Array.from(frames)]),
  ];
  const json = new TextEncoder().encode(JSON.stringify(header));
  const size = arrays.reduce((sum, array) => sum + aligned(array.byteLength), 8 + aligned(json.length));
  const bytes = new Uint8Array(size + DIGEST_BYTES);
  new DataView(bytes.buffer).setUint32(0, MAGIC, true);
  new DataView(bytes.buffer).setUint32(4, json.length, true);
  bytes.set(json, 8);
  let offset = 8 + aligned(json.length);
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += aligned(array.byteLength);
  }
  bytes.set(digest(bytes.subarray(0, size)), size);
  return bytes;
}

export function decodeSegment(bytes: Uint8Array, source = "segment"): Segment {
  const size = bytes.length - DIGEST_BYTES;
  const damaged = () => new RecordingError(`${source}: damaged or not a segment; delete it and run again`);
  if (size < 8 || !digest(bytes.subarray(0, size)).equals(bytes.subarray(size))) throw damaged();
  // A copy of its own: a Buffer's bytes may lie anywhere in memory shared with others.
  const data = Uint8Array.from(bytes.subarray(0, size));
  const view = new DataView(data.buffer);
  if (view.getUint32(0, true) !== MAGIC) throw damaged();
  const jsonLength = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(data.subarray(8, 8 + jsonLength))) as Header;
  let offset = 8 + aligned(jsonLength);
  const take = (length: number, bytesEach: number): number => {
    const start = offset;
    offset += aligned(length * bytesEach);
    return start;
  };
  const spikeFrames = new Uint32Array(data.buffer, take(header.spikes, 4), header.spikes);
  const channels = new Uint16Array(data.buffer, take(header.spikes, 2), header.spikes);
  const pulseFrames = new Float64Array(data.buffer, take(header.pulses, 8), header.pulses);
  const pulseChannels = new Uint16Array(data.buffer, take(header.pulses, 2), header.pulses);
  const phaseCounts = new Uint8Array(data.buffer, take(header.pulses, 1), header.pulses);
  const currents = new Float64Array(data.buffer, take(header.phases, 8), header.phases);
  const durations = new Float64Array(data.buffer, take(header.phases, 8), header.phases);
  let phase = 0;
  return {
    ...header.id,
    startFrame: header.startFrame,
    endFrame: header.endFrame,
    spikes: { frames: absolute(spikeFrames, header.startFrame), channels },
    pulses: Array.from(pulseFrames, (frame, i): SegmentPulse => {
      const channel = pulseChannels[i];
      const phases = Array.from({ length: phaseCounts[i] }, () => ({
        currentUa: currents[phase],
        durationUs: durations[phase++],
      }));
      if (!header.light) return { frame, channel, phases };
      const [{ currentUa: irradianceMwPerMm2, durationUs }] = phases;
      return { frame, channel, phases: [], light: { irradianceMwPerMm2, durationUs } };
    }),
    series: header.series.map(({ length, ...about }) => ({
      ...about,
      values: new Float64Array(data.buffer, take(length, 8), length),
      frames: new Float64Array(data.buffer, take(length, 8), length),
    })),
    ...(header.trials && { trials: header.trials }),
  };
}

function check({ startFrame, endFrame, spikes, series, phase }: Segment): void {
  const fault = (text: string) => new RecordingError(`segment ${phase}: ${text}`);
  if (!(Number.isSafeInteger(startFrame) && endFrame >= startFrame && endFrame - startFrame < 2 ** 32))
    throw fault(`expected frames start <= end, at most 2^32 apart, got ${startFrame}..${endFrame}`);
  if (spikes.frames.length !== spikes.channels.length)
    throw fault(`${spikes.frames.length} spike frames but ${spikes.channels.length} channels`);
  let last = startFrame;
  for (const frame of spikes.frames) {
    if (!(Number.isInteger(frame) && frame >= last && frame <= endFrame))
      throw fault(
        `expected spikes at whole frames in order within ${startFrame}..${endFrame}, got ${frame} after ${last}`,
      );
    last = frame;
  }
  for (const { name, values, frames } of series)
    if (values.length !== frames.length)
      throw fault(`series ${name} has ${values.length} values but ${frames.length} frames`);
}

function relative(frames: Float64Array, startFrame: number): Uint32Array {
  const offsets = new Uint32Array(frames.length);
  for (let i = 0; i < frames.length; i++) offsets[i] = frames[i] - startFrame;
  return offsets;
}

function absolute(offsets: Uint32Array, startFrame: number): Float64Array {
  const frames = new Float64Array(offsets.length);
  for (let i = 0; i < offsets.length; i++) frames[i] = offsets[i] + startFrame;
  return frames;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function digest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
