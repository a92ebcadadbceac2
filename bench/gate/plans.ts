/** Plans that a careless, a hurried and a hostile caller would make. */
import type { Device, Phase, Pulse } from "../../src/device/contract.ts";
import type { Random } from "../../src/math/random.ts";

const FULL: readonly Phase[] = [
  { currentUa: -2.5, durationUs: 160 },
  { currentUa: 2.5, durationUs: 160 },
];

export interface Around {
  readonly device: Device;
  readonly random: Random;
  /** What a pulse looks like, where the device can send only some. */
  readonly phases?: readonly (readonly Phase[])[];
  /** Channels that are planned for, most of them good. */
  readonly channels: readonly number[];
  /** Plans that were made before. */
  readonly made: (readonly Pulse[])[];
}

type Kind = (around: Around) => readonly Pulse[];

const some = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)];
const frames = ({ device }: Around, ms: number) => Math.round((ms / 1000) * device.profile.framesPerSecond);

function shape({ random, phases }: Around): readonly Phase[] {
  if (phases) return some(random, phases);
  const currentUa = (1 + random.integer(32)) / 10;
  const durationUs = 20 * (1 + random.integer(12));
  return random.integer(4) === 0
    ? FULL
    : [
        { currentUa: -currentUa, durationUs },
        { currentUa: random.integer(20) === 0 ? 1.009 * currentUa : currentUa, durationUs },
      ];
}

function train(
  around: Around,
  { from, count, everyMs }: { from: number; count: number; everyMs: number },
): Pulse[] {
  const channel = some(around.random, around.channels);
  const phases = shape(around);
  return Array.from({ length: count }, (_, i) => ({
    frame: from + i * frames(around, everyMs),
    channel,
    phases,
  }));
}

/** A pulse or two, soon: what most plans are. */
const soon: Kind = (around) =>
  Array.from({ length: 1 + around.random.integer(2) }, () => ({
    frame: around.device.present() + frames(around, around.random.integer(30)),
    channel: some(around.random, around.channels),
    phases: shape(around),
  }));

/** All others; the device's clock may be far ahead of what was read. */
const KINDS: readonly Kind[] = [
  // A train that was planned from what has been read, as if no time had passed since.
  (around) => train(around, { from: around.device.now(), count: 40, everyMs: 20 }),
  // As fast as the rules admit, and a little faster.
  (around) => train(around, { from: around.device.present() + frames(around, 5), count: 10, everyMs: 2 }),
  (around) => train(around, { from: around.device.present() + frames(around, 5), count: 3, everyMs: 1.96 }),
  // A train to the end of the budget, far ahead, in falling order.
  (around) =>
    train(around, { from: around.device.present() + frames(around, 1000), count: 30, everyMs: 21 }).reverse(),
  // Many electrodes at once.
  (around) =>
    around.channels.slice(0, 20).map((channel) => ({
      frame: around.device.present() + frames(around, 8),
      channel,
      phases: shape(around),
    })),
  // Once more what was planned before, as it was.
  ({ made, random }) => (made.length > 0 ? some(random, made) : []),
  // Nonsense.
  (around) => [
    {
      frame: some(around.random, [Number.NaN, -1, 1e15, 0.5, around.device.now()]),
      channel: around.random.integer(70) - 3,
      phases: [{ currentUa: some(around.random, [-1e3, 0, Number.NaN]), durationUs: 1e3 }],
    },
  ],
];

const KEPT = 20;

/** Makes a plan, and remembers it. */
export function planOf(around: Around): readonly Pulse[] {
  const plan = around.random.integer(8) > 0 ? soon(around) : some(around.random, KINDS)(around);
  if (around.random.integer(10) === 0) {
    around.made.push(plan);
    if (around.made.length > KEPT) around.made.shift();
  }
  return plan;
}
