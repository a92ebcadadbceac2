/**
 * How a datum is presented, as a value: when it is pulsed, when a write follows, and which spikes make the neural state.
 *
 * In the standard protocol a datum is a short train of volleys: its electrodes are pulsed together at 0, 25 and 50 ms, and a
 * write (if any) follows each volley by a few milliseconds. The neural state is the first 20 ms after a volley, summed over
 * the volleys; then silence until 100 ms. One volley alone says too little through a hundred cells' noise, and a write that
 * comes later than the culture's own answer (about 6 ms) lets plasticity confirm that answer, right or wrong.
 */
import type { DeviceProfile, Frame } from "../device/contract.ts";
import type { Light } from "../device/signals.ts";
import { ProtocolError } from "./error.ts";
import type { Division } from "./roles.ts";

export interface Protocol {
  /** Length of one presentation. */
  readonly presentationMs: number;
  /** Starts of the volleys, relative to the presentation's start. */
  readonly volleysMs: readonly number[];
  /** The write follows each volley by this: after the datum's cells have fired, before the culture answers. */
  readonly writeMs: number;
  /** Babbling tries several delays, because the culture's own prediction comes at none in particular. */
  readonly babbleWritesMs: readonly number[];
  /** The neural state: so many bins after a volley, of this length, summed over volleys. */
  readonly bins: number;
  readonly binMs: number;
  /** How the electrodes are divided between data and classes. */
  readonly division: Division;
  /** Electrodes pulsed for a datum of a series, and for a write: as many as a class has. */
  readonly contextSize: number;
  readonly patternSize: number;
  /** Expected spikes that one pulse evokes directly on its electrode, which the artifact windows hide from the reading. */
  readonly evokedCount: number;
  /** The same of a pulse of a write, where it is another. */
  readonly writtenCount?: number;
  /** Of channels of light: a datum's flash, and a write's at amplitude 1. */
  readonly light?: { readonly datum: Light; readonly write: Light };
}

export const STANDARD_PROTOCOL: Protocol = {
  presentationMs: 100,
  volleysMs: [0, 25, 50],
  writeMs: 4,
  babbleWritesMs: [4, 5, 7, 9],
  bins: 5,
  binMs: 4,
  division: "chessboard",
  contextSize: 3,
  patternSize: 4,
  evokedCount: 4,
};

/**
 * On an array wider than axons are long: a datum is four places of one electrode, a class sixteen electrodes spread over the
 * array. What a class says is then mostly summed by counting, site by site.
 */
const WIDE_PROTOCOL: Protocol = {
  ...STANDARD_PROTOCOL,
  division: "blocks",
  contextSize: 4,
  patternSize: 16,
};

/**
 * Light on groups of cells in place of current: a cell that is lit is kicked at random, so that a flash lasts as long as the reading, and a
 * datum is three groups. A group is not read while it is lit; a write of 160 ms at 150 Hz evokes some 24 spikes in each of its cells, of
 * which a larva's groups have four. Chosen on its brain (docs/wiring.md).
 */
const LIGHT_PROTOCOL: Protocol = {
  presentationMs: 300,
  volleysMs: [0],
  writeMs: 40,
  babbleWritesMs: [40, 60, 80, 120],
  bins: 5,
  binMs: 40,
  division: "chessboard",
  contextSize: 3,
  patternSize: 4,
  evokedCount: 8,
  writtenCount: 96,
  light: {
    datum: { irradianceMwPerMm2: 1, durationUs: 200_000 },
    write: { irradianceMwPerMm2: 1, durationUs: 160_000 },
  },
};

/** Electrodes from which on an array is wide: enough for eight classes of sixteen, and as many places. */
const WIDE_ELECTRODES = 240;

/** The protocol for a device, by what its channels are and how many. */
export function protocolFor({
  electrodes,
  lightChannels = [],
}: Pick<DeviceProfile, "electrodes" | "lightChannels">): Protocol {
  if (lightChannels.length > 0) return LIGHT_PROTOCOL;
  return electrodes.length >= WIDE_ELECTRODES ? WIDE_PROTOCOL : STANDARD_PROTOCOL;
}

/** The protocol with its writes, those of babbling too, as much later (or sooner) as `writeMs` is than its own. */
export function writingAfter(protocol: Protocol, writeMs: number): Protocol {
  const later = writeMs - protocol.writeMs;
  return { ...protocol, writeMs, babbleWritesMs: protocol.babbleWritesMs.map((ms) => ms + later) };
}

/** The protocol's times on the clock of a device. */
export interface ProtocolFrames {
  readonly perMs: number;
  readonly presentation: Frame;
  readonly volleys: readonly Frame[];
  readonly write: Frame;
  readonly babbleWrites: readonly Frame[];
  readonly bin: Frame;
}

/** Throws `ProtocolError` where a time of the protocol falls between two frames of the device. */
export function framesOf(protocol: Protocol, framesPerSecond: number): ProtocolFrames {
  const perMs = framesPerSecond / 1000;
  const frames = (ms: number): Frame => {
    const exact = ms * perMs;
    if (Math.abs(exact - Math.round(exact)) > 1e-9)
      throw new ProtocolError(
        `protocol: expected times in whole frames of the device (${framesPerSecond} a second), got ${ms} ms`,
      );
    return Math.round(exact);
  };
  return {
    perMs,
    presentation: frames(protocol.presentationMs),
    volleys: protocol.volleysMs.map(frames),
    write: frames(protocol.writeMs),
    babbleWrites: protocol.babbleWritesMs.map(frames),
    bin: frames(protocol.binMs),
  };
}

/** A datum as it is presented: places of the sensory zone, pulsed in so many of the protocol's volleys. */
export interface Datum {
  readonly places: readonly number[];
  readonly volleys: number;
}

/** A write: electrodes, and when each is pulsed. A list stands for one value per electrode. */
export interface Write {
  readonly channels: readonly number[];
  readonly amplitude: number;
  /** From the volley to the pulse; below 0 before the volley, where pairs of spikes weaken (Bi & Poo 1998). */
  readonly delayFrames: Frame | readonly Frame[];
  /** How many of the datum's volleys are written to, the first ones; all if not given. */
  readonly volleys?: number | readonly number[];
}

/** One electrode of a write. */
export interface WrittenElectrode {
  readonly channel: number;
  readonly delayFrames: Frame;
  /** Volleys of the datum that are written to. */
  readonly volleys: number;
}

/** The electrodes of a write, one by one. Throws `ProtocolError` where a list has another length than `channels`. */
export function writtenElectrodes(
  { channels, delayFrames, volleys }: Write,
  { volleys: all }: Datum,
): WrittenElectrode[] {
  for (const list of [delayFrames, volleys])
    if (typeof list === "object" && list.length !== channels.length)
      throw new ProtocolError(
        `write: expected one value per electrode, got ${list.length} for ${channels.length} electrodes`,
      );
  const at = (value: number | readonly number[], i: number) => (typeof value === "number" ? value : value[i]);
  return channels.map((channel, i) => ({
    channel,
    delayFrames: at(delayFrames, i),
    volleys: Math.min(at(volleys ?? all, i), all),
  }));
}
