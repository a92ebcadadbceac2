/**
 * One culture as the model of learning knows it: its electrodes of classes and places by index, what was recorded of it, and the
 * filter that believes it.
 *
 * Legend: B bins, C channels, E electrodes of classes, P places, K classes.
 */

import type { Layout } from "../../protocol/layout.ts";
import { type Write, writtenElectrodes } from "../../protocol/protocol.ts";
import { accuracy } from "../../tasks/measures/score.ts";
import { readElectrodes } from "../error-correcting/needs.ts";
import { DELAYS_MS, DOSES } from "./constants.ts";
import type { ElectrodeWrite } from "./explore.ts";
import { type Distances, Filter } from "./filter.ts";
import { Past } from "./loss.ts";
import { ChangePrediction } from "./predicted-changes.ts";
import { isWritten, type Presented } from "./presented.ts";

/** What was shown. */
export interface Shown {
  readonly places: readonly number[];
  readonly write: Write | null;
  readonly plasticity: number;
}

/** A presentation, with the class that should follow its datum. */
export interface Lesson extends Presented {
  readonly target: number;
}

export class Pupil {
  readonly electrodes: readonly number[];
  readonly distances: Distances;
  /** `[K]` the electrodes of each class, and `[E]` the classes of each electrode, by index. */
  readonly classes: readonly (readonly number[])[];
  readonly past: Past;
  readonly lessons: Lesson[] = [];
  filter: Filter;
  changePrediction = new ChangePrediction();
  private readonly classesOf: readonly (readonly number[])[];

  constructor(
    readonly layout: Layout,
    patterns: readonly (readonly number[])[],
    constants: Float64Array,
  ) {
    const { roles, profile } = layout;
    this.electrodes = [...new Set(patterns.flat())];
    this.classes = patterns.map((pattern) => pattern.map((channel) => this.electrodes.indexOf(channel)));
    this.classesOf = this.electrodes.map((_, e) =>
      patterns.flatMap((_, k) => (this.classes[k].includes(e) ? [k] : [])),
    );
    const at = (channel: number) => {
      const found = profile.electrodes.find((electrode) => electrode.channel === channel);
      return found ? [found.xUm / 1000, found.yUm / 1000] : [0, 0];
    };
    this.distances = this.electrodes.map((channel) => {
      const [x, y] = at(channel);
      return Float64Array.from(roles.sensory, (place) => Math.hypot(x - at(place)[0], y - at(place)[1]));
    });
    this.past = new Past(this.classesOf, patterns.length, roles.sensory.length);
    this.filter = new Filter(constants, this.distances);
  }

  /** Believes again all that was recorded, by other constants; what they predict counts from now on. */
  believe(constants: Float64Array): void {
    this.filter = new Filter(constants, this.distances);
    this.changePrediction = new ChangePrediction();
    for (const lesson of this.lessons) this.learn(lesson);
  }

  /** Records a presentation, and believes it. */
  saw(lesson: Lesson): void {
    this.lessons.push(lesson);
    if (!isWritten(lesson))
      this.changePrediction.beforeRead(lesson, this.filter, (counts) => this.rightBy(counts, lesson.target));
    this.learn(lesson);
  }

  private learn(lesson: Lesson): void {
    this.filter.step(lesson);
    this.changePrediction.after(lesson, this.filter);
  }

  /** 1 where the class with most spikes is `target`, 0 where none should be said; ties are shared. */
  private rightBy(counts: ArrayLike<number>, target: number): number {
    const sums = this.classes.map((own) => own.reduce((sum, e) => sum + counts[e], 0));
    return target < 0 ? 0 : accuracy(sums, [target], sums.length);
  }

  /** A presentation as the model takes it, of counts `[B, C]` as read. */
  presentedAs(read: Float32Array, { places, write, plasticity }: Shown): Presented {
    const { frames } = this.layout;
    const E = this.electrodes.length;
    const delays = new Int8Array(E).fill(-1);
    const doses = new Uint8Array(E);
    const all = frames.volleys.length;
    if (write)
      for (const { channel, delayFrames, volleys } of writtenElectrodes(write, { places, volleys: all })) {
        const e = this.electrodes.indexOf(channel);
        if (e < 0) continue;
        delays[e] = this.delaysInFrames.indexOf(delayFrames);
        doses[e] = Math.min(volleys, DOSES) - 1;
      }
    const counts = Uint16Array.from(readElectrodes(read, this.layout, this.electrodes));
    return { places: [...places], counts, delays, doses, plasticity };
  }

  /** The write, for the tissue; null for none. */
  writeOf(chosen: readonly ElectrodeWrite[]): Write | null {
    if (chosen.length === 0) return null;
    return {
      channels: chosen.map(({ electrode }) => this.electrodes[electrode]),
      amplitude: 1,
      delayFrames: chosen.map(({ delay }) => this.delaysInFrames[delay]),
      volleys: chosen.map(({ dose }) => dose + 1),
    };
  }

  private get delaysInFrames(): number[] {
    return DELAYS_MS.map((ms) => Math.round(ms * this.layout.frames.perMs));
  }
}
