/**
 * Bringing several values to one physical layout for an elementwise operator. Only axes along which some operand
 * varies are in it; what ONNX's own broadcasting can do is left to it; what would have to be moved is moved in the
 * smaller operand.
 */
import type { Graph } from "./graph.ts";
import type { ElementType } from "./jaxpr.ts";
import type { Attributes } from "./node.ts";
import { arrange, BROADCAST, castTensor, relabel, storedOrder, storedSize, type Value } from "./value.ts";

/** Names of the operands' tensors, ready for one elementwise node, and the layout of its result. */
export interface Aligned {
  names: string[];
  physical: number[];
  axes: number[];
}

/** A place in the common layout: a logical axis, or a length of 1. */
const ONE = -1;

export function align(graph: Graph, operands: readonly Value[], shape: readonly number[]): Aligned {
  const widened = operands.map((value) => widen(value, shape));
  const bySize = [...widened].sort((a, b) => storedSize(b) - storedSize(a));
  const places = placesOf(bySize[0]);
  for (const value of bySize.slice(1)) insertMissing(places, value);
  const placed = widened.map((value) => place(graph, value, places));
  const rank = Math.max(...placed.map(({ rank }) => rank));
  const used = places.slice(places.length - rank);
  const axes = shape.map(() => BROADCAST);
  const physical = used.map((axis, i) => {
    if (axis === ONE) return 1;
    axes[axis] = i;
    return shape[axis];
  });
  return { names: placed.map(({ name }) => name), physical, axes };
}

/** An elementwise operator, and the shape and type of its result. */
export interface Elementwise {
  readonly op: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly attributes?: Attributes;
}

/** One elementwise node over `operands`. */
export function elementwise(
  graph: Graph,
  { op, shape, type, attributes = {} }: Elementwise,
  operands: readonly Value[],
): Value {
  const { names, physical, axes } = align(graph, operands, shape);
  const carrier = carrierOf(op, operands[0].type);
  if (carrier === null) return { name: graph.node(op, names, attributes), type, shape, physical, axes };
  const carried = graph.node(
    op,
    names.map((name) => castTensor(graph, name, carrier)),
    attributes,
  );
  return { name: type === "bool" ? carried : castTensor(graph, carried, type), type, shape, physical, axes };
}

/** What ONNX Runtime computes uint32 in, where it has no kernel of its own: the bits are the same. */
function carrierOf(op: string, type: ElementType): "int32" | "int64" | null {
  if (type !== "uint32" || op.startsWith("Bit")) return null;
  return ["Add", "Sub", "Mul"].includes(op) ? "int32" : "int64";
}

/** Gives a value the rank of `shape`, with leading axes broadcast. */
export function widen(value: Value, shape: readonly number[]): Value {
  const missing = shape.length - value.shape.length;
  const axes = [...Array<number>(missing).fill(BROADCAST), ...value.axes];
  return relabel(value, shape, axes);
}

function placesOf(value: Value): number[] {
  const places = value.physical.map(() => ONE);
  value.axes.forEach((physical, logical) => {
    if (physical !== BROADCAST) places[physical] = logical;
  });
  return places;
}

/** Adds the axes that only `value` stores, each after the axis it follows there, in a free place of length 1 if one is. */
function insertMissing(places: number[], value: Value): void {
  let after = -1;
  for (const axis of storedOrder(value)) {
    const found = places.indexOf(axis);
    if (found >= 0) {
      after = found;
      continue;
    }
    if (after === -1) {
      const next = storedOrder(value).find((other) => places.includes(other));
      after = next === undefined ? beforeLater(places, axis) : places.indexOf(next) - 1;
      if (after >= 0 && places[after] === ONE) {
        places[after] = axis;
        continue;
      }
    }
    if (places[after + 1] === ONE) places[after + 1] = axis;
    else places.splice(after + 1, 0, axis);
    after++;
  }
}

/** The last place before the first larger logical axis. */
function beforeLater(places: readonly number[], axis: number): number {
  const later = places.findIndex((other) => other > axis);
  return later === -1 ? places.length - 1 : later - 1;
}

function place(graph: Graph, value: Value, places: readonly number[]): { name: string; rank: number } {
  const lengths = places.map((axis) =>
    axis === ONE || value.axes[axis] === BROADCAST ? 1 : value.shape[axis],
  );
  const inPlaces = places.filter((axis) => axis !== ONE && value.axes[axis] !== BROADCAST);
  const inOrder = storedOrder(value).every((axis, i) => axis === inPlaces[i]);
  const rank = value.physical.length;
  const fits =
    rank <= lengths.length && lengths.every((n, i) => n === (value.physical[i - lengths.length + rank] ?? 1));
  if (inOrder && fits) return { name: value.name, rank };
  const first = lengths.findIndex((n) => n !== 1);
  const start = first === -1 ? places.length : first;
  // Places of length 1 stand for an axis of length 1 appended to the value, so that `arrange` may put them anywhere.
  const padded = relabel(value, [...value.shape, 1], [...value.axes, BROADCAST]);
  const order = places.slice(start).map((axis) => (axis === ONE ? value.shape.length : axis));
  return { name: arrange(graph, padded, order), rank: order.length };
}
