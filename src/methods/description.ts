/** What a method and its arms are, in words, and what they need: data alone, for who chooses one. */
import type { Ability } from "../tissue/profile.ts";

export interface ArmDescription {
  readonly label: string;
  readonly meaning: string;
  /** Needs of this arm alone. */
  readonly needs?: Partial<Needs>;
}

/** What must be given. */
export interface Needs {
  readonly tissue: readonly Ability[];
  /** The whole series known ahead; a game; one culture, or several. */
  readonly task: readonly ("series" | "game")[];
  readonly brains: "one" | "several" | "any";
  /** Arms that must have run before. */
  readonly arms: readonly string[];
}

export interface MethodDescription {
  readonly name: string;
  /** What it must be able to do to the tissue, in words. */
  readonly access: string;
  readonly needs: Needs;
  /** By name, in the order in which they run by default. */
  readonly arms: Readonly<Record<string, ArmDescription>>;
  /** What plasticity does in training, in words. */
  readonly plasticity: string;
  /** It teaches by electrode counts, so that these, and not the bridge, say what its culture answers with the assigned code. */
  readonly isReadByCounts?: boolean;
}
