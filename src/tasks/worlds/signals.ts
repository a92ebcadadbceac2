/**
 * Streams from outside: each brain is given one of several series in a place code and should say the class of what comes
 * next, as one culture does in `wetgrad organoid`. Brain i is given stream i modulo their number, so that every stream has
 * several brains, and streams that know of each other can help each other through the joint emulator.
 */
import { scoreBaselines } from "../baselines/index.ts";
import { type CodedTask, contextOf } from "../contract.ts";
import type { Given, VatTask, VatWorld } from "./contract.ts";
import { PLACES } from "./contract.ts";

export interface SignalsOptions {
  readonly brains: number;
  /** Presentations of one block. */
  readonly train: number;
  readonly probe: number;
}

/** Electrodes pulsed for a datum, as in the organoid cycle. */
export const ACTIVE = 3;

/** `names`: what each stream is called. */
export function signalsTask(
  streams: readonly CodedTask[],
  names: readonly string[],
  { brains, train, probe }: SignalsOptions,
): VatTask {
  const streamOf = (brain: number) => streams[brain % streams.length];
  const given = (stream: CodedTask, step: number): Given => ({
    places: [...contextOf(stream, step)],
    volleys: 3,
  });
  const [first] = streams;
  if (!first) throw new RangeError("signals: expected at least one stream");
  for (const stream of streams)
    if (stream.sensoryCount !== PLACES || stream.classCount !== first.classCount)
      throw new RangeError("signals: expected streams of as many places and classes");
  return {
    name: "signals",
    source: names.join(", "),
    classes: first.classCount,
    sight: "all",
    questions: streams.map((stream, s) => ({
      name: names[s] ?? stream.name,
      answers: stream.classCount,
      baselines: Object.fromEntries(
        [...scoreBaselines(stream)].map(([baseline, { accuracy }]) => [baseline, accuracy]),
      ),
      brains: [...Array(brains).keys()].filter((brain) => brain % streams.length === s),
      wordOf: (_, answer) => answer,
    })),
    notes: [...new Set(streams.flatMap(({ notes }) => notes))],
    babble(random, brain) {
      const stream = streamOf(brain);
      const { start, end } = stream.train;
      return given(stream, start + random.integer(end - start));
    },
    world(phase, block): VatWorld {
      let t = block * (phase === "train" ? train : 0);
      const stepOf = (stream: CodedTask) => {
        const { start, end } = phase === "train" ? stream.train : stream.test;
        return start + ((t % probeLength(phase)) % (end - start));
      };
      return {
        present: () =>
          Array.from({ length: brains }, (_, brain) => given(streamOf(brain), stepOf(streamOf(brain)))),
        targets: () =>
          Int32Array.from({ length: brains }, (_, brain) => {
            const stream = streamOf(brain);
            return stream.labels[stepOf(stream)];
          }),
        answers: () => streams.map((stream) => stream.labels[stepOf(stream)]),
        advance() {
          t++;
          return null;
        },
      };
    },
  };

  function probeLength(phase: string): number {
    return phase === "probe" ? probe : Number.MAX_SAFE_INTEGER;
  }
}
