/**
 * Groups of equations that ONNX Runtime has one kernel for: softmax, normalisation, sigmoid. Each is looked for from
 * its last equation backwards; what the kernel makes needless is not needed by any output, and so left out.
 */

import { widen } from "./broadcasting.ts";
import type { Context } from "./context.ts";
import type { Graph } from "./graph.ts";
import { type Atom, type Equation, isLiteral } from "./jaxpr.ts";
import { BROADCAST, computed, type Value } from "./value.ts";

/** The equation of an atom, if it is of the given primitive; broadcasts and reshapes in between are passed over. */
function find(context: Context, atom: Atom, primitive: string): Equation | null {
  if (isLiteral(atom)) return null;
  const equation = context.definition(atom);
  if (!equation) return null;
  if (equation.primitive === primitive) return equation;
  const transparent = ["reshape", "broadcast", "stop_gradient"].includes(equation.primitive);
  return transparent ? find(context, equation.inputs[0], primitive) : null;
}

/**
 * Whether a statistic of x over `axis` is spread back over that very axis: a mean of rows taken from columns must not
 * pass for a normalisation.
 */
function spreads(context: Context, atom: Atom, x: Value, axis: number): boolean {
  if (isLiteral(atom) || atom.aval.shape.length > x.shape.length) return false;
  const statistic = widen(context.value(atom), x.shape);
  const inPlace = x.axes.every((physical, i) => statistic.axes[i] === (i === axis ? BROADCAST : physical));
  return inPlace && isReduced(statistic, x, axis);
}

/** Whether a value lies as x does, with length 1 along `axis`. */
function isReduced(value: Value, x: Value, axis: number): boolean {
  return value.physical.join() === x.physical.with(x.axes[axis], 1).join();
}

/** The two inputs of a commutative equation, the one that `test` accepts first. */
function sides(equation: Equation, test: (atom: Atom) => boolean): [Atom, Atom] | null {
  const [a, b] = equation.inputs as [Atom, Atom];
  if (test(a)) return [a, b];
  return test(b) ? [b, a] : null;
}

function literalOf(atom: Atom): number | null {
  return isLiteral(atom) ? Number(atom.value) : null;
}

/** The one axis that an equation reduces with `op`, if it does so. */
function reducedAxis(equation: Equation | null, op: string): number | null {
  if (equation?.primitive !== "reduce" || equation.params["op"] !== op) return null;
  const axes = equation.params["axis"] as number[];
  return axes.length === 1 ? axes[0] : null;
}

/** x - f(x) where f's equation is a negation: returns x and what is taken from it. */
function difference(context: Context, equation: Equation | null): { from: Atom; taken: Atom } | null {
  if (equation?.primitive !== "add") return null;
  const split = sides(equation, (atom) => find(context, atom, "neg") !== null);
  if (!split) return null;
  return { from: split[1], taken: find(context, split[0], "neg")!.inputs[0] };
}

/** e / sum(e) with e = exp(x - max(x)), as `mul(e, reciprocal(sum))`. */
export function softmax(context: Context): Value | null {
  const split = sides(context.equation, (atom) => find(context, atom, "reciprocal") !== null);
  if (!split) return null;
  const [inverse, exponentials] = split;
  const sum = find(context, find(context, inverse, "reciprocal")!.inputs[0], "reduce");
  const axis = reducedAxis(sum, "Add");
  if (axis === null || sum!.inputs[0] !== exponentials) return null;
  const exp = isLiteral(exponentials) ? null : context.definition(exponentials);
  if (exp?.primitive !== "exp") return null;
  const shifted = difference(context, context.definition(exp.inputs[0]));
  if (!shifted) return null;
  const max = find(context, shifted.taken, "reduce");
  if (reducedAxis(max, "Max") !== axis || max!.inputs[0] !== shifted.from) return null;
  const x = context.value(shifted.from);
  const physical = x.axes[axis];
  if (x.type !== "float32" || physical === BROADCAST || x.shape.includes(0)) return null;
  if (!spreads(context, shifted.taken, x, axis) || !spreads(context, inverse, x, axis)) return null;
  return { ...x, name: context.graph.node("Softmax", [x.name], { axis: physical }) };
}

/** 1 / (1 + exp(-x)), as `reciprocal(add(exp(neg(x)), 1))`. */
export function sigmoid(context: Context): Value | null {
  const sum = context.definition(context.equation.inputs[0]);
  if (sum?.primitive !== "add") return null;
  const split = sides(sum, (atom) => literalOf(atom) === 1);
  const exp = split && !isLiteral(split[1]) ? context.definition(split[1]) : null;
  if (exp?.primitive !== "exp") return null;
  const negation = context.definition(exp.inputs[0]);
  if (negation?.primitive !== "neg") return null;
  const x = context.value(negation.inputs[0]);
  return computed(x, context.graph.node("Sigmoid", [x.name]));
}

interface Normalisation {
  normalised: string;
  inverseDeviation: string;
  x: Value;
  axis: number;
}

/** (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon), as `mul(centred, reciprocal(sqrt(add(variance, epsilon))))`. */
export function normalise(context: Context): Value | null {
  const split = sides(context.equation, (atom) => find(context, atom, "reciprocal") !== null);
  if (!split) return null;
  const found = normalisation(context, find(context, split[0], "reciprocal")!, split[1]);
  if (!found || !spreads(context, split[0], found.x, found.axis)) return null;
  return { ...found.x, name: found.normalised };
}

/** The factor of a normalisation, 1 / sqrt(variance + epsilon), from the same kernel. */
export function inverseDeviation(context: Context): Value | null {
  const found = normalisation(context, context.equation, null);
  if (!found) return null;
  const deviation = context.value(context.equation.inputs[0]);
  return isReduced(deviation, found.x, found.axis) ? { ...deviation, name: found.inverseDeviation } : null;
}

function normalisation(
  context: Context,
  reciprocal: Equation,
  centredAtom: Atom | null,
): Normalisation | null {
  const sqrt = find(context, reciprocal.inputs[0], "sqrt");
  const shifted = sqrt && find(context, sqrt.inputs[0], "add");
  const split = shifted && sides(shifted, (atom) => literalOf(atom) !== null);
  if (!split) return null;
  const variance = meanOf(context, split[1]);
  if (!variance) return null;
  const square = find(context, variance.of, "mul");
  if (!square || square.inputs[0] !== square.inputs[1]) return null;
  const centred = square.inputs[0];
  if (centredAtom !== null && centredAtom !== centred) return null;
  const parts = difference(context, isLiteral(centred) ? null : context.definition(centred));
  const mean = parts && meanOf(context, parts.taken);
  if (!mean || mean.of !== parts.from || mean.axis !== variance.axis) return null;
  const x = context.value(parts.from);
  const physical = x.axes[mean.axis];
  if (x.type !== "float32" || physical !== x.physical.length - 1 || x.shape.includes(0)) return null;
  if (!spreads(context, parts.taken, x, mean.axis)) return null;
  return { x, axis: mean.axis, ...normalisationNode(context.graph, x, literalOf(split[0])!) };
}

function normalisationNode(graph: Graph, x: Value, epsilon: number) {
  const length = x.physical.at(-1)!;
  const ones = graph.constant("float32", [length], new Float32Array(length).fill(1));
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const outputs = graph.nodeWithOutputs("LayerNormalization", [x.name, ones], attributes, 3);
  return { normalised: outputs[0], inverseDeviation: outputs[2] };
}

/** sum(x) * (1 / n) over one axis of length n. */
function meanOf(context: Context, atom: Atom): { of: Atom; axis: number } | null {
  const scaled = find(context, atom, "mul");
  const split = scaled && sides(scaled, (side) => literalOf(side) !== null);
  const sum = split && find(context, split[1], "reduce");
  const axis = sum ? reducedAxis(sum, "Add") : null;
  if (!sum || axis === null) return null;
  const length = sum.inputs[0].aval.shape[axis];
  return Math.fround(1 / length) === Math.fround(literalOf(split![0])!) ? { of: sum.inputs[0], axis } : null;
}
