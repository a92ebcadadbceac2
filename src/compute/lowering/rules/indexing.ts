/** Gather and scatter: several indexed axes become one, and their indices one linear index. */
import { elementwise } from "../broadcasting.ts";
import type { Rules } from "../context.ts";
import type { Graph } from "../graph.ts";
import { product } from "../jaxpr.ts";
import {
  arrange,
  BROADCAST,
  cast,
  castTensor,
  materialise,
  relabel,
  reshapeTensor,
  stored,
  uniform,
  type Value,
} from "../value.ts";

/** Where the axes of a gathered value come from. */
interface Params {
  axis: readonly number[];
  outDim: number;
}

export const indexing: Rules = {
  gather({ graph, inputs: [x, ...indices], params, outputs: [out] }) {
    const { axis, outDim } = params as unknown as Params;
    const indexShape = broadcastShape(indices);
    const rest = [...x!.shape.keys()].filter((i) => !axis.includes(i));
    const varying = axis.filter((i) => x!.axes[i] !== BROADCAST);
    const storedRest = rest.filter((i) => x!.axes[i] !== BROADCAST);
    const labels = [...rest];
    labels.splice(outDim, 0, ...indexShape.map(() => -1));
    if (varying.length === 0)
      return relabel(
        x!,
        out!.shape,
        labels.map((i) => (i === -1 ? BROADCAST : x!.axes[i])),
      );

    const lengths = varying.map((i) => x!.shape[i]);
    const index = linearIndex(
      graph,
      varying.map((i) => indices[axis.indexOf(i)]),
      lengths,
      indexShape,
    );
    const restShape = storedRest.map((i) => x!.shape[i]);
    const plain = arrange(graph, x!, [...varying, ...storedRest]);
    const data = reshapeTensor(graph, plain, [...lengths, ...restShape], [product(lengths), ...restShape]);
    const name = graph.node("Gather", [data, materialise(graph, index)], { axis: 0 });
    let next = 0;
    const axes = labels.map((i) => {
      if (i === -1) return next++;
      const place = storedRest.indexOf(i);
      return place === -1 ? BROADCAST : indexShape.length + place;
    });
    return relabel({ ...x!, name, physical: [...indexShape, ...restShape] }, out!.shape, axes);
  },

  scatter({ graph, inputs: [updates, ...indices], params, outputs: [out] }) {
    const { axis, outDim } = params as unknown as Params;
    if (params["op"] !== "add" && params["op"] !== "update")
      throw new Error(`lowering: scatter with the operation "${String(params["op"])}" has no rule`);
    const shape = out!.shape;
    const indexShape = broadcastShape(indices);
    const indexAxes = indexShape.map((_, i) => outDim + i);
    const restAxes = [...updates!.shape.keys()].filter((i) => !indexAxes.includes(i));
    const rest = [...shape.keys()].filter((i) => !axis.includes(i));
    const lengths = axis.map((i) => shape[i]);
    const [rows, columns] = [product(lengths), product(rest.map((i) => shape[i]))];
    const count = product(indexShape);
    if (count === 0 || rows === 0 || columns === 0) return uniform(graph, updates!.type, 0, shape);

    const full = arrange(graph, updates!, [...indexAxes, ...restAxes], true);
    const flat = graph.node("Reshape", [full, graph.int64s([count, columns])]);
    const index = materialise(graph, linearIndex(graph, indices, lengths, indexShape));
    const column = graph.node("Reshape", [index, graph.int64s([count, 1])]);
    const places = graph.node("Expand", [column, graph.int64s([count, columns])]);
    const zeros = graph.node("Expand", [graph.scalar(updates!.type, 0), graph.int64s([rows, columns])]);
    // ScatterElements adds in order, on one thread: the same bits every time.
    const reduction = params["op"] === "add" ? "add" : "none";
    const name = graph.node("ScatterElements", [zeros, places, flat], { axis: 0, reduction });
    const physical = [...axis, ...rest].map((i) => shape[i]);
    const shaped = reshapeTensor(graph, name, [rows, columns], physical);
    const axes = shape.map((_, i) => [...axis, ...rest].indexOf(i));
    return relabel({ ...stored(shaped, updates!.type, physical) }, shape, axes);
  },
};

function broadcastShape(indices: readonly Value[]): number[] {
  const rank = Math.max(...indices.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, i) =>
    indices.reduce((n, { shape }) => {
      const length = shape[i - rank + shape.length] ?? 1;
      return length === 1 ? n : length;
    }, 1),
  );
}

/** The index into axes of the given lengths, merged row by row. */
function linearIndex(
  graph: Graph,
  indices: readonly Value[],
  lengths: readonly number[],
  shape: readonly number[],
): Value {
  let sum: Value | null = null;
  indices.forEach((index, i) => {
    const stride = product(lengths.slice(i + 1));
    const plain = cast(graph, index, "int32");
    const scaled =
      stride === 1
        ? plain
        : elementwise(graph, { op: "Mul", shape: plain.shape, type: "int32" }, [
            plain,
            uniform(graph, "int32", stride),
          ]);
    sum = sum === null ? scaled : elementwise(graph, { op: "Add", shape, type: "int32" }, [sum, scaled]);
  });
  const total = sum as unknown as Value;
  return relabel(total, shape, [
    ...Array<number>(shape.length - total.shape.length).fill(BROADCAST),
    ...total.axes,
  ]);
}

/** Sorting along the last axis: TopK, smallest first, ties in order. */
export const sorting: Rules = {
  sort: ({ graph, inputs: [x] }) => sorted(graph, x!)[0],
  argsort: ({ graph, inputs: [x] }) => sorted(graph, x!),
};

function sorted(graph: Graph, x: Value): [Value, Value] {
  const length = x.shape.at(-1)!;
  if (x.shape.includes(0)) return [x, uniform(graph, "int32", 0, x.shape)];
  const carried = x.type === "float32" ? "float32" : "int64";
  const plain = materialise(graph, x);
  const data = carried === x.type ? plain : castTensor(graph, plain, carried);
  const attributes = { axis: -1, largest: 0, sorted: 1 };
  const [values, places] = graph.nodeWithOutputs("TopK", [data, graph.int64s([length])], attributes, 2);
  const back = carried === x.type ? values! : castTensor(graph, values!, x.type);
  return [stored(back, x.type, x.shape), stored(castTensor(graph, places!, "int32"), "int32", x.shape)];
}
