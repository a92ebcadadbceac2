/** What a lowering rule is given, and what it returns. */
import type { Graph } from "./graph.ts";
import type { Atom, Aval, Equation, Params } from "./jaxpr.ts";
import type { Value } from "./value.ts";

export interface Context {
  readonly graph: Graph;
  readonly inputs: readonly Value[];
  readonly params: Params;
  readonly outputs: readonly Aval[];
  readonly equation: Equation;
  /** The equation that defines an atom; null for arguments, constants and literals. */
  definition(atom: Atom): Equation | null;
  /** The value of an atom that an earlier equation defines. */
  value(atom: Atom): Value;
  /** How many equations and outputs use an atom. */
  uses(atom: Atom): number;
}

export type Rule = (context: Context) => Value | readonly Value[];
export type Rules = Readonly<Record<string, Rule>>;
