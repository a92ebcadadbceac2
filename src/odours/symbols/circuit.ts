/**
 * Symbols and answers in a mushroom body: a symbol is an odour, an answer a compartment that has dopamine or octopamine cells and output
 * neurons of its own. Light reaches the receptor cells of each glomerulus and the modulators of each compartment; Kenyon cells are read
 * one by one, output neurons by compartment.
 */
import type { StopFlag } from "../../tissue/stop-flag.ts";
import { groupsOf } from "../../tissue/wired/brain.ts";
import type { WiringSpec } from "../../tissue/wired/spec.ts";
import type { DopamineRule } from "../../wiring/brain/dopamine.ts";
import type { RewireOptions } from "../../wiring/change/rewire.ts";
import { labelsNamed, type Wiring, WiringError } from "../../wiring/contract.ts";
import { selectCells } from "../../wiring/select.ts";
import { LARVA, type Setting } from "../circuit.ts";
import { LitBrain } from "../subject/lit-brain.ts";
import { Receptors, receptorsCircuit } from "../subject/receptors.ts";
import type { Subject } from "../subject/subject.ts";

/** Those of the larva's compartments that have both; a symbol is answered by the next one's compartment. */
export const LARVA_ANSWERS = [..."bcdegijk"];

export interface SymbolCircuit {
  readonly glomeruli: readonly number[];
  /** `[K]` channel of each compartment's modulators, and of its output neurons. */
  readonly modulators: readonly number[];
  readonly outputs: readonly number[];
  readonly kenyon: readonly number[];
  /** What dopamine cells fire, all together. */
  readonly dopamine: readonly number[];
}

/** What can be taught symbols: a subject and its channels. */
export interface SymbolPupil {
  readonly circuit: SymbolCircuit;
  open(seed: number, stop?: StopFlag): Promise<Subject>;
}

/** Words for the dopamine and octopamine cells of a compartment, of those kinds that it has. */
function modulatorsOf(wiring: Wiring, letter: string): string {
  const types = labelsNamed(wiring, "type")?.values ?? [];
  const kinds = ["DAN", "MBIN", "OAN"].filter((kind) =>
    types.some((type) => type.startsWith(`${kind}-${letter}`)),
  );
  if (kinds.length === 0)
    throw new WiringError(
      `compartment ${letter}: expected cells of a type DAN-${letter}, MBIN-${letter} or OAN-${letter}, found none: symbols need a mushroom body with the larva's names`,
    );
  return kinds.map((kind) => `type=${kind}-${letter}*`).join(",");
}

/** A brain. `answers`: letters of the compartments; `changes`: controls of the wiring. */
export function symbolPupil(
  { path, wiring }: { readonly path: string; readonly wiring: Wiring },
  answers: readonly string[],
  { synapseMv, gains, rule }: Setting,
  changes: readonly RewireOptions[] = [],
): SymbolPupil {
  const { receptors, projections, senders, receivers, modulators } = LARVA;
  const smells = { receptors, projections };
  const spec: WiringSpec = {
    path,
    changes,
    lit: [smells, ...answers.map((letter) => `dopamine ${letter}: ${modulatorsOf(wiring, letter)}`)],
    read: [
      { eachOf: senders },
      ...answers.map((letter) => `output ${letter}: type=MBON-${letter}*`),
      `dopamine: ${modulators}`,
    ],
    synapseMv,
    ...(gains && { gains }),
    learning: { by: "dopamine", senders, receivers, modulators, rule },
  };
  const glomeruli = groupsOf(wiring, smells).length;
  const kenyon = selectCells(wiring, senders).length;
  const from = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);
  const circuit = {
    glomeruli: from(0, glomeruli),
    modulators: from(glomeruli, answers.length),
    kenyon: from(glomeruli + answers.length, kenyon),
    outputs: from(glomeruli + answers.length + kenyon, answers.length),
    dopamine: [glomeruli + 2 * answers.length + kenyon],
  };
  return { circuit, open: (seed, stop) => LitBrain.open(spec, seed, stop) };
}

/** No brain: a unit for each answer, which its modulators reach. */
export function symbolReceptors(
  glomeruli: number,
  answers: number,
  rule: Partial<DopamineRule>,
): SymbolPupil {
  const shape = { glomeruli, units: answers };
  const circuit = receptorsCircuit(shape);
  return {
    circuit: { ...circuit, dopamine: circuit.modulators },
    open: async (seed) => new Receptors(shape, seed, rule),
  };
}
