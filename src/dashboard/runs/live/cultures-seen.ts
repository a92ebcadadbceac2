/** What is said of cultures by themselves, by the worker threads that hold them or here: for people to see. */
import { type Job, jobsOf } from "../../../experiment/job/work.ts";
import type { LiveMessage } from "../../../experiment/live/messages.ts";
import { type Experiment, planOf } from "../../../experiment/plans.ts";
import type { WorkerMessage } from "../../../experiment/pool/worker.ts";
import type { Feed } from "../../feed.ts";
import { placeText } from "../../place.ts";
import { cultureIndex, rightOf, whoOf } from "../describe.ts";
import { fitMessage, ledgerMessage, probeMessage, writeMessage } from "../messages.ts";
import type { RunState } from "./state.ts";

export class CulturesSeen {
  readonly indexOf: ReturnType<typeof cultureIndex>;
  private readonly jobs: readonly Job[];

  constructor(
    private readonly experiment: Experiment,
    private readonly feed: Feed,
    private readonly state: RunState,
  ) {
    this.indexOf = cultureIndex(experiment);
    this.jobs = jobsOf(planOf(experiment));
  }

  hear(message: WorkerMessage, job: Job): void {
    if (message.kind === "frame") this.feed.show(message.bytes);
    if (message.kind === "live") this.live(message.message, job.index);
    if (message.kind === "failed")
      this.state.log("error", `${whoOf(this.experiment, job)}: ${message.message}`);
  }

  live(live: LiveMessage, culture: number): void {
    const { feed, state } = this;
    const who = whoOf(this.experiment, this.jobs[culture]);
    switch (live.about) {
      case "place": {
        const { arm, cycle, phase } = live;
        feed.say({ kind: "place", culture, arm, cycle, phase, atMs: Date.now() });
        if (phase !== "probe") state.log("info", `${who}: ${placeText(live)}`);
        return;
      }
      case "write":
        feed.say(writeMessage({ culture }, live));
        return;
      case "fit":
        feed.say(fitMessage({ culture }, live));
        return;
      case "ledger":
        feed.say(ledgerMessage(culture, live.ledger));
        return;
      case "timing": {
        const { deviceMs, computeMs, deviceSecondsPerSecond } = live;
        feed.say({
          kind: "timing",
          culture,
          deviceMs: [...deviceMs],
          computeMs: [...computeMs],
          deviceSecondsPerSecond,
        });
        return;
      }
      case "held":
        state.log("info", `${who}: held`);
        return;
      case "stopped":
        state.stopped(culture, who, live.lastDeliveredAtMs, live.noticedAtMs);
        return;
      case "probe": {
        const right = rightOf(this.experiment, this.jobs[culture].code, live);
        const where = placeText({ arm: live.arm, cycle: live.cycle, phase: "probe" });
        state.log("info", `${who}: ${where}, ${(100 * right).toFixed(1)} % right`);
        feed.say(probeMessage(culture, right, live));
      }
    }
  }
}
