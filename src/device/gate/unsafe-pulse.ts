/** The typed error of the safety gate: which pulse was refused, by which rule, measured against which limit. */
import type { Frame } from "../signals.ts";

/** Each rule, with the unit in which its measurement and limit are given. */
export const RULES = {
  preparation: { unit: "", expects: "simulated or in-vitro tissue; a person is never stimulated" },
  stopped: { unit: "", expects: "a device that has not been stopped or closed" },
  lost: { unit: "", expects: "a device that is still there when the pulse is due" },
  books: { unit: "", expects: "books of the device on disk that can be written" },
  clock: { unit: "frames", expects: "a device clock that never runs backwards" },
  malformed: { unit: "", expects: "integer frame and channel, and finite currents and durations" },
  size: { unit: "pulses", expects: "fewer pulses in one call" },
  busy: { unit: "calls", expects: "fewer calls at once; wait for those before" },
  past: { unit: "frames", expects: "a pulse at or after now()" },
  late: { unit: "us", expects: "a pulse that the device's clock has not passed; plan from present()" },
  horizon: { unit: "s", expects: "a pulse that begins sooner" },
  electrode: { unit: "", expects: "a channel of the device's profile" },
  reserved: { unit: "", expects: "a channel that is not reserved (ground, reference)" },
  material: { unit: "", expects: "an electrode of known material and area" },
  phases: { unit: "phases", expects: "a number of phases within the limit" },
  duration: { unit: "us", expects: "a phase duration within the limits" },
  current: { unit: "uA", expects: "a current within the limit" },
  charge: { unit: "nC", expects: "a charge per phase within the limit" },
  balance: { unit: "of the phase charge", expects: "phases whose charges cancel" },
  polarity: { unit: "uA", expects: "a cathodic (negative) phase first on this material" },
  density: { unit: "uC/cm2", expects: "a charge density within the material's limit" },
  shannon: { unit: "(k)", expects: "a Shannon k within the limit" },
  light: { unit: "", expects: "light alone on a channel of light, and none elsewhere" },
  irradiance: { unit: "mW/mm2", expects: "light within the limit" },
  duty: { unit: "of the window", expects: "less light on the group in its rolling window" },
  interval: { unit: "us", expects: "a longer interval to the neighbouring pulse on the electrode" },
  rate: { unit: "pulses/s", expects: "fewer pulses per second on the electrode" },
  "at-once": { unit: "electrodes", expects: "fewer electrodes pulsed at the same time" },
  "array-rate": { unit: "pulses/s", expects: "fewer pulses per second on the array" },
  "budget-pulses": { unit: "pulses", expects: "fewer pulses in the electrode's rolling window" },
  "budget-charge": { unit: "nC", expects: "less charge in the electrode's rolling window" },
  "budget-net": { unit: "nC", expects: "less net charge in the electrode's rolling window" },
} as const;

export type SafetyRule = keyof typeof RULES;

/** A broken rule, with what was measured against which limit, in the rule's unit. */
export interface Fault {
  readonly rule: SafetyRule;
  readonly measured: number;
  readonly limit: number;
}

/** One refused pulse, as plain data. Channel and frame are -1 where none was given. `measured` and `limit` are in the unit of the rule, 0 for rules without one. */
export interface Refusal extends Fault {
  /** now() when it was refused. */
  readonly atFrame: Frame;
  readonly channel: number;
  readonly frame: Frame;
  /** What was given instead of a pulse, in words. */
  readonly got?: string;
  /** Accepted first, and then not sent: its call's other pulses were not touched. */
  readonly dropped?: true;
}

/** Thrown by `Device.stimulate`: nothing of that call was delivered. */
export class UnsafePulse extends Error implements Refusal {
  readonly atFrame: Frame;
  readonly channel: number;
  readonly frame: Frame;
  readonly rule: SafetyRule;
  readonly measured: number;
  readonly limit: number;
  declare readonly got?: string;
  declare readonly dropped?: true;

  constructor(refusal: Refusal) {
    super(describeRefusal(refusal));
    this.name = "UnsafePulse";
    this.atFrame = refusal.atFrame;
    this.channel = refusal.channel;
    this.frame = refusal.frame;
    this.rule = refusal.rule;
    this.measured = refusal.measured;
    this.limit = refusal.limit;
    if (refusal.got !== undefined) this.got = refusal.got;
    if (refusal.dropped) this.dropped = true;
  }
}

/** Which rule, in words: what was expected, what came, the limit. */
export function describeFault({ rule, measured, limit, got }: Fault & Pick<Refusal, "got">): string {
  const { unit, expects } = RULES[rule];
  const number = (value: number) => `${Number(value.toPrecision(6))}${unit && ` ${unit}`}`;
  if (got !== undefined) return `expected ${expects}, got ${got}`;
  return unit === ""
    ? `expected ${expects}`
    : `expected ${expects}, got ${number(measured)}, limit ${number(limit)}`;
}

/** One line of a whole refusal. */
export function describeRefusal(refusal: Refusal): string {
  const { channel, frame, rule, dropped } = refusal;
  const where = `${channel < 0 ? "" : ` on channel ${channel}`}${frame < 0 ? "" : ` at frame ${frame}`}`;
  const then = dropped ? "it was not sent" : "nothing of this call was delivered";
  return `unsafe pulse${where} (${rule}): ${describeFault(refusal)}; ${then}`;
}
