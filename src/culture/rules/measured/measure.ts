/**
 * A rule in the numbers that are measured in cultures and slices: its pairing curve, the balance of potentiation and depression, how
 * both depend on the weight and on the rate of pairing, and what becomes of inputs that took no part.
 */
import type { CultureParameters } from "../../parameters.ts";
import { type PairingProtocol, pair } from "./pairing.ts";

export interface RuleMeasures {
  /** Change of a synapse of half the maximum by 60 pairings, one a second, by lag: `[lag in ms, share of its weight]`. */
  readonly curve: readonly (readonly [lagMs: number, change: number])[];
  /** Time over which the change by one pair falls by e, before and after: null where there is no such change. */
  readonly potentiationMs: number | null;
  readonly depressionMs: number | null;
  /** Area of depression under the curve of one pair over that of potentiation. */
  readonly depressionOverPotentiation: number | null;
  /** x where the step of a weight w goes as w^x, between a tenth and a half of the maximum. */
  readonly potentiationExponent: number | null;
  readonly depressionExponent: number | null;
  /** Change by 60 pairings 10 ms apart, 40 a second, as a share of the weight. */
  readonly changeAt40Hz: number;
  /** Change, as a share of its weight, of another input of a cell whose first is paired 60 times at 10 ms, one a second. */
  readonly neighbour: number;
}

const LAGS_MS = [-80, -40, -20, -10, -4, 4, 10, 20, 40, 80];
const SHARE = 0.5;
const WEAK_SHARE = 0.1;
/** The published protocol, and as close to one pair as can be told from rounding. */
const SIXTY: PairingProtocol = { pairings: 60, intervalMs: 1000 };
const ONE: PairingProtocol = { pairings: 1, intervalMs: 1000 };
/** At this lag and this one the fall of the curve is measured; over that many steps its area. */
const NEAR_MS = 4;
const FAR_MS = 24;
const AREA_LAGS_MS = Array.from({ length: 100 }, (_, k) => 0.8 + 1.2 * k);
/** Smaller changes, in units of the maximum weight, are rounding. */
const LEAST = 1e-6;

/**
 * A spike behind a synapse changes it also alone (heterosynaptic terms): in what is said of pairs, that is taken off, as the
 * change that the neighbour has.
 */
export function measureRule(parameters: CultureParameters): RuleMeasures {
  const curve = pair(
    parameters,
    LAGS_MS.map((lagMs) => ({ lagMs, share: SHARE })),
    SIXTY,
  );
  const single = (lagsMs: readonly number[], share: number) =>
    pair(
      parameters,
      lagsMs.map((lagMs) => ({ lagMs, share })),
      ONE,
    ).map(({ change, neighbourChange }) => change - neighbourChange);
  const [ltpNear, ltpFar, ltdNear, ltdFar] = single([NEAR_MS, FAR_MS, -NEAR_MS, -FAR_MS], SHARE);
  const [weakLtp, , weakLtd] = single([NEAR_MS, FAR_MS, -NEAR_MS], WEAK_SHARE);
  const area = (sign: number) =>
    single(
      AREA_LAGS_MS.map((lagMs) => sign * lagMs),
      SHARE,
    ).reduce((sum, change) => sum + change, 0);
  const [potentiation, depression] = [area(1), -area(-1)];
  const fast = pair(parameters, [{ lagMs: 10, share: SHARE }], { pairings: 60, intervalMs: 25 })[0].change;
  const paired = curve[LAGS_MS.indexOf(10)];
  return {
    curve: LAGS_MS.map((lagMs, k) => [lagMs, curve[k].change / SHARE]),
    potentiationMs: fallOf(ltpNear, ltpFar),
    depressionMs: fallOf(ltdNear, ltdFar),
    depressionOverPotentiation: potentiation > LEAST ? depression / potentiation : null,
    potentiationExponent: exponentOf(weakLtp, ltpNear),
    depressionExponent: exponentOf(weakLtd, ltdNear),
    changeAt40Hz: fast / SHARE,
    neighbour: paired.neighbourChange / SHARE,
  };
}

function fallOf(near: number, far: number): number | null {
  return near * far > LEAST ** 2 ? (FAR_MS - NEAR_MS) / Math.log(near / far) : null;
}

function exponentOf(weak: number, strong: number): number | null {
  return weak * strong > LEAST ** 2 ? Math.log(strong / weak) / Math.log(SHARE / WEAK_SHARE) : null;
}
