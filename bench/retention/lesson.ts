/**
 * One culture that is taught by error correction, left alone and probed: each datum is read first, and shown again with the write
 * of its class only where that class does not lead the best other one by a margin. Plasticity is full throughout; probes
 * alone are read at the low rate, and on a copy, so that asking changes nothing.
 */
import { Culture } from "../../src/culture/culture.ts";
import type { CultureParameters } from "../../src/culture/parameters.ts";
import { growCulture } from "../../src/culture/presets.ts";
import type { RuleName } from "../../src/culture/rules/rules.ts";
import type { Device } from "../../src/device/contract.ts";
import { openDevice } from "../../src/device/gate/open.ts";
import { quietCulture } from "../../src/device/protocols/quieting.ts";
import { simulatedProfile } from "../../src/device/simulated/array.ts";
import { SimulatedMea } from "../../src/device/simulated/driver.ts";
import { scaffolds } from "../../src/device/simulated/scaffolds.ts";
import { always } from "../../src/methods/error-correcting/hands.ts";
import { answerOf, leadOf } from "../../src/methods/error-correcting/needs.ts";
import { LOW_PLASTICITY } from "../../src/methods/plasticity.ts";
import { type Layout, layoutFor, pulsesOf, readState } from "../../src/protocol/layout.ts";
import type { Write } from "../../src/protocol/protocol.ts";
import { readByCounts } from "../../src/protocol/reading.ts";
import { accuracy } from "../../src/tasks/measures/score.ts";
import { type CodedSeries, contextOf } from "../../src/tasks/series/contract.ts";
import { openSeries } from "../../src/tasks/series/open.ts";
import { liveStep } from "../../src/tissue/live-step.ts";

const TRAIN = 800;
const TEST = 200;
/** Spikes by which the right class must lead to be left as it is. */
const MARGIN = 6;
const CLASSES = 8;
const SETTLE_MS = 3000;

export interface LessonOptions {
  readonly seed: number;
  readonly series: string;
  readonly rule: RuleName;
  /** More drive and more membrane noise throughout than a quieted culture has, for a livelier tissue at rest (mV). */
  readonly driveMv: number;
  readonly noiseMv: number;
  /** Changes the constants, to try a setting. */
  readonly adjust?: (parameters: CultureParameters) => CultureParameters;
}

interface Showing {
  readonly step: number;
  readonly write: Write | null;
  readonly plasticity: number;
}

export class Lesson {
  private taught = 0;
  private readonly layout: Layout;
  private readonly task: CodedSeries;

  private constructor(
    readonly culture: Culture,
    private device: Device,
    private readonly options: LessonOptions,
    { layout, task }: { readonly layout: Layout; readonly task: CodedSeries },
  ) {
    this.layout = layout;
    this.task = task;
  }

  static async begin(options: LessonOptions): Promise<Lesson> {
    const { seed, series, rule, driveMv, noiseMv, adjust = (same) => same } = options;
    const { anatomy, parameters } = growCulture({ seed, div: 21, rule });
    const culture = new Culture(
      anatomy,
      adjust({
        ...parameters,
        driveMeanMv: parameters.driveMeanMv + driveMv,
        noiseMv: parameters.noiseMv + noiseMv,
        plasticity: { ...parameters.plasticity, maximumWeight: scaffolds.mea64.trainingMaximumWeight },
      }),
      seed,
    );
    const device = openDevice(new SimulatedMea(culture, { seed }));
    await device.read((SETTLE_MS * simulatedProfile.framesPerSecond) / 1000);
    await quietCulture(device, { seed });
    const layout = layoutFor(device.profile, seed, CLASSES);
    const task = (await openSeries({ series })).code(seed, {
      trainCount: TRAIN,
      testCount: TEST,
      sensoryCount: layout.roles.sensory.length,
      activeCount: layout.protocol.contextSize,
    });
    return new Lesson(culture, device, options, { layout, task });
  }

  /**
   * Goes on through the training data for `presentations` of them, read or written; returns the pulses sent. `isWritten` false
   * only shows the data.
   */
  async show(presentations: number, isWritten: boolean): Promise<number> {
    let pulses = 0;
    for (let shown = 0; shown < presentations; this.taught++) {
      const step = this.task.train.start + (this.taught % TRAIN);
      const read = await this.present(this.device, { step, write: null, plasticity: 1 });
      pulses += this.pulses(step, null);
      shown++;
      const { layout } = this;
      const patterns = layout.roles.assigned;
      const answer = answerOf(read, layout, patterns, this.task.labels[step]);
      if (!isWritten || leadOf(answer) >= MARGIN) continue;
      const write = always({ layout, patterns, answer });
      await this.present(this.device, { step, write, plasticity: 1 });
      pulses += this.pulses(step, write);
      shown++;
    }
    return pulses;
  }

  /** Share of held-out data that the culture answers right by electrode counts, ties shared. */
  async probe(): Promise<number> {
    const { anatomy, parameters } = this.culture;
    const copy = new Culture(anatomy, parameters, this.options.seed);
    copy.restore(this.culture.snapshot());
    const device = this.openOn(copy);
    const { start, end } = this.task.test;
    const { protocol, channels, roles } = this.layout;
    const reader = { bins: protocol.bins, channels, patterns: roles.assigned };
    const scores = new Float64Array(TEST * CLASSES);
    for (let step = start; step < end; step++) {
      const read = await this.present(device, { step, write: null, plasticity: LOW_PLASTICITY });
      scores.set(readByCounts(read, reader), (step - start) * CLASSES);
    }
    await device.close();
    return accuracy(scores, this.task.labels.subarray(start, end), CLASSES);
  }

  /** Lives without stimulation, synapses changing at a share of the full rate; returns the excitatory cells' mean rate (Hz). */
  async rest(seconds: number, plasticity: number): Promise<number> {
    await this.device.close();
    this.culture.setPlasticity(plasticity);
    const E = this.culture.anatomy.excitatoryCount;
    const stepsPerSecond = 1000 / this.culture.stepMs;
    let spikes = 0;
    for (let second = 0; second < seconds; second++)
      for (const neuron of this.culture.advance(stepsPerSecond).neurons) if (neuron < E) spikes++;
    // The device's clock follows the culture that lived without it.
    this.device = this.openOn(this.culture);
    return spikes / E / seconds;
  }

  private openOn(culture: Culture): Device {
    return openDevice(new SimulatedMea(culture, { seed: this.options.seed }));
  }

  private datum(step: number) {
    return { places: [...contextOf(this.task, step)], volleys: this.layout.frames.volleys.length };
  }

  private pulses(step: number, write: Write | null): number {
    return pulsesOf(this.layout, this.datum(step), write).length;
  }

  /** Counts `[B, C]` as read. */
  private async present(device: Device, { step, write, plasticity }: Showing): Promise<Float32Array> {
    const datum = this.datum(step);
    const { spikes, refused } = await liveStep(device, {
      brain: 0,
      durationFrames: this.layout.frames.presentation,
      pulses: pulsesOf(this.layout, datum, write),
      plasticity,
    });
    if (refused.length > 0) throw new Error(`lesson: the gate refused ${refused.length} pulses`);
    return readState(this.layout, spikes, { datum, write });
  }
}
