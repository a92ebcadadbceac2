/**
 * The cultures of an experiment, one or many, step by step: every presentation goes to the tissue through here, and its
 * result (what was delivered, not what was planned) becomes states and the recording.
 *
 * Legend: N brains, B bins, C channels.
 */
import type { Frame, Pulse, Spikes } from "../device/contract.ts";
import { addEfference, type Delivered, type Layout, pulsesOf, readState } from "../protocol/layout.ts";
import type { Datum, Write } from "../protocol/protocol.ts";
import { deliveredPulses, type StepPlan, type StepResult, type Tissue } from "../tissue/contract.ts";
import { Stopped } from "../tissue/stopped.ts";
import type { Recorder, TrialWords } from "./recorder.ts";

/** One step of all brains. */
export interface Presentation {
  readonly data: readonly Datum[];
  readonly writes: readonly (Write | null)[];
  /** Scale of plastic change: 1 as grown, 0 frozen, below 0 turned round. */
  readonly plasticity: number;
  /** What is to be remembered of it, by brain: the same names every time. */
  readonly notes?: readonly Readonly<Record<string, number>>[];
  /** The same in words. */
  readonly trials?: readonly TrialWords[];
}

/** What came of a presentation. */
export interface Presented {
  /** `[N]` counts `[B, C]` as read. */
  readonly read: readonly Float32Array[];
  /** `[N]` counts `[B, C]` with efference copies; `writeShares` scale those of the writes. */
  states(writeShares?: readonly number[]): Float32Array[];
  readonly delivered: readonly Delivered[];
  /** Pulses that reached the tissue, and those that its gates refused. */
  readonly pulses: number;
  readonly refused: number;
}

/** Everything that decides the future of the cultures: their snapshots, and where each is on its clock. */
export interface CulturesState {
  readonly snapshots: readonly Uint8Array[];
  readonly frames: readonly Frame[];
}

/** The cultures of one experiment at work: presentations, rests, snapshots, and what was recorded of them. */
export class Cultures {
  /** Where steps are recorded; none if null. */
  recorder: Recorder | null = null;
  private clock = 0;
  private pendingReward = 0;
  /** `[N]` the clock of each culture after its last step. */
  private frames: Frame[] = [];

  constructor(
    readonly tissue: Tissue,
    private ownLayouts: readonly Layout[],
    /** Called after every step: true when the run is to stop. */
    private readonly tick: () => boolean,
  ) {}

  /** `[N]` */
  get layouts(): readonly Layout[] {
    return this.ownLayouts;
  }

  /** Gives the electrodes of the cultures other roles. */
  assign(layouts: readonly Layout[]): void {
    this.ownLayouts = layouts;
  }

  get brains(): number[] {
    return [...this.layouts.keys()];
  }

  async present({ data, writes, plasticity, notes, trials }: Presentation): Promise<Presented> {
    const plans = this.layouts.map(
      (layout, brain): StepPlan => ({
        brain,
        plasticity,
        durationFrames: layout.frames.presentation,
        pulses: pulsesOf(layout, data[brain], writes[brain]),
      }),
    );
    const { results, pulses } = await this.step(plans, { notes, trials });
    const delivered = pulses.map((sent, brain) => ({
      datum: data[brain],
      write: writes[brain],
      pulses: sent,
    }));
    const read = results.map(({ spikes }, brain) => readState(this.layouts[brain], spikes, delivered[brain]));
    return {
      read,
      delivered,
      states: (shares) =>
        read.map((counts, brain) =>
          addEfference(this.layouts[brain], counts.slice(), delivered[brain], shares?.[brain]),
        ),
      pulses: pulses.reduce((sum, sent) => sum + sent.length, 0),
      refused: results.reduce((sum, { refused }) => sum + refused.length, 0),
    };
  }

  /** Pulses of one's own for some time, `[N]` rows of them; gives how many reached the tissue. */
  async stimulate(
    pulses: readonly (readonly Pulse[])[],
    durationMs: number,
    plasticity: number,
  ): Promise<number> {
    const answers = await this.respond(pulses, durationMs, plasticity);
    return answers.reduce((sum, { sent }) => sum + sent.length, 0);
  }

  /** The same; `[N]` what was sent, and the spikes, frames counted from the start. */
  async respond(
    pulses: readonly (readonly Pulse[])[],
    durationMs: number,
    plasticity: number,
  ): Promise<{ readonly sent: readonly Pulse[]; readonly spikes: Spikes }[]> {
    const plans = pulses.map(
      (row, brain): StepPlan => ({
        brain,
        plasticity,
        durationFrames: this.framesOf(brain, durationMs),
        pulses: row,
      }),
    );
    const { results, pulses: delivered } = await this.step(plans);
    return results.map(({ spikes }, brain) => ({ spikes, sent: delivered[brain] }));
  }

  /** Leaves the cultures alone, in steps of a second at most: one brain's spikes of a step must fit into a message. */
  async rest(seconds: number, plasticity: number): Promise<void> {
    for (let left = 1000 * seconds; left > 1e-9; left -= 1000)
      await this.stimulate(
        this.layouts.map(() => []),
        Math.min(left, 1000),
        plasticity,
      );
  }

  /** A reward (or its lack) that the tissue is given before its next step. */
  reward(amount: number): void {
    this.pendingReward += amount;
  }

  async snapshot(): Promise<CulturesState> {
    return { snapshots: await this.tissue.snapshot(this.brains), frames: [...this.frames] };
  }

  async restore({ snapshots, frames }: CulturesState): Promise<void> {
    this.pendingReward = 0;
    this.frames = [...frames];
    await this.tissue.restore(this.clock, this.brains, snapshots);
  }

  /** Where a brain's tissue is on its own clock. */
  frameOf(brain: number): Frame {
    return this.frames[brain] ?? 0;
  }

  private framesOf(brain: number, ms: number): Frame {
    return Math.round(ms * this.layouts[brain].frames.perMs);
  }

  private async step(
    plans: readonly StepPlan[],
    { notes, trials }: { notes?: Presentation["notes"]; trials?: Presentation["trials"] } = {},
  ): Promise<{ results: StepResult[]; pulses: (readonly Pulse[])[] }> {
    const reward = this.pendingReward;
    this.pendingReward = 0;
    const given = reward === 0 ? plans : plans.map((plan) => ({ ...plan, reward }));
    const results = await this.tissue.step(this.clock++, given);
    const pulses = results.map((result, i) => deliveredPulses(plans[i], result));
    results.forEach((result, brain) => {
      this.frames[brain] = result.startFrame + plans[brain].durationFrames;
      this.recorder?.step(result, {
        pulses: pulses[brain],
        plan: plans[brain],
        notes: notes?.[brain],
        trial: trials?.[brain],
      });
    });
    if (this.tick()) throw new Stopped();
    return { results, pulses };
  }
}
