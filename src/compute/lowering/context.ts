/** What a lowering rule is given, and what it returns. */
import type { Graph } from "./graph.ts";
import type { Atom, Aval, Equation, Params } from "./jaxpr.ts";
import type { Value } from "./value.ts";

export interface Context {
  readonly graph: Graph;
  /** Settled, but for the rules that say they keep scales (`KeepsScales`). */
  readonly inputs: readonly Value[];
  readonly params: Params;
  readonly outputs: readonly Aval[];
  readonly equation: Equation;
  /** The equation that defines an atom; null for arguments, constants and literals. */
  definition(atom: Atom): Equation | null;
  /** The value of an atom that an earlier equation defines, settled. */
  value(atom: Atom): Value;
  /** The one equation that uses an atom; null where several do, or an output. */
  onlyUser(atom: Atom): Equation | null;
}

export type Rule = ((context: Context) => Value | readonly Value[]) & {
  /** The rule reads the scale of its inputs, and need not have them multiplied out. */
  keepsScales?: true;
};

export function keepingScales(rule: Rule): Rule {
  return Object.assign((context: Context) => rule(context), { keepsScales: true as const });
}

export type Rules = Readonly<Record<string, Rule>>;
