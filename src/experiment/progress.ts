/**
 * How far a run is, in presentations over all jobs, and seconds by stage. Growing a culture and fitting its models count as the
 * presentations that take as long, about; the whole is there only when every job has ended.
 */
import type { DeviceProfile } from "../device/profile.ts";
import { isProbed } from "../session/conditions.ts";
import type { Plan } from "../session/plan.ts";
import { LOOK_VOLLEYS } from "./dish/quiet.ts";
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
  private begun = 0;
  private readonly perJob: number;

  constructor(
    private readonly plan: Plan,
    private readonly jobs: number,
    profile: DeviceProfile,
    private readonly tell: (event: ProgressEvent) => void,
  ) {
    this.perJob = stepsOf(plan, profile) + beginningOf(plan);
  }

  presented(count: number): void {
    this.done += count;
    this.say();
  }

  took(part: string, seconds: number): void {
    this.seconds[part] = (this.seconds[part] ?? 0) + seconds;
    if (part === "begin" && this.begun < this.jobs) {
      this.begun++;
      this.done += beginningOf(this.plan);
    }
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
    const isOver = this.finished === this.jobs;
    this.tell({
      done: isOver ? total : Math.floor(Math.min(this.done, LAST_SHARE * total)),
      total,
      unit: "presentations",
      message: isOver ? "writing the report" : `${this.finished} of ${this.jobs} ${what} done`,
    });
  }
}

/** Shown at most while a job still runs. */
const LAST_SHARE = 0.99;

/** Presentations that take as long as a gradient step of the fits, and as growing and quieting a culture (1,000 neurons, one core). */
const OF_A_FIT_STEP = 6;
const OF_GROWTH = 400;

function beginningOf({ fitSteps, brains }: Plan): number {
  return Math.round(OF_A_FIT_STEP * fitSteps + OF_GROWTH * brains);
}

/** Steps of tissue in a job, about. */
function stepsOf(plan: Plan, profile: DeviceProfile): number {
  const { cycles, presentations, probeTrials, babbleTrials, arms, retentionSeconds, after } = plan;
  const training = cycles * presentations;
  const afterwards = arms.includes("descent")
    ? (after.includes("scrambled") ? probeTrials : 0) +
      (after.includes("retention") && retentionSeconds > 0 ? probeTrials + retentionSeconds : 0)
    : 0;
  const probes = Array.from({ length: cycles }, (_, cycle) => cycle).filter((cycle) =>
    isProbed(plan, cycle),
  ).length;
  const surveyed = plan.roles === "survey" ? surveySteps(profile) : 0;
  // Looks at a dish; of quieting it is not known beforehand how long it takes.
  const looks = plan.quietMinutes === undefined ? 0 : LOOK_VOLLEYS * cycles;
  return Math.floor(
    surveyed +
      looks +
      babbleTrials +
      probeTrials * (arms.includes("unconnected") ? 2 : 1) +
      (after.includes("untrained") ? training * (arms.includes("descent") ? 2 : 1) : 0) +
      arms.length * (training + probes * probeTrials) +
      afterwards,
  );
}
