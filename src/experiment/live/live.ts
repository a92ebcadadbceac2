/**
 * A worker's side of watching: collects what happens at the device and in the cycle, and posts it a few times a second.
 * Nothing here enters a result. While nobody watches, only what is small is sent.
 */
import type { Pulse, Spikes } from "../../device/contract.ts";
import { measurePulse } from "../../device/gate/measure.ts";
import { deliveredPulses, type StepPlan, type StepResult, type Tissue } from "../../tissue/contract.ts";
import { wrapTissue } from "../../tissue/wrap.ts";
import type { RunControl } from "../control/control.ts";
import { Books } from "./books.ts";
import { encodeFrame, type LiveFrame } from "./frames.ts";
import type { LiveMessage } from "./messages.ts";

export interface LivePost {
  message(message: LiveMessage): void;
  frame(bytes: Uint8Array<ArrayBuffer>): void;
}

/** Wall time between two frames of activity. */
const FRAME_MS = 40;
const TIMING_MS = 500;
const LEDGER_MS = 1000;

export class Live {
  /** Which culture of the run is worked on. */
  culture = 0;
  private spikes: Spikes[] = [];
  private pulses: Pulse[] = [];
  private startFrame = 0;
  private endFrame = -1;
  private sentAt = 0;
  private timedAt = 0;
  private ledgerAt = 0;
  private deviceMs: number[] = [];
  private computeMs: number[] = [];
  private framesRead = 0;
  private readAt = 0;
  private lastDeliveredAtMs: number | null = null;
  private books: Books | null = null;

  constructor(
    readonly control: RunControl,
    private readonly post: LivePost,
  ) {}

  get isWatched(): boolean {
    return this.control.isWatched;
  }

  say(message: LiveMessage): void {
    this.post.message(message);
  }

  show(frame: LiveFrame): void {
    if (this.isWatched) this.post.frame(encodeFrame(frame));
  }

  /** `tissue` of one culture, watched at its door: every stretch that is read and every pulse that was delivered. */
  watch(tissue: Tissue): Tissue {
    this.books = null;
    return wrapTissue(tissue, {
      step: async (step, plans) => {
        const began = performance.now();
        const results = await tissue.step(step, plans);
        const profile = tissue.profile(plans[0].brain);
        results.forEach((result, i) => {
          this.books ??= new Books(profile.electrodes);
          this.books.add(plans[i], result);
          this.read(profile.framesPerSecond, plans[i], result, began);
        });
        return results;
      },
    });
  }

  /** Told by each thread that is held by a pause; what was read until then has been shown. */
  held(): void {
    this.flush();
    this.say({ about: "held" });
  }

  /** Told once by each thread when it has seen that the run is stopped. */
  stopped(): void {
    this.flush();
    const noticedAtMs = performance.timeOrigin + performance.now();
    this.say({ about: "stopped", lastDeliveredAtMs: this.lastDeliveredAtMs, noticedAtMs });
  }

  tellLedger(): void {
    this.ledgerAt = performance.now();
    if (this.books) this.say({ about: "ledger", ledger: this.books.report() });
  }

  private read(framesPerSecond: number, plan: StepPlan, result: StepResult, began: number): void {
    const now = performance.now();
    const delivered = deliveredPulses(plan, result);
    if (delivered.length > 0) this.lastDeliveredAtMs = performance.timeOrigin + now;
    if (!this.isWatched) {
      if (this.spikes.length > 0) this.forget();
      this.readAt = now;
      return;
    }
    const { startFrame, spikes } = result;
    this.deviceMs.push(now - began);
    this.computeMs.push(Math.max(0, began - this.readAt));
    this.framesRead += plan.durationFrames;
    this.readAt = now;
    if (startFrame !== this.endFrame) this.flush();
    if (this.spikes.length === 0) this.startFrame = startFrame;
    this.spikes.push({ frames: spikes.frames.map((frame) => startFrame + frame), channels: spikes.channels });
    this.pulses.push(...delivered.map((pulse) => ({ ...pulse, frame: startFrame + pulse.frame })));
    this.endFrame = startFrame + plan.durationFrames;
    if (now - this.sentAt >= FRAME_MS) this.flush();
    if (now - this.timedAt >= TIMING_MS) this.tellTiming(now, framesPerSecond);
    if (now - this.ledgerAt >= LEDGER_MS) this.tellLedger();
  }

  private tellTiming(now: number, framesPerSecond: number): void {
    const deviceSecondsPerSecond = this.framesRead / framesPerSecond / ((now - this.timedAt) / 1000);
    if (this.timedAt > 0)
      this.say({
        about: "timing",
        deviceMs: this.deviceMs,
        computeMs: this.computeMs,
        deviceSecondsPerSecond,
      });
    this.deviceMs = [];
    this.computeMs = [];
    this.framesRead = 0;
    this.timedAt = now;
  }

  private forget(): void {
    this.spikes = [];
    this.pulses = [];
    this.deviceMs = [];
    this.computeMs = [];
    this.framesRead = 0;
    this.timedAt = 0;
  }

  /** Sends what has been read since the last frame. */
  flush(): void {
    this.sentAt = performance.now();
    const { spikes, pulses, startFrame, endFrame, culture } = this;
    this.spikes = [];
    this.pulses = [];
    if (spikes.length === 0) return;
    const count = spikes.reduce((sum, { frames }) => sum + frames.length, 0);
    const spikeOffsets = new Uint32Array(count);
    const spikeChannels = new Uint16Array(count);
    let at = 0;
    for (const { frames, channels } of spikes) {
      for (let i = 0; i < frames.length; i++) spikeOffsets[at + i] = frames[i] - startFrame;
      spikeChannels.set(channels, at);
      at += frames.length;
    }
    const sent = pulses.filter(({ frame }) => frame >= startFrame);
    this.show({
      type: "activity",
      culture,
      startFrame,
      endFrame,
      spikeOffsets,
      spikeChannels,
      pulseOffsets: Uint32Array.from(sent, ({ frame }) => frame - startFrame),
      pulseChannels: Uint16Array.from(sent, ({ channel }) => channel),
      pulseChargeNc: Float32Array.from(sent, ({ phases }) => measurePulse(phases, 1).chargeNc),
    });
  }
}
