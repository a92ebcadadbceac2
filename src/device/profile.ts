/** What a device is: its electrodes, its clock, what it is attached to, and what its hardware can send. */

export type ElectrodeMaterial =
  | "platinum"
  | "platinum-black"
  | "titanium-nitride"
  | "iridium-oxide"
  | "pedot"
  | "unknown";

/** One electrode of the scaffold. `areaUm2` and `material` are what the safety gate judges charge density by. */
export interface Electrode {
  readonly channel: number;
  readonly xUm: number;
  readonly yUm: number;
  /** Geometric area. */
  readonly areaUm2: number;
  readonly material: ElectrodeMaterial;
}

/** What the device is attached to. Only `simulated` and `in-vitro` can ever be stimulated. */
export type Preparation = "simulated" | "in-vitro" | "person";

export interface DeviceProfile {
  readonly name: string;
  readonly preparation: Preparation;
  readonly framesPerSecond: number;
  readonly electrodes: readonly Electrode[];
  /** Channels that must never be stimulated (ground, reference). */
  readonly reservedChannels: readonly number[];
  /** Channels that are groups of cells under light, not electrodes: no current goes there, and light nowhere else. */
  readonly lightChannels?: readonly number[];
  /** Where the preparation itself says which channels data are given on, and which answer; any may be either if not given. */
  readonly zones?: { readonly sensory: readonly number[]; readonly prediction: readonly number[] };
  /** What the hardware itself can send; the gate takes the lower of these and its own limits. */
  readonly hardware?: {
    readonly maxCurrentUa: number;
    readonly maxChargePerPhaseNc: number;
    /** Electrodes on which a pulse can be under way at the same time; all of them if not given. */
    readonly maxElectrodesAtOnce?: number | undefined;
  };
}

/** The profile of something that may be stimulated. */
export type StimulableProfile = DeviceProfile & { readonly preparation: Exclude<Preparation, "person"> };
