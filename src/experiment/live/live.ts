/**
 * A worker's side of watching: collects what happens at the device and in the cycle, and posts it a few times a second.
 * Nothing here enters a result. While nobody watches, only what is small is sent.
 */
import type { Device, Pulse, Spikes } from "../../device/contract.ts";
import { measurePulse } from "../../device/gate/measure.ts";
import type { RunControl } from "../control/control.ts";
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
  private busyMs = 0;
  private readAt = 0;
  private lastDeliveredAtMs: number | null = null;

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

  /** `device`, watched at its door: every stretch that is read and every pulse that the gate let through. */
  watch(device: Device): Device {
    return {
      profile: device.profile,
      now: () => device.now(),
      read: async (untilFrame) => {
        const from = device.now();
        const began = performance.now();
        const spikes = await device.read(untilFrame);
        this.read(device, from, untilFrame, spikes, began);
        return spikes;
      },
      stimulate: async (pulses) => {
        const began = performance.now();
        await device.stimulate(pulses);
        this.busyMs += performance.now() - began;
        this.lastDeliveredAtMs = performance.timeOrigin + performance.now();
        if (this.isWatched) this.pulses.push(...pulses);
      },
      stop: () => device.stop(),
      close: () => device.close(),
      ledger: () => device.ledger(),
      ledgerSnapshot: () => device.ledgerSnapshot(),
      ...(device.simulated ? { simulated: device.simulated } : {}),
    };
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

  tellLedger(device: Device): void {
    this.ledgerAt = performance.now();
    this.say({ about: "ledger", ledger: device.ledger() });
  }

  private read(device: Device, from: number, until: number, spikes: Spikes, began: number): void {
    const now = performance.now();
    if (!this.isWatched) {
      if (this.spikes.length > 0) this.forget();
      this.readAt = now;
      this.busyMs = 0;
      return;
    }
    this.busyMs += now - began;
    this.deviceMs.push(this.busyMs);
    this.computeMs.push(Math.max(0, now - this.readAt - this.busyMs));
    this.framesRead += until - from;
    this.busyMs = 0;
    this.readAt = now;
    if (from !== this.endFrame) this.flush();
    if (this.spikes.length === 0) this.startFrame = from;
    this.spikes.push(spikes);
    this.endFrame = until;
    if (now - this.sentAt >= FRAME_MS) this.flush();
    if (now - this.timedAt >= TIMING_MS) this.tellTiming(now, device.profile.framesPerSecond);
    if (now - this.ledgerAt >= LEDGER_MS) this.tellLedger(device);
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
