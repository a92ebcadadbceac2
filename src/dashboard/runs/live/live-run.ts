/** An experiment that goes on in this process, as a feed: what is seen of it, and how it is stopped, paused and tuned. */
import { RunControl } from "../../../experiment/control/control.ts";
import type { Experiment } from "../../../experiment/plans.ts";
import type { WorkerMessage } from "../../../experiment/pool/worker.ts";
import type { RunHooks } from "../../../experiment/run.ts";
import { Feed } from "../../feed.ts";
import { WHOLE } from "../../protocol.ts";
import { describeRun, whoOf } from "../describe.ts";
import { rolesMessages } from "../messages.ts";
import { ReportSoFar } from "../report.ts";
import { culturesHere } from "./cultures-here.ts";
import { CulturesSeen } from "./cultures-seen.ts";
import type { SeenHere, Told } from "./here.ts";
import { RunState } from "./state.ts";
import { VatSeen } from "./vat-seen.ts";

const PROGRESS_MS = 200;

export interface LiveRunOptions {
  readonly wetgradVersion: string;
  /** Called when the run has finished, failed or been stopped. */
  readonly onEnd?: (() => void) | undefined;
}

export class LiveRun {
  readonly control = new RunControl();
  readonly feed: Feed;
  private readonly state: RunState;
  private readonly report: ReportSoFar;
  /** What worker threads say, each of one culture. */
  private readonly each: CulturesSeen;
  /** What is seen of cultures that step under this process. */
  private readonly here: SeenHere;
  private progressAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly name: string,
    readonly experiment: Experiment,
    { wetgradVersion, onEnd = () => {} }: LiveRunOptions,
  ) {
    const isVat = experiment.kind === "vat";
    this.feed = new Feed(
      {
        pause: () => {
          if (this.state.hold(true)) this.control.pause();
        },
        resume: () => {
          if (this.state.hold(false)) this.control.resume();
        },
        tune: (tuning) => this.state.tune(this.control, tuning, isVat ? "the vat" : "each culture"),
      },
      (isWatched) => this.control.watch(isWatched),
    );
    this.state = new RunState(
      this.feed,
      (state, note) => describeRun(name, experiment, { state, note, seed: vat?.seed }),
      onEnd,
    );
    this.report = new ReportSoFar(experiment, wetgradVersion);
    this.each = new CulturesSeen(experiment, this.feed, this.state);
    const told: Told = { feed: this.feed, state: this.state, control: this.control };
    const vat = isVat ? new VatSeen(experiment, told) : null;
    this.here = vat ?? culturesHere(this.each, told);
    this.state.tell("running");
    this.state.log("info", `${name} began`);
    this.tellTuning();
  }

  get isGoing(): boolean {
    return this.state.isGoing;
  }

  /** Stimulation off at once. `requestedAtMs`: when the key was pressed, by the page's clock. */
  stop(requestedAtMs?: number): void {
    if (this.isGoing) this.control.stop();
    this.state.stopping(requestedAtMs);
  }

  /** With what its promise was rejected, if it was. */
  ended(error?: Error): void {
    const { isStopped } = this.control;
    if (isStopped) this.here.stopped();
    this.state.ended(error, isStopped);
  }

  /** For the run: `given` as they would be if nobody watched. */
  hooks(given: RunHooks): RunHooks {
    const { signal, onProgress, onMessage, onOutcome } = given;
    signal?.addEventListener("abort", () => this.stop());
    return {
      ...given,
      control: this.control,
      watch: (tissue) => this.here.watch(tissue),
      observer: this.here.observer,
      onGrown: (brain) => this.here.grown(brain),
      onProgress: (event) => {
        onProgress?.(event);
        const now = performance.now();
        if (event.done < event.total && now - this.progressAt < PROGRESS_MS) return;
        this.progressAt = now;
        this.feed.say({ kind: "progress", ...event });
      },
      onMessage: (message, job) => {
        onMessage?.(message, job);
        if (message.kind === "stage") this.tellStage(message);
        // Also what a run that is continued was tuned to before.
        else if (message.kind === "log" && message.entry.about === "tuning") this.tellTuning();
        else if (message.kind === "log" && message.entry.about === "roles")
          for (const roles of rolesMessages(this.firstOf(message.entry.value), message.entry.value))
            this.feed.say(roles);
        else this.each.hear(message, job);
      },
      onOutcome: (outcome, task) => {
        onOutcome?.(outcome, task);
        this.state.log("good", `${whoOf(this.experiment, outcome)}: finished`);
        this.feed.say(this.report.add(outcome, task));
      },
    };
  }

  /** The number of the first culture of a job, among those that are shown. */
  private firstOf(of: { readonly seed: number; readonly code: string }): number {
    return this.experiment.kind === "vat" ? 0 : this.each.indexOf(of);
  }

  private tellTuning(): void {
    this.feed.say({ kind: "tuning", tuning: this.control.tuning });
  }

  private tellStage({ stage, timedAs, seconds }: Extract<WorkerMessage, { kind: "stage" }>): void {
    const { seed } = stage;
    const whose =
      this.experiment.kind === "vat" ? { culture: WHOLE, seed } : { culture: this.each.indexOf(stage) };
    const cycle = "cycle" in stage ? stage.cycle : undefined;
    this.feed.say({ kind: "stage", name: timedAs, cycle, seconds, atMs: Date.now(), ...whose });
  }
}
