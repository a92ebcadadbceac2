/** What is seen of a vat's brains as they step: spikes of those looked at, rates and links of all, charge, latency. */
import { measurePulse } from "../../../device/gate/measure.ts";
import type { StimulableProfile } from "../../../device/profile.ts";
import { Books } from "../../../experiment/live/books.ts";
import { encodeFrame } from "../../../experiment/live/frames.ts";
import { deliveredPulses, type StepPlan, type StepResult } from "../../../tissue/contract.ts";
import type { Feed } from "../../feed.ts";
import { WHOLE } from "../../protocol.ts";
import { ledgerMessage } from "../messages.ts";
import { type Link, MutualPrediction } from "./mutual.ts";

/** Least wall time between two of a kind. */
const POPULATION_MS = 80;
/** Links are of hundreds of steps, and dear to find: they need not be looked for with every picture. */
const LINKS_MS = 1000;
const LEDGER_MS = 1000;
const TIMING_MS = 500;
/** Links that are shown, for each brain. */
const LINKS_PER_BRAIN = 4;

export class BrainsSeen {
  /** Device frames that every brain has lived through here. */
  frame = 0;
  private readonly mutual: MutualPrediction;
  private readonly books = new Map<number, Books>();
  private readonly rateHz: Float32Array;
  private readonly at = { population: 0, links: 0, ledger: 0, timing: 0, step: 0 };
  private links: readonly Link[] = [];
  private deviceMs: number[] = [];
  private computeMs: number[] = [];
  private framesSince = 0;

  constructor(
    private readonly brains: number,
    private readonly profile: StimulableProfile,
    private readonly feed: Feed,
  ) {
    this.mutual = new MutualPrediction(brains);
    this.rateHz = new Float32Array(brains);
  }

  async step(plans: readonly StepPlan[], live: () => Promise<StepResult[]>): Promise<StepResult[]> {
    const began = performance.now();
    const results = await live();
    const ended = performance.now();
    this.deviceMs.push(ended - began);
    if (this.at.step > 0) this.computeMs.push(began - this.at.step);
    this.see(plans, results, ended);
    this.at.step = performance.now();
    return results;
  }

  private see(plans: readonly StepPlan[], results: readonly StepResult[], now: number): void {
    const { feed, frame } = this;
    const length = Math.max(0, ...plans.map(({ durationFrames }) => durationFrames));
    this.frame += length;
    this.framesSince += length;
    plans.forEach((plan, i) => {
      this.account(plan, results[i]);
    });
    const counts = new Float64Array(this.brains);
    for (const { brain, spikes } of results) counts[brain] = spikes.frames.length;
    this.mutual.add(counts);
    const seconds = length / this.profile.framesPerSecond;
    for (let brain = 0; brain < this.brains; brain++)
      this.rateHz[brain] +=
        0.3 * (counts[brain] / seconds / this.profile.electrodes.length - this.rateHz[brain]);
    plans.forEach((plan, i) => {
      const { brain } = plan;
      if (!feed.wants(brain)) return;
      const pulses = deliveredPulses(plan, results[i]);
      const { frames, channels } = results[i].spikes;
      feed.show(
        encodeFrame({
          type: "activity",
          culture: brain,
          startFrame: frame,
          endFrame: frame + length,
          spikeOffsets: Uint32Array.from(frames),
          spikeChannels: Uint16Array.from(channels),
          pulseOffsets: Uint32Array.from(pulses, (pulse) => pulse.frame),
          pulseChannels: Uint16Array.from(pulses, ({ channel }) => channel),
          pulseChargeNc: Float32Array.from(pulses, ({ phases }) => measurePulse(phases, 1).chargeNc),
        }),
      );
    });
    if (now - this.at.population > POPULATION_MS && feed.wants(WHOLE)) this.tellPopulation(now);
    if (now - this.at.ledger > LEDGER_MS) this.tellLedgers(now);
    if (now - this.at.timing > TIMING_MS) this.tellTiming(now);
  }

  private account(plan: StepPlan, result: StepResult): void {
    const { brain } = plan;
    const books = this.books.get(brain) ?? new Books(this.profile.electrodes);
    this.books.set(brain, books);
    books.add(plan, result);
  }

  private tellPopulation(now: number): void {
    this.at.population = now;
    if (now - this.at.links > LINKS_MS) {
      this.at.links = now;
      this.links = this.mutual.links(LINKS_PER_BRAIN * this.brains);
    }
    const { links } = this;
    const score = new Float32Array(this.brains);
    for (const { from, strength } of links) score[from] = Math.max(score[from], strength);
    this.feed.show(
      encodeFrame({
        type: "population",
        culture: WHOLE,
        startFrame: this.frame,
        endFrame: this.frame,
        score,
        rateHz: this.rateHz.slice(),
        linkFrom: Uint16Array.from(links, ({ from }) => from),
        linkTo: Uint16Array.from(links, ({ to }) => to),
        linkStrength: Float32Array.from(links, ({ strength }) => strength),
      }),
    );
  }

  private tellLedgers(now: number): void {
    this.at.ledger = now;
    for (const [culture, books] of this.books)
      if (this.feed.wants(culture)) this.feed.say(ledgerMessage(culture, books.report()));
  }

  private tellTiming(now: number): void {
    const { deviceMs, computeMs } = this;
    const seconds = (now - this.at.timing) / 1000;
    if (this.at.timing > 0 && deviceMs.length > 0)
      this.feed.say({
        kind: "timing",
        culture: WHOLE,
        deviceMs,
        computeMs: computeMs.slice(-deviceMs.length),
        deviceSecondsPerSecond: this.framesSince / this.profile.framesPerSecond / seconds,
      });
    this.at.timing = now;
    this.deviceMs = [];
    this.computeMs = [];
    this.framesSince = 0;
  }
}
