/** A running organoid experiment as a feed: what its threads say, for people to see. */

import type { LedgerReport } from "../../device/gate/ledger.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { buildReport, type RunFacts } from "../../experiment/aggregate.ts";
import type { OrganoidConfig } from "../../experiment/config.ts";
import { RunControl } from "../../experiment/control/control.ts";
import type { Outcome } from "../../experiment/outcome.ts";
import { jobsOf, type RunHooks, taskOf } from "../../experiment/run.ts";
import type { Job, WorkerMessage } from "../../experiment/worker.ts";
import { parseReport } from "../../report/files.ts";
import { Feed } from "../feed.ts";
import type { MessageOf, RunMessage, ServerMessage } from "../protocol.ts";
import { type LiveRun, RunState } from "./live-run.ts";

/** What a page is told of any organoid run, live or saved. */
export function describeRun(
  name: string,
  config: OrganoidConfig,
  state: RunMessage["state"],
  note = "",
): RunMessage {
  const { electrodes, framesPerSecond } = simulatedProfile;
  return {
    kind: "run",
    name,
    state,
    note,
    experiment: "organoid",
    config: JSON.parse(JSON.stringify(config)),
    cultures: jobsOf(config).map(({ seed, code }) => ({ seed, code, label: `seed ${seed}, ${code} code` })),
    electrodes: electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    device: simulatedProfile.name,
    framesPerSecond,
  };
}

const PROGRESS_MS = 200;

export class OrganoidRun implements LiveRun {
  readonly control = new RunControl();
  readonly feed: Feed;
  private readonly state: RunState;
  private readonly outcomes = new Map<number, Outcome>();
  private readonly began = performance.now();
  private progressAt = Number.NEGATIVE_INFINITY;

  private constructor(
    readonly name: string,
    private readonly config: OrganoidConfig,
    private readonly task: RunFacts["task"],
    private readonly wetgradVersion: string,
    onEnd: () => void,
  ) {
    this.feed = new Feed(
      {
        stop: (atMs) => this.stop(atMs),
        pause: () => {
          if (this.state.hold(true)) this.control.pause();
        },
        resume: () => {
          if (this.state.hold(false)) this.control.resume();
        },
        tune: (tuning) => this.state.tune(this.control, tuning, "each culture"),
      },
      (isWatched) => this.control.watch(isWatched),
    );
    const describe = (state: RunMessage["state"], note = "") => describeRun(name, config, state, note);
    this.state = new RunState(this.feed, describe, onEnd);
    this.state.tell("running");
    this.state.log("info", `${name} began`);
    this.feed.say({ kind: "tuning", tuning: this.control.tuning });
  }

  /** `onEnd` is called when the run has finished, failed or been stopped. Throws where it cannot be run. */
  static async of(name: string, config: OrganoidConfig, wetgradVersion: string, onEnd: () => void) {
    const { name: task, kind, source, classCount } = await taskOf(config);
    const facts = { name: task, kind, source, classes: classCount };
    return new OrganoidRun(name, config, facts, wetgradVersion, onEnd);
  }

  get isGoing(): boolean {
    return this.state.isGoing;
  }

  /** For `runOrganoid`. */
  hooks(): Required<Pick<RunHooks, "control" | "onMessage" | "onProgress">> {
    return {
      control: this.control,
      onMessage: (message, job) => this.on(message, job),
      onProgress: (event) => {
        const now = performance.now();
        if (event.done < event.total && now - this.progressAt < PROGRESS_MS) return;
        this.progressAt = now;
        this.feed.say({ kind: "progress", ...event });
      },
    };
  }

  stop(requestedAtMs?: number): void {
    if (this.isGoing) this.control.stop();
    this.state.stopping(requestedAtMs);
  }

  ended(error?: Error): void {
    this.state.ended(error, this.control.isStopped);
  }

  private on(message: WorkerMessage, job: Job): void {
    const who = `seed ${job.seed}, ${job.code} code`;
    const culture = job.index;
    switch (message.kind) {
      case "frame":
        this.feed.show(message.bytes);
        break;
      case "live":
        this.onLive(message.message, culture, who);
        break;
      case "log":
        // Also what a run that is continued was tuned to before.
        if (message.entry.about === "tuning") this.feed.say({ kind: "tuning", tuning: this.control.tuning });
        break;
      case "stage": {
        const { name, seconds } = message;
        this.feed.say({ kind: "stage", culture, name, seconds, atMs: Date.now() });
        break;
      }
      case "failed":
        this.state.log("error", `${who}: ${message.message}`);
        break;
      case "outcome": {
        this.outcomes.set(culture, message.outcome);
        this.state.log("good", `${who}: finished`);
        this.tellReport();
      }
    }
  }

  private onLive(live: Extract<WorkerMessage, { kind: "live" }>["message"], culture: number, who: string) {
    const { about, ...rest } = live;
    switch (live.about) {
      case "place": {
        const { arm, cycle, phase } = live;
        this.feed.say({ kind: "place", culture, arm, cycle, phase, atMs: Date.now() });
        if (phase !== "probe") this.state.log("info", `${who}: ${placeText(arm, cycle, phase)}`);
        return;
      }
      case "ledger":
        this.feed.say(ledgerMessage(culture, live.ledger));
        return;
      case "held":
        this.state.log("info", `${who}: held`);
        return;
      case "stopped":
        this.state.stopped(culture, who, live.lastDeliveredAtMs, live.noticedAtMs);
        return;
      case "probe":
        this.state.log("info", `${who}: ${live.arm} probed, ${(100 * live.accuracy).toFixed(1)} % right`);
    }
    this.feed.say({ kind: about, culture, ...rest } as ServerMessage);
  }

  /** The report of what has finished, as it will be when everything has. */
  private tellReport(): void {
    const outcomes = [...this.outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
    const codes = this.config.codes.filter((code) => outcomes.some((outcome) => outcome.code === code));
    const timing = { wallSeconds: (performance.now() - this.began) / 1000, stages: {}, peakMemoryMb: 0 };
    const report = buildReport(outcomes, {
      config: { ...this.config, codes },
      wetgradVersion: this.wetgradVersion,
      task: this.task,
      timing,
    });
    this.feed.say({
      kind: "report",
      finished: outcomes.length,
      of: jobsOf(this.config).length,
      report: parseReport(report, "this run"),
    });
  }
}

/** In words: which part of an experiment. */
export function placeText(arm: string, cycle: number, phase: string): string {
  return cycle < 0 ? phase : `${arm}, cycle ${cycle + 1}, ${phase}`;
}

function ledgerMessage(
  culture: number,
  { electrodes, refusals, recentRefusals }: LedgerReport,
): MessageOf<"ledger"> {
  return {
    kind: "ledger",
    culture,
    refusals,
    electrodes: electrodes.map((account) => ({ ...account })),
    recentRefusals: recentRefusals.slice(-50).map((refusal) => ({ ...refusal })),
  };
}
