/**
 * Series from outside: each brain is given one of several in a place code and should say the class of what comes next. Brain i
 * is given series i modulo their number, so that every series has several brains, and series that know of each other can help
 * each other through a joint emulator. One brain and one series is the organoid cycle.
 */
import type { Datum } from "../protocol/protocol.ts";
import type { Task, World } from "./contract.ts";
import { type CodedSeries, contextOf, presentationStep } from "./series/contract.ts";

export interface SignalsOptions {
  readonly brains: number;
  /** Presentations of one block of training, and blocks. */
  readonly train: number;
  readonly cycles: number;
  readonly probe: number;
  /** Volleys of a datum. */
  readonly volleys: number;
}

export interface Signal {
  /** What it is called in reports. */
  readonly name: string;
  readonly source: string;
  readonly coded: CodedSeries;
}

export function signalsTask(signals: readonly Signal[], options: SignalsOptions): Task {
  const { brains, train, cycles, probe, volleys } = options;
  const [first] = signals;
  if (!first) throw new RangeError("signals: expected at least one series");
  const { classCount, sensoryCount, kind } = first.coded;
  for (const { name, coded } of signals)
    if (coded.sensoryCount !== sensoryCount || coded.classCount !== classCount)
      throw new RangeError(
        `signals: expected series of as many places and classes as ${first.name}, got ${coded.sensoryCount} and ${coded.classCount} of ${name}`,
      );
  const seriesOf = (brain: number) => signals[brain % signals.length].coded;
  const datumAt = (series: CodedSeries, step: number): Datum => ({
    places: [...contextOf(series, step)],
    volleys,
  });
  return {
    name: signals.length === 1 ? first.name : "signals",
    source: signals.length === 1 ? first.source : signals.map(({ name }) => name).join(", "),
    kind,
    classes: classCount,
    brains,
    sight: "all",
    questions: signals.map(({ name, coded }, s) => ({
      name,
      answers: coded.classCount,
      brains: [...Array(brains).keys()].filter((brain) => brain % signals.length === s),
      wordOf: (_, answer) => answer,
    })),
    notes: [...new Set(signals.flatMap(({ coded }) => coded.notes))],
    series: Array.from({ length: brains }, (_, brain) => seriesOf(brain)),
    babble(random, brain) {
      const series = seriesOf(brain);
      return datumAt(series, presentationStep(series, random.integer(cycles * train)));
    },
    world(phase, block): World {
      let t = phase === "train" ? block * train : 0;
      const stepOf = (series: CodedSeries) => {
        if (phase === "train") return presentationStep(series, t);
        const { start, end } = series.test;
        return start + ((t % probe) % (end - start));
      };
      const each = <T>(pick: (series: CodedSeries, step: number) => T): T[] =>
        Array.from({ length: brains }, (_, brain) => pick(seriesOf(brain), stepOf(seriesOf(brain))));
      return {
        present: () => each(datumAt),
        targets: () => Int32Array.from(each((series, step) => series.labels[step])),
        answers: () => signals.map(({ coded }) => coded.labels[stepOf(coded)]),
        steps: () => each((_, step) => step),
        advance() {
          t++;
          return null;
        },
      };
    },
  };
}
