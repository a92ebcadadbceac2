/** A running vat as a feed: its brains as they step, the game that they play, what its probes came to. */
import { setTimeout as sleep } from "node:timers/promises";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { RunControl } from "../../experiment/control/control.ts";
import { encodeFrame } from "../../experiment/live/frames.ts";
import type { VatConfig } from "../../experiment/vat/config.ts";
import { type ArmOutcome, specsOf } from "../../experiment/vat/experiment.ts";
import { Stopped } from "../../experiment/vat/living.ts";
import type { SeenStep, VatObserver, VatPlace } from "../../experiment/vat/observer.ts";
import { buildVatReport } from "../../experiment/vat/report/report.ts";
import { armLabel } from "../../experiment/vat/report/words.ts";
import type { VatHooks } from "../../experiment/vat/run.ts";
import { brainAccuracies, jointAccuracy } from "../../tasks/measures/decide.ts";
import type { VatTask } from "../../tasks/worlds/contract.ts";
import { countRallies, HALF_PADDLE } from "../../tasks/worlds/pong/pong-game.ts";
import type { BrainHolder } from "../../tissue/contract.ts";
import { Feed } from "../feed.ts";
import { type RunMessage, WHOLE } from "../protocol.ts";
import { type LiveRun, RunState } from "./live-run.ts";
import { vatFigures } from "./vat-figures.ts";
import { VatSeen } from "./vat-seen.ts";

const PAUSE_MS = 50;

export function describeVat(
  name: string,
  config: VatConfig,
  seed: number,
  state: RunMessage["state"],
  note = "",
): RunMessage {
  const { electrodes, framesPerSecond } = simulatedProfile;
  return {
    kind: "run",
    name,
    state,
    note,
    experiment: "vat",
    config: JSON.parse(JSON.stringify(config)),
    cultures: specsOf(config, seed).map((spec) => ({
      label: `brain ${spec.brain + 1}`,
      seed: spec.seed,
      code: config.task,
    })),
    electrodes: electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    device: `${config.brains} × ${simulatedProfile.name}`,
    framesPerSecond,
  };
}

export class VatRun implements LiveRun {
  readonly feed: Feed;
  private readonly state: RunState;
  private readonly seen: VatSeen;
  private readonly outcomes: ArmOutcome[][] = [];
  private readonly tasks: VatTask[] = [];
  private readonly began = performance.now();
  private readonly control = new RunControl();
  private seed: number;
  private game = { hits: 0, misses: 0, rally: 0 };
  private place: VatPlace | null = null;
  private presentation = 0;

  constructor(
    readonly name: string,
    private readonly config: VatConfig,
    private readonly wetgradVersion: string,
    onEnd: () => void = () => {},
  ) {
    this.seed = config.firstSeed;
    this.feed = new Feed({
      stop: (atMs) => this.stop(atMs),
      pause: () => {
        if (this.state.hold(true)) this.control.pause();
      },
      resume: () => {
        if (this.state.hold(false)) this.control.resume();
      },
      tune: (tuning) => this.state.tune(this.control, tuning, "the vat"),
    });
    this.state = new RunState(
      this.feed,
      (state, note) => describeVat(name, config, this.seed, state, note),
      onEnd,
    );
    this.seen = new VatSeen(config.brains, this.feed);
    this.state.tell("running");
    this.state.log("info", `${name} began`);
    this.feed.say({ kind: "tuning", tuning: this.control.tuning });
  }

  get isGoing(): boolean {
    return this.state.isGoing;
  }

  stop(requestedAtMs?: number): void {
    if (this.state.stopping(requestedAtMs)) this.control.stop();
  }

  ended(error?: Error): void {
    const { isStopped, lastPassedAtMs } = this.control;
    // Of brains on other machines it is known when their plans left.
    const lastAtMs = lastPassedAtMs ?? this.seen.lastDeliveredAtMs;
    if (isStopped) this.state.stopped(WHOLE, "vat", lastAtMs, this.seen.nowMs());
    this.state.ended(error, isStopped);
  }

  /** For `runVat`: `hooks` as they would be without a watcher. */
  hooks(hooks: VatHooks): VatHooks {
    const { signal, onProgress, openHolder } = hooks;
    signal?.addEventListener("abort", () => this.stop());
    return {
      ...hooks,
      onProgress: (event) => {
        onProgress?.(event);
        this.seen.progress(event);
      },
      openHolder: async (control) => {
        // Also what a run that is continued was tuned to before.
        this.feed.say({ kind: "tuning", tuning: this.control.tuning });
        return this.watched(await openHolder(control));
      },
      control: this.control,
      observer: this.observer(),
    };
  }

  /** `holder`, watched at its door. No plan passes it once the run is to stop. */
  private watched(holder: BrainHolder): BrainHolder {
    const { control } = this;
    return {
      open: (specs, onGrown) =>
        holder.open(specs, (brain) => {
          this.state.log("info", `brain ${brain + 1} of seed ${this.seed} has grown`);
          onGrown?.(brain);
        }),
      step: async (step, plans) => {
        while (control.isPaused && !control.isStopped) await sleep(PAUSE_MS);
        if (control.isStopped) throw new Stopped("stopped");
        return this.seen.step(plans, () => holder.step(step, plans));
      },
      snapshot: (brains) => holder.snapshot(brains),
      restore: (step, brains, snapshots) => holder.restore(step, brains, snapshots),
      close: () => holder.close(),
    };
  }

  private observer(): VatObserver {
    return {
      place: (place) => {
        const { seed, arm, cycle, phase } = place;
        if (seed !== this.seed) {
          this.seed = seed;
          this.state.tell("running");
        }
        this.place = place;
        this.presentation = 0;
        this.game = { hits: 0, misses: 0, rally: 0 };
        this.feed.say({ kind: "place", culture: WHOLE, arm, cycle, phase, atMs: Date.now() });
        this.state.log("info", `seed ${seed}: ${placeText(place)}`);
      },
      step: (step) => this.onStep(step),
      probed: ({ seed, arm, cycle }, { spoken, listening, events }, { questions }) => {
        const each = brainAccuracies(spoken, questions);
        const together = jointAccuracy(spoken, questions);
        this.feed.say({
          kind: "vatProbe",
          seed,
          arm,
          cycle,
          together,
          bits: listening.fromOthers,
          alone: each.reduce((sum, value) => sum + value / each.length, 0),
          hitsPerRally: this.config.task === "pong" ? countRallies(events).hitsPerRally : null,
        });
        this.state.log(
          "info",
          `seed ${seed}: ${armLabel(arm)} probed, together ${(100 * together).toFixed(1)} % right`,
        );
      },
      finished: (seed, outcomes, task) => {
        this.outcomes.push([...outcomes]);
        this.tasks.push(task);
        this.state.log("good", `seed ${seed}: finished`);
        this.tellReport();
      },
    };
  }

  private onStep({ event, game, crossEntropy }: SeenStep): void {
    const { place, feed } = this;
    if (crossEntropy !== null && place && place.phase === "train" && Number.isFinite(crossEntropy))
      feed.say({
        kind: "write",
        culture: WHOLE,
        cycle: Math.max(0, place.cycle),
        presentation: this.presentation,
        forecast: [],
        nextClass: 0,
        crossEntropy,
        priorError: 0,
        overlap: 0,
        correlation: 0,
      });
    this.presentation++;
    if (!game) return;
    const { hits, misses, rally } = this.game;
    if (event === "hit") this.game = { hits: hits + 1, misses, rally: rally + 1 };
    if (event === "miss") this.game = { hits, misses: misses + 1, rally: 0 };
    const at = { startFrame: this.seen.frame, endFrame: this.seen.frame };
    // The court is drawn from the top down, the game counts from the bottom up.
    const drawn = { ballX: game.ballX, ballY: 1 - game.ballY, paddleY: 1 - game.paddleY };
    const court = { ...drawn, paddleSize: 2 * HALF_PADDLE, ...this.game };
    feed.show(encodeFrame({ type: "court", culture: WHOLE, ...at, court }));
  }

  private tellReport(): void {
    const { config, outcomes, tasks, wetgradVersion } = this;
    const timing = { wallSeconds: (performance.now() - this.began) / 1000, peakMemoryMb: 0 };
    const opponents = outcomes.map(() => ({}));
    const report = buildVatReport(outcomes, { config, tasks, opponents, wetgradVersion, timing });
    this.feed.say({
      kind: "drawn",
      finished: outcomes.length,
      of: config.seeds,
      figures: vatFigures(report),
    });
  }
}

function placeText({ arm, cycle, phase }: VatPlace): string {
  return arm === "common"
    ? phase
    : `${armLabel(arm)}, ${cycle < 0 ? "before" : `cycle ${cycle + 1}`}, ${phase}`;
}
