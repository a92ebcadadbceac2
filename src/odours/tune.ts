/**
 * The gains at which a brain answers as another does: onto Kenyon cells until a share of them answers, then from them onto output neurons
 * until these fire so often. By bisection of the logarithm. Without this a rewired brain is silent or epileptic, and loses for that alone.
 */
import type { Gains } from "../wiring/brain/brain.ts";
import type { Circuited } from "./circuit.ts";
import { type WorkingPoint, workingPoint } from "./working-point.ts";

export interface TuneGoal {
  readonly kenyonShare: number;
  readonly outputSpikes: number;
}

export interface Tuned {
  readonly gains: Gains;
  readonly point: WorkingPoint;
}

const [LEAST, MOST] = [0.25, 64];
const HALVINGS = 8;
const COLUMN = "fine";
const ONTO_KENYON = "*PN>KC";
const ONTO_OUTPUTS = "KC>MBON";

/** `made` makes the brain with gains; `onStep` hears of each that was measured. */
export async function tune(
  made: (gains: Gains) => Circuited,
  goal: TuneGoal,
  onStep: (point: WorkingPoint) => void = () => {},
): Promise<Tuned> {
  const factors: Record<string, number> = { [ONTO_KENYON]: 1, [ONTO_OUTPUTS]: 1 };
  const gains = (): Gains => ({
    column: COLUMN,
    factors: Object.entries(factors).map(([pair, factor]) => ({ pair, factor })),
  });
  const measure = async () => {
    const point = await workingPoint(made(gains()));
    onStep(point);
    return point;
  };
  for (const [pair, key] of [
    [ONTO_KENYON, "kenyonShare"],
    [ONTO_OUTPUTS, "outputSpikes"],
  ] as const) {
    let [low, high] = [Math.log(LEAST), Math.log(MOST)];
    for (let k = 0; k < HALVINGS; k++) {
      factors[pair] = Math.exp((low + high) / 2);
      if ((await measure())[key] < goal[key]) low = Math.log(factors[pair]);
      else high = Math.log(factors[pair]);
    }
  }
  return { gains: gains(), point: await measure() };
}
