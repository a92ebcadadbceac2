/** What only some tissue can do, between steps: commands and answers as plain data, so that they go to any thread. */
import type { LearnedFactors, SimulatedControls } from "../device/simulated/controls.ts";
import type { CellWrite, SynapseWrite, TissueImage, UltrastructureEntry } from "../device/simulated/image.ts";
import type { Ability } from "./profile.ts";

export type TissueCommand =
  /** Everything that can be read of the culture at this moment. */
  | { readonly kind: "read-tissue" }
  /** The signed strength of every synapse `[M]` alone. */
  | { readonly kind: "read-strengths" }
  /** All or none. */
  | { readonly kind: "write-synapses"; readonly write: SynapseWrite }
  /** Synapse k takes the strength of synapse `from[k]`, of the same kind and onto the same cell. */
  | { readonly kind: "permute-synapses"; readonly from: ArrayLike<number> }
  | { readonly kind: "write-cells"; readonly write: CellWrite }
  /** Multiplies the strengths of all plastic synapses, and homeostasis's target sums. */
  | { readonly kind: "scale-excitation"; readonly factor: number }
  /** Of a brain of a wiring diagram: what each synapse that learns weighs, as a factor of what it weighed at first. */
  | { readonly kind: "read-learned" }
  | { readonly kind: "write-learned"; readonly factors: Float64Array };

interface Answers {
  readonly "read-tissue": TissueImage;
  readonly "read-strengths": Float32Array;
  readonly "write-synapses": UltrastructureEntry;
  readonly "permute-synapses": undefined;
  readonly "write-cells": UltrastructureEntry;
  readonly "scale-excitation": undefined;
  readonly "read-learned": Float64Array;
  readonly "write-learned": undefined;
}

export type AnswerOf<Command extends TissueCommand> = Answers[Command["kind"]];

/** The ability that a command needs. */
export function abilityFor({ kind }: TissueCommand): Ability {
  if (kind === "read-learned" || kind === "write-learned") return "learned";
  return kind === "scale-excitation" ? "scaling" : "synapses";
}

/** Carries a command out on a simulated culture. */
export function performOn<Command extends TissueCommand>(
  controls: SimulatedControls,
  command: Command,
): AnswerOf<Command> {
  return answerTo(controls, command) as AnswerOf<Command>;
}

function answerTo(controls: SimulatedControls, command: TissueCommand): AnswerOf<TissueCommand> {
  switch (command.kind) {
    case "read-tissue":
      return controls.readTissue();
    case "read-strengths":
      return controls.readStrengths();
    case "write-synapses":
      return controls.writeSynapses(command.write);
    case "write-cells":
      return controls.writeCells(command.write);
    case "permute-synapses":
      controls.permuteSynapses(command.from);
      return undefined;
    case "scale-excitation":
      controls.scaleExcitation(command.factor);
      return undefined;
    case "read-learned":
      return learnedIn(controls).read();
    case "write-learned":
      learnedIn(controls).write(command.factors);
      return undefined;
  }
}

function learnedIn({ learned }: SimulatedControls): LearnedFactors {
  if (!learned) throw new Error("expected a brain of a wiring diagram with synapses that learn");
  return learned;
}
