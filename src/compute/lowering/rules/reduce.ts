/** Reductions. Over a stored axis: one operator; over a broadcast axis: arithmetic on its length. */
import { keepingScales, type Rules } from "../context.ts";
import type { Graph } from "../graph.ts";
import { type ElementType, product } from "../jaxpr.ts";
import { BROADCAST, cast, relabel, scaled, settle, uniform, type Value, vanishing } from "../value.ts";

type Operation = "Add" | "Mul" | "Min" | "Max";

const OPERATOR: Readonly<Record<Operation, string>> = {
  Add: "ReduceSum",
  Mul: "ReduceProd",
  Min: "ReduceMin",
  Max: "ReduceMax",
};

export const reduce: Rules = {
  reduce: keepingScales(({ graph, inputs: [unsettled], params, outputs: [out] }) => {
    const op = params["op"] as Operation;
    const x = op === "Add" ? unsettled : settle(graph, unsettled!);
    const reduced = params["axis"] as number[];
    const lengths = reduced.map((axis) => x!.shape[axis]);
    if (x!.vanishes) return vanishing(graph, x!.type, out!.shape);
    if (lengths.includes(0)) return uniform(graph, x!.type, identityOf(op, x!.type), out!.shape);
    const numbers =
      x!.type === "bool" ? cast(graph, x!, "int32") : x!.type === "uint32" ? cast(graph, x!, "int32") : x!;
    const result = reduceStored(graph, numbers, op, reduced);
    const repeats = product(
      reduced.filter((axis) => x!.axes[axis] === BROADCAST).map((axis) => x!.shape[axis]),
    );
    const kept = [...x!.shape.keys()].filter((axis) => !reduced.includes(axis));
    const labelled = relabel(
      repeat(graph, result, op, repeats),
      out!.shape,
      kept.map((axis) => result.axes[axis]),
    );
    return cast(graph, labelled, x!.type);
  }),
};

/** Reduces the stored axes; they stay behind with length 1, so that a later broadcast finds them in place. */
export function reduceStored(graph: Graph, x: Value, op: Operation, reduced: readonly number[]): Value {
  const axes = reduced.map((axis) => x.axes[axis]).filter((axis) => axis !== BROADCAST);
  if (axes.length === 0) return x;
  // Operator set 17 takes the axes of all but sums as an attribute.
  const name =
    graph.portable && op !== "Add"
      ? graph.node(OPERATOR[op], [x.name], { keepdims: 1, axes })
      : graph.node(OPERATOR[op], [x.name, graph.int64s(axes)], { keepdims: 1 });
  const physical = x.physical.map((n, axis) => (axes.includes(axis) ? 1 : n));
  return { ...x, name, physical, axes: x.axes.map((axis) => (axes.includes(axis) ? BROADCAST : axis)) };
}

/** The reduction of `times` equal values. */
function repeat(graph: Graph, x: Value, op: Operation, times: number): Value {
  if (times === 1 || op === "Min" || op === "Max") return x;
  if (x.literal !== undefined) {
    const number = op === "Add" ? x.literal * times : x.literal ** times;
    return uniform(graph, x.type, number, x.shape);
  }
  if (op === "Add" && x.type === "float32") return scaled(graph, x, times);
  if (op === "Add") return { ...x, name: graph.node("Mul", [x.name, graph.scalar(x.type, times)]) };
  return { ...x, name: graph.node("Pow", [x.name, graph.scalar(x.type, times)]) };
}

function identityOf(op: Operation, type: ElementType): number {
  if (op === "Add") return 0;
  if (op === "Mul") return 1;
  const [least, most] = {
    float32: [-Infinity, Infinity],
    int32: [-(2 ** 31), 2 ** 31 - 1],
    uint32: [0, 2 ** 32 - 1],
    bool: [0, 1],
  }[type] as [number, number];
  return op === "Min" ? most : least;
}
