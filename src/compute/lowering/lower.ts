/** Lowers a flattened jaxpr to the bytes of an ONNX model. */
import type { Context, Rules } from "./context.ts";
import { Graph } from "./graph.ts";
import { type Atom, type Constant, type Equation, elementTypeOf, isLiteral, type Jaxpr } from "./jaxpr.ts";
import { arithmetic } from "./rules/arithmetic.ts";
import { bits } from "./rules/bits.ts";
import { dot } from "./rules/dot.ts";
import { fourier } from "./rules/fourier.ts";
import { indexing, sorting } from "./rules/indexing.ts";
import { linalg } from "./rules/linalg.ts";
import { movement } from "./rules/movement.ts";
import { reduce } from "./rules/reduce.ts";
import { windows } from "./rules/windows.ts";
import { cast, materialise, settle, stored, uniform, type Value } from "./value.ts";

const rules: Rules = {
  ...arithmetic,
  ...bits,
  ...dot,
  ...fourier,
  ...indexing,
  ...linalg,
  ...movement,
  ...reduce,
  ...sorting,
  ...windows,
};

/** A primitive without a rule. */
export class UnsupportedPrimitive extends Error {
  override readonly name = "UnsupportedPrimitive";

  constructor(
    readonly primitive: string,
    readonly types: string,
    /** Where it was called, if that is known. */
    origin?: string | null,
  ) {
    super(
      `lowering: no rule for the primitive "${primitive}" ${types}${origin ? `, called at ${origin}` : ""}; ` +
        'use the executor "jaxjs", or write the function without it',
    );
  }
}

export interface LowerOptions {
  /** Only operators of ONNX's own set 17: slower, and at home in any runtime. Default false. */
  readonly portable?: boolean;
  /** Names must not be `t` and digits, which are the tensors in between. */
  readonly inputNames?: readonly string[];
  readonly outputNames?: readonly string[];
}

/**
 * The ONNX model of a jaxpr whose first binders are `constants`. Unless names are given, inputs are named `i0`, `i1`, ... in
 * the order of the remaining binders, outputs `o0`, `o1`, ...
 */
export function lower(
  jaxpr: Jaxpr,
  constants: readonly Constant[],
  { portable = false, inputNames = [], outputNames = [] }: LowerOptions = {},
): Uint8Array {
  const graph = new Graph(portable);
  const inputName = (i: number): string => inputNames[i] ?? `i${i}`;
  const values = new Map<Atom, Value>();
  const definitions = new Map<Atom, Equation>();
  jaxpr.inBinders.forEach((binder, i) => {
    const type = elementTypeOf(binder.aval);
    const constant = constants[i];
    const name = inputName(i - constants.length);
    if (!constant) graph.input(name, type, binder.aval.shape);
    values.set(
      binder,
      constant ? constantValue(graph, constant, type) : stored(name, type, binder.aval.shape),
    );
  });

  const unsettled = (atom: Atom): Value => {
    if (isLiteral(atom)) return uniform(graph, elementTypeOf(atom.aval), Number(atom.value));
    return values.get(atom)!;
  };
  const value = (atom: Atom): Value => settle(graph, unsettled(atom));
  const definition = (atom: Atom): Equation | null => definitions.get(atom) ?? null;

  const users = new Map<Atom, (Equation | null)[]>();
  const use = (atom: Atom, user: Equation | null) => users.set(atom, [...(users.get(atom) ?? []), user]);
  for (const equation of jaxpr.eqns) for (const atom of equation.inputs) use(atom, equation);
  for (const out of jaxpr.outs) use(out, null);
  const onlyUser = (atom: Atom): Equation | null => {
    const all = users.get(atom) ?? [];
    return all.length === 1 ? all[0] : null;
  };

  for (const equation of jaxpr.eqns) {
    const rule = rules[equation.primitive];
    if (!rule)
      throw new UnsupportedPrimitive(
        equation.primitive,
        `(${equation.inputs.map(describe).join(", ")} -> ${equation.outBinders.map(describe).join(", ")})`,
      );
    const context: Context = {
      graph,
      equation,
      inputs: equation.inputs.map(rule.keepsScales ? unsettled : value),
      params: equation.params,
      outputs: equation.outBinders.map(({ aval }) => aval),
      definition,
      value,
      onlyUser,
    };
    const result = rule(context);
    const results = Array.isArray(result) ? (result as readonly Value[]) : [result as Value];
    equation.outBinders.forEach((binder, i) => {
      values.set(binder, results[i]);
      definitions.set(binder, equation);
    });
  }

  jaxpr.outs.forEach((out, i) => {
    const result = cast(graph, value(out), elementTypeOf(out.aval));
    graph.output(outputNames[i] ?? `o${i}`, materialise(graph, result), result.type, out.aval.shape);
  });
  return graph.toBytes();
}

/** A constant; where all its numbers are equal, only one is stored. */
function constantValue(
  graph: Graph,
  { shape, data }: Constant,
  type: ReturnType<typeof elementTypeOf>,
): Value {
  const first = data[0];
  if (first !== undefined && data.every((number: number) => Object.is(number, first)))
    return uniform(graph, type, first, shape);
  return stored(graph.constant(type, shape, data), type, shape);
}

function describe({ aval }: Atom): string {
  return `${aval.dtype}[${aval.shape}]`;
}
