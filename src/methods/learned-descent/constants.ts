/** The constants of the model of learning: what they are, and where their fit begins. */

/** Delays that a write may have, from its volley (ms): below 0 before it. */
export const DELAYS_MS = [1.2, 4, -4] as const;
/** A write may leave out the later volleys of a datum; dose i is i + 1 of them. */
export const DOSES = 3;

/**
 * Unconstrained, in this order; where the fit begins, and how far from there it is expected to end (a normal prior). Lengths in mm,
 * effective weights in spikes of a presentation before the threshold.
 */
const TABLE = {
  /** log A at the start: how strongly learning acts between electrode and place, by their distance d: a0 + a1 d + a2 d^2. */
  a0: [0, 1],
  a1: [-1, 1],
  a2: [-0.5, 1],
  /** log of W / A at the start, and of the spreads of A and W over their means. */
  startWeight: [-0.5, 1],
  spreadA: [-0.3, 0.7],
  spreadW: [-0.3, 0.7],
  /** Bias of the answer. */
  bias: [-1, 2],
  /** logit of the share of an answer that is lost when the presentation before had the same places. */
  fatigue: [-1, 1],
  /** log of the factor on answers of electrodes left alone while others are written. */
  beside: [-0.3, 1],
  /** log of the count's variance: by its mean, and at 0. */
  noiseByMean: [0.3, 1],
  noiseAtZero: [-0.5, 1],
  /** log of the dispersion of the negative binomial of counts. */
  dispersion: [-0.5, 1],
  /** log of the drift of W in a presentation of its place, over A squared. */
  drift: [-6, 2],
  /** Change of W by an answer of one spike that nobody wrote, over A. */
  own: [0, 0.05],
  /** log of the share of W at all other places that an electrode loses: by an answer of one spike, by a write that adds. */
  fadeByAnswer: [-6, 1.5],
  fadeByWrite: [-6, 1.5],
  /** Change of W by a full write, by delay: over A, and logit of the share of W that is lost. */
  add0: [0.1, 0.3],
  add1: [0.1, 0.3],
  add2: [-0.1, 0.3],
  lose0: [-4, 1],
  lose1: [-4, 1],
  lose2: [-3, 1],
  /** logit of the effect of one and of two written volleys, of all three. */
  dose0: [-0.5, 1],
  dose1: [0.5, 1],
} as const satisfies Readonly<Record<string, readonly [start: number, spread: number]>>;

export type ConstantName = keyof typeof TABLE;
export const CONSTANT_NAMES = Object.keys(TABLE) as ConstantName[];
export const START = Float64Array.from(CONSTANT_NAMES, (name) => TABLE[name][0]);
export const SPREAD = Float64Array.from(CONSTANT_NAMES, (name) => TABLE[name][1]);

/** The constants that make up learning: the model without them is the null model "nothing changes". */
export const LEARNING: readonly ConstantName[] = [
  ...(["own", "fadeByAnswer", "fadeByWrite"] as const),
  ...(["add0", "add1", "add2", "lose0", "lose1", "lose2"] as const),
];
