/** The state of a wired brain as bytes that any machine reads, with what says of which wiring it is. */
import { decode, encode } from "@msgpack/msgpack";
import type { BrainState } from "../../wiring/brain/brain.ts";
import { drivingConnections, type Wiring } from "../../wiring/contract.ts";
import { DeviceError } from "../lost.ts";
import type { Pulse } from "../signals.ts";

export interface WiredState {
  readonly brain: BrainState;
  readonly pending: readonly Pulse[];
}

const FORMAT = "wired brain 1";

export function pack(wiring: Wiring, { brain, pending }: WiredState): Uint8Array {
  const { engine, light, learning } = brain;
  return encode({
    format: FORMAT,
    wiring: printOf(wiring),
    now: engine.now,
    modes: bytesOf(engine.modes),
    steps: bytesOf(engine.steps),
    past: engine.past.map(bytesOf),
    light: { ...light, next: light.next.map(bytesOf) },
    ...(learning && {
      learning: {
        spikes: learning.spikes,
        trace: bytesOf(learning.trace),
        tracedAt: bytesOf(learning.tracedAt),
        valuesMv: bytesOf(learning.valuesMv),
      },
    }),
    pending,
  });
}

export function unpack(wiring: Wiring, bytes: Uint8Array): WiredState {
  const found = decode(bytes) as Packed;
  if (found.format !== FORMAT || found.wiring !== printOf(wiring))
    throw new DeviceError("restore: expected the state of a brain of this wiring diagram, got another's");
  const { now, modes, steps, past, light, learning, pending } = found;
  return {
    brain: {
      engine: { now, modes: doubles(modes), steps: integers(steps), past: past.map(integers) },
      light: { ...light, next: light.next.map(doubles) },
      ...(learning && {
        learning: {
          spikes: learning.spikes,
          trace: doubles(learning.trace),
          tracedAt: integers(learning.tracedAt),
          valuesMv: doubles(learning.valuesMv),
        },
      }),
    },
    pending,
  };
}

interface Packed {
  readonly format: string;
  readonly wiring: number;
  readonly now: number;
  readonly modes: Uint8Array;
  readonly steps: Uint8Array;
  readonly past: readonly Uint8Array[];
  readonly light: Omit<BrainState["light"], "next"> & { readonly next: readonly Uint8Array[] };
  readonly learning?: {
    readonly spikes: number;
    readonly trace: Uint8Array;
    readonly tracedAt: Uint8Array;
    readonly valuesMv: Uint8Array;
  };
  readonly pending: readonly Pulse[];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
const doubles = (bytes: Uint8Array): Float64Array => new Float64Array(new Uint8Array(bytes).buffer);
const integers = (bytes: Uint8Array): Int32Array => new Int32Array(new Uint8Array(bytes).buffer);

const prints = new WeakMap<Wiring, number>();

/** Thirty-two bits that change with the connections: FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function printOf(wiring: Wiring): number {
  let print = prints.get(wiring);
  if (print !== undefined) return print;
  print = 0x811c9dc5;
  const { targets, counts } = drivingConnections(wiring);
  for (let j = 0; j < targets.length; j++)
    print = Math.imul(print ^ targets[j] ^ (counts[j] << 20), 0x01000193);
  for (const sign of wiring.signs) print = Math.imul(print ^ (sign & 0xff), 0x01000193);
  prints.set(wiring, print >>> 0);
  return print >>> 0;
}
