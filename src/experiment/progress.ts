/** How far a run is: presentations over all jobs, and seconds by stage. */
import { scaffolds } from "../device/simulated/scaffolds.ts";
import type { Plan } from "../session/plan.ts";
import { surveySteps } from "./roles/assign.ts";

export interface ProgressEvent {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly message: string;
}

export class RunProgress {
  /** Seconds of every part, over all jobs. */
  readonly seconds: Record<string, number> = {};
  private done = 0;
  private finished = 0;
  private readonly perJob: number;

  constructor(
    private readonly plan: Plan,
    private readonly jobs: number,
    private readonly tell: (event: ProgressEvent) => void,
  ) {
    this.perJob = stepsOf(plan);
  }

  presented(count: number): void {
    this.done += count;
    this.say();
  }

  took(part: string, seconds: number): void {
    this.seconds[part] = (this.seconds[part] ?? 0) + seconds;
    this.say();
  }

  ended(): void {
    this.finished++;
    this.done = Math.max(this.done, this.finished * this.perJob);
    this.say();
  }

  private say(): void {
    const total = this.jobs * this.perJob;
    const what = this.plan.brains === 1 ? "cultures" : "vats";
    this.tell({
      done: Math.min(this.done, total),
      total,
      unit: "presentations",
      message: `${this.finished} of ${this.jobs} ${what} done`,
    });
  }
}

/** Steps of tissue in a job, about. */
function stepsOf(plan: Plan): number {
  const { cycles, presentations, probeTrials, babbleTrials, arms, retentionSeconds, after } = plan;
  const training = cycles * presentations;
  const afterwards = arms.includes("descent")
    ? (after.includes("scrambled") ? probeTrials : 0) +
      (after.includes("retention") && retentionSeconds > 0 ? probeTrials + retentionSeconds : 0)
    : 0;
  const surveyed = plan.roles === "survey" ? surveySteps(scaffolds[plan.scaffold].profile) : 0;
  return Math.floor(
    surveyed +
      babbleTrials +
      probeTrials * (arms.includes("unconnected") ? 2 : 1) +
      (after.includes("untrained") ? training * (arms.includes("descent") ? 2 : 1) : 0) +
      arms.length * (training + cycles * probeTrials) +
      afterwards,
  );
}
