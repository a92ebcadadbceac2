/**
 * A value of the jaxpr and where it lies: a physical ONNX tensor, and for every logical axis the physical axis that
 * holds it, or BROADCAST. Broadcasting and transposing a value are bookkeeping; nothing is moved until an operator
 * needs it, and most never do.
 */
import type { Graph } from "./graph.ts";
import { type ElementType, product } from "./jaxpr.ts";

/** In place of a physical axis: the value does not vary along this logical axis, and is not stored along it. */
export const BROADCAST = -1;

export interface Value {
  /** The ONNX tensor. */
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Logical axis -> physical axis or BROADCAST. Axes of length 1 are always BROADCAST. */
  readonly axes: readonly number[];
  /** Shape of the ONNX tensor. Physical axes that no logical axis maps to have length 1. */
  readonly physical: readonly number[];
  /** The number itself, where the value is one number known now. */
  readonly literal?: number;
  /** The value is this times what is stored; default 1. Of float32 any number, of integers -1. */
  readonly scale?: number;
  /** The value is x - x: zero whatever x is. What it is multiplied with need not be computed (see patterns.ts). */
  readonly vanishes?: true;
}

/** A value stored plainly, in logical order. */
export function stored(name: string, type: ElementType, shape: readonly number[]): Value {
  return { name, type, shape, physical: shape, axes: shape.map((n, i) => (n === 1 ? BROADCAST : i)) };
}

/** One number, of any logical shape. */
export function uniform(
  graph: Graph,
  type: ElementType,
  number: number,
  shape: readonly number[] = [],
): Value {
  const axes = shape.map(() => BROADCAST);
  return { name: graph.scalar(type, number), type, shape, axes, physical: [], literal: number };
}

/** The zero that x - x is. */
export function vanishing(graph: Graph, type: ElementType, shape: readonly number[]): Value {
  return { ...uniform(graph, type, 0, shape), vanishes: true };
}

/** `number` times a value: bookkeeping, too. */
export function scaled(graph: Graph, value: Value, number: number): Value {
  if (value.literal !== undefined) {
    const literal = value.literal * number;
    const wrapped =
      value.type === "float32" ? Math.fround(literal) : value.type === "uint32" ? literal >>> 0 : literal | 0;
    return { ...value, ...uniform(graph, value.type, wrapped, value.shape) };
  }
  const { scale = 1, ...rest } = value;
  return scale * number === 1 ? rest : { ...rest, scale: scale * number };
}

/** The value with nothing left to multiply: at most one operator. */
export function settle(graph: Graph, value: Value): Value {
  const { scale, ...rest } = value;
  if (scale === undefined) return value;
  if (scale !== -1) return { ...rest, name: graph.node("Mul", [value.name, graph.scalar("float32", scale)]) };
  // Integers without a sign have no Neg: the bits are the same.
  const signed = value.type === "uint32" ? castTensor(graph, value.name, "int32") : value.name;
  const negated = graph.node("Neg", [signed]);
  return { ...rest, name: value.type === "uint32" ? castTensor(graph, negated, "uint32") : negated };
}

/** What was computed of a value and lies as it does: nothing that was known of the numbers holds any more. */
export function computed(value: Value, name: string): Value {
  const { literal: _, vanishes: __, scale: ___, ...rest } = value;
  return { ...rest, name };
}

/** Replaces logical shape and axes; axes of length 1 become BROADCAST. */
export function relabel(value: Value, shape: readonly number[], axes: readonly number[]): Value {
  return { ...value, shape, axes: axes.map((axis, i) => (shape[i] === 1 ? BROADCAST : axis)) };
}

/** Logical axes that are stored, in physical order. */
export function storedOrder(value: Value): number[] {
  const order: number[] = [];
  value.axes.forEach((physical, logical) => {
    if (physical !== BROADCAST) order[physical] = logical;
  });
  return order.filter((logical) => logical !== undefined);
}

/** Number of elements stored. */
export function storedSize(value: Value): number {
  return product(value.physical);
}

/**
 * The name of a tensor that holds `value` with exactly the physical axes `order` (logical axes; every stored axis must
 * be among them). Axes that are not stored have length 1 there, or are expanded where `expand` says so.
 */
export function arrange(graph: Graph, value: Value, order: readonly number[], expand = false): string {
  const kept = order.filter((axis) => value.axes[axis] !== BROADCAST);
  let { name, physical } = value;
  const current = storedOrder(value);
  if (kept.some((axis, i) => axis !== current[i])) {
    const rest = physical.map((_, i) => i).filter((i) => !value.axes.includes(i));
    const perm = [...rest, ...kept.map((axis) => value.axes[axis])];
    name = graph.node("Transpose", [name], { perm });
    physical = perm.map((i) => physical[i]);
  }
  const wanted = order.map((axis) => (value.axes[axis] === BROADCAST ? 1 : value.shape[axis]));
  name = reshapeTensor(graph, name, physical, wanted);
  if (!expand) return name;
  const full = order.map((axis) => value.shape[axis]);
  if (full.every((n, i) => n === wanted[i])) return name;
  return graph.node("Expand", [name, graph.int64s(full)]);
}

/** The name of a tensor that holds the whole of `value` in logical order. */
export function materialise(graph: Graph, value: Value): string {
  return arrange(graph, value, [...value.shape.keys()], true);
}

export function reshapeTensor(
  graph: Graph,
  name: string,
  from: readonly number[],
  to: readonly number[],
): string {
  // What was reshaped already is reshaped from where it comes from.
  const origin = graph.reshapedFrom.get(name) ?? { name, shape: from };
  if (origin.shape.join() === to.join()) return origin.name;
  if (from.join() === to.join()) return name;
  const attributes = to.includes(0) ? { allowzero: 1 } : {};
  const reshaped = graph.node("Reshape", [origin.name, graph.int64s(to)], attributes);
  graph.reshapedFrom.set(reshaped, origin);
  return reshaped;
}

/** A value of another element type. */
export function cast(graph: Graph, value: Value, type: ElementType): Value {
  if (value.type === type) return value;
  if (value.literal !== undefined) {
    const number = type === "bool" ? Number(value.literal !== 0) : value.literal;
    const exact = type === "int32" || type === "uint32" ? Math.trunc(number) : number;
    return { ...value, ...uniform(graph, type, exact, value.shape) };
  }
  return { ...value, type, name: castTensor(graph, value.name, type) };
}

export function castTensor(graph: Graph, name: string, type: keyof typeof CAST_TYPE): string {
  return graph.node("Cast", [name], { to: CAST_TYPE[type] });
}

const CAST_TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11, uint32: 12 } as const;
