/** A running organoid experiment as a feed: what its threads say, for people to see. */

import { buildReport, type RunFacts } from "../../descent/aggregate.ts";
import type { OrganoidConfig } from "../../descent/config.ts";
import { RunControl } from "../../descent/live/control.ts";
import type { Outcome } from "../../descent/outcome.ts";
import { jobsOf, type RunHooks } from "../../descent/run.ts";
import type { Job, WorkerMessage } from "../../descent/worker.ts";
import type { LedgerReport } from "../../device/gate/ledger.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { parseReport } from "../../report/files.ts";
import { openTask } from "../../task/open.ts";
import { Feed } from "../feed.ts";
import type { MessageOf, RunMessage, ServerMessage } from "../protocol.ts";

/** What a page is told of any organoid run, live or saved. */
export function describeRun(
  name: string,
  config: OrganoidConfig,
  state: RunMessage["state"],
  note = "",
): RunMessage {
  const { electrodes, framesPerSecond } = simulatedProfile;
  return {
    ...{ kind: "run", name, state, note, experiment: "organoid", tunable: {} },
    config: JSON.parse(JSON.stringify(config)),
    cultures: jobsOf(config).map(({ seed, code }) => ({ seed, code, label: `seed ${seed}, ${code} code` })),
    electrodes: electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    device: simulatedProfile.name,
    framesPerSecond,
  };
}

const PROGRESS_MS = 200;

export class OrganoidRun {
  readonly control = new RunControl();
  readonly feed: Feed;
  private readonly outcomes = new Map<number, Outcome>();
  private readonly began = performance.now();
  private stopped: { readonly requestedAtMs: number; readonly heardAtMs: number } | null = null;
  private progressAt = Number.NEGATIVE_INFINITY;
  private state: RunMessage["state"] = "running";

  private constructor(
    readonly name: string,
    private readonly config: OrganoidConfig,
    private readonly task: RunFacts["task"],
    private readonly wetgradVersion: string,
    private readonly onEnd: () => void,
  ) {
    this.feed = new Feed(
      {
        stop: (atMs) => this.stop(atMs),
        pause: () => this.hold(true),
        resume: () => this.hold(false),
      },
      (isWatched) => this.control.watch(isWatched),
    );
    this.tellState("running");
    this.log("info", `${name} began`);
  }

  /** `onEnd` is called when the run has finished, failed or been stopped. */
  static async of(name: string, config: OrganoidConfig, wetgradVersion: string, onEnd: () => void) {
    const {
      name: task,
      kind,
      source,
      classCount,
    } = await openTask({
      series: config.series,
      column: config.column,
    });
    const facts = { name: task, kind, source, classes: classCount };
    return new OrganoidRun(name, config, facts, wetgradVersion, onEnd);
  }

  get isGoing(): boolean {
    return this.state === "running" || this.state === "paused" || this.state === "stopping";
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

  /** Stimulation off at once. */
  stop(requestedAtMs?: number): void {
    if (!this.isGoing) return;
    this.control.stop();
    const heardAtMs = performance.timeOrigin + performance.now();
    this.stopped ??= { requestedAtMs: requestedAtMs ?? heardAtMs, heardAtMs };
    this.tellState("stopping");
    this.log("warning", "STOP: stimulation off, saving");
  }

  /** The run has ended: with its promise's outcome. */
  ended(error?: Error): void {
    if (!error) {
      this.tellState("finished");
      this.log("good", "finished: the report is written");
    } else if (this.control.isStopped) {
      this.tellState("stopped", "Stopped; everything done so far is saved. It can be continued.");
      this.log("warning", "stopped and saved");
    } else {
      this.tellState("failed", error.message);
      this.log("error", error.message);
    }
    this.onEnd();
  }

  private hold(isHeld: boolean): void {
    if (!this.isGoing || this.state === "stopping") return;
    if (isHeld) this.control.pause();
    else this.control.resume();
    this.tellState(isHeld ? "paused" : "running");
    this.log("info", isHeld ? "paused before the next presentation" : "resumed");
  }

  private tellState(state: RunMessage["state"], note = ""): void {
    this.state = state;
    this.feed.say(describeRun(this.name, this.config, state, note));
  }

  private log(level: MessageOf<"log">["level"], text: string): void {
    this.feed.say({ kind: "log", atMs: Date.now(), level, text });
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
      case "stage": {
        const { name, seconds } = message;
        this.feed.say({ kind: "stage", culture, name, seconds, atMs: Date.now() });
        break;
      }
      case "failed":
        this.log("error", `${who}: ${message.message}`);
        break;
      case "outcome": {
        this.outcomes.set(culture, message.outcome);
        this.log("good", `${who}: finished`);
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
        if (phase !== "probe") this.log("info", `${who}: ${placeText(arm, cycle, phase)}`);
        return;
      }
      case "ledger":
        this.feed.say(ledgerMessage(culture, live.ledger));
        return;
      case "stopped": {
        const { lastDeliveredAtMs, noticedAtMs } = live;
        // Stopped by a signal, nobody has asked here.
        const asked = this.stopped ?? { requestedAtMs: noticedAtMs, heardAtMs: noticedAtMs };
        this.feed.say({ kind: "stopped", culture, ...asked, lastDeliveredAtMs, noticedAtMs });
        if (lastDeliveredAtMs !== null) {
          const after = Math.max(0, lastDeliveredAtMs - asked.requestedAtMs);
          this.log("warning", `${who}: stimulation off ${after.toFixed(0)} ms after STOP`);
        }
        return;
      }
      case "probe":
        this.log("info", `${who}: ${live.arm} probed, ${(100 * live.accuracy).toFixed(1)} % right`);
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
    ...{ kind: "ledger", culture, refusals },
    electrodes: electrodes.map((account) => ({ ...account })),
    recentRefusals: recentRefusals.slice(-50).map((refusal) => ({ ...refusal })),
  };
}
