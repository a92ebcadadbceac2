/** The arms: what is written to the tissue while it is shown the contexts, and what each is there for. */

/** What the descent's density is a mixture over, and what its decoder reads (the two differ from arm to arm of the ablation). */
export interface Variant {
  /** `strings`: Enc_aux of babbled strings; `clusters`: centres of the displacements that babbling met; `none`: no density term. */
  readonly density: "strings" | "clusters" | "none";
  /** `displacements`: how far the patch lies from the context's; `patches`: the patch itself. */
  readonly reads: "displacements" | "patches";
}

export const DESCENTS = {
  descent: { density: "strings", reads: "displacements" },
  "descent-clusters": { density: "clusters", reads: "displacements" },
  "descent-patches": { density: "strings", reads: "patches" },
  "descent-clusters-patches": { density: "clusters", reads: "patches" },
  "descent-no-density": { density: "none", reads: "displacements" },
} as const satisfies Readonly<Record<string, Variant>>;
export type DescentName = keyof typeof DESCENTS;

const SAYS = {
  descent: "gradient descent on the emulator toward the target's latent program",
  hand: "the electrodes of the target's own code: what the descent does not know",
  yoked: "the descent's writes, each given with another context",
  random: "the code of a random babbled string",
  sham: "no writes",
  frozen: "the descent's writes, plasticity off",
  "write-only": "the descent's writes with no context shown",
  scrambled: "after descent, every neuron's learned input weights permuted",
  "descent-clusters": "descent whose density is a mixture over clusters of displacements",
  "descent-patches": "descent whose decoder reads patches, not displacements",
  "descent-clusters-patches": "descent with both changed",
  "descent-no-density": "descent on the decoder alone",
} as const;

export type ArmName = keyof typeof SAYS;
export const ARM_NAMES = Object.keys(SAYS) as ArmName[];
export const ARMS: Readonly<Record<ArmName, string>> = SAYS;

export const isDescent = (arm: ArmName): arm is DescentName => arm in DESCENTS;

/** What replays the descent's writes, or is done with its tissue. */
export const AFTER_DESCENT: readonly ArmName[] = ["yoked", "frozen", "write-only", "scrambled"];

/** Controls of what is decoded while it is written, and of what is left without a write. */
export const CONTROLS = {
  while: ["yoked", "random", "sham"],
  after: ["yoked", "random", "sham", "frozen", "write-only", "scrambled"],
} as const satisfies Readonly<Record<string, readonly ArmName[]>>;
