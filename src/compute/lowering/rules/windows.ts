/** Convolution, and the windows that pooling is made of. */
import type { Rules } from "../context.ts";
import type { Graph } from "../graph.ts";
import { product } from "../jaxpr.ts";
import { arrange, cast, materialise, relabel, reshapeTensor, stored, uniform, type Value } from "../value.ts";

interface Convolution {
  vmapDims: number;
  strides: number[];
  padding: [number, number][];
  lhsDilation: number[];
  rhsDilation: number[];
}

export const windows: Rules = {
  conv({ graph, inputs: [lhs, rhs], params, outputs: [out] }) {
    const { vmapDims, strides, padding, lhsDilation, rhsDilation } = params as unknown as Convolution;
    if (out!.shape.includes(0) || lhs!.shape.includes(0)) return uniform(graph, "float32", 0, out!.shape);
    const groups = product(out!.shape.slice(0, vmapDims));
    const outer = [...out!.shape.keys()].slice(0, vmapDims);
    const x = batchLast(graph, cast(graph, lhs!, "float32"), outer, out!.shape);
    const kernel = materialiseWide(graph, cast(graph, rhs!, "float32"), outer, out!.shape);
    const [outChannels, inChannels, ...kernelShape] = rhs!.shape.slice(vmapDims) as [
      number,
      number,
      ...number[],
    ];
    const batch = lhs!.shape[vmapDims];
    const spatial = lhs!.shape.slice(vmapDims + 2);
    // At least one spatial axis, for ONNX.
    const flat = spatial.length === 0;
    const padded = padDilated(
      graph,
      x,
      { outer: [batch, groups * inChannels], spatial: flat ? [1] : spatial },
      { dilation: flat ? [1] : lhsDilation, padding: flat ? [[0, 0]] : padding },
    );
    const weights = graph.node("Reshape", [
      kernel,
      graph.int64s([groups * outChannels, inChannels, ...(flat ? [1] : kernelShape)]),
    ]);
    const name = graph.node("Conv", [padded, weights], {
      group: groups,
      strides: flat ? [1] : strides,
      dilations: flat ? [1] : rhsDilation,
    });
    const outSpatial = out!.shape.slice(vmapDims + 2);
    const physical = [batch, ...out!.shape.slice(0, vmapDims), outChannels, ...outSpatial];
    const shaped = graph.node("Reshape", [name, graph.int64s(physical)]);
    const order = [vmapDims, ...outer, ...[...out!.shape.keys()].slice(vmapDims + 1)];
    const axes = out!.shape.map((_, axis) => order.indexOf(axis));
    return relabel(stored(shaped, "float32", physical), out!.shape, axes);
  },

  pool({ graph, inputs: [x], params, outputs: [out] }) {
    const [window, strides] = [params["window"] as number[], params["strides"] as number[]];
    const outer = x!.shape.length - window.length;
    let name = materialise(graph, x!);
    // Each spatial axis becomes two: the place of the window, and the place within it.
    window.forEach((length, i) => {
      const places = out!.shape[outer + i];
      const indices = Array.from(
        { length: places * length },
        (_, j) => Math.floor(j / length) * strides[i] + (j % length),
      );
      name = graph.node("Gather", [name, graph.constant("int64", [places, length], indices)], {
        axis: outer + 2 * i,
      });
    });
    return paired({ name, type: x!.type }, out!.shape, outer, window.length);
  },

  pool_transpose({ graph, inputs: [x], params, outputs: [out] }) {
    const [window, strides] = [params["window"] as number[], params["strides"] as number[]];
    const outer = out!.shape.length - window.length;
    // The transpose of each gather is a product with its matrix of zeros and ones.
    let name = arrange(graph, x!, pairOrder(outer, window.length), true);
    let shape = pairOrder(outer, window.length).map((axis) => x!.shape[axis]);
    window.forEach((length, i) => {
      const [places, size] = [x!.shape[outer + i], out!.shape[outer + i]];
      const matrix = new Float32Array(places * length * size);
      for (let j = 0; j < places * length; j++)
        matrix[j * size + Math.floor(j / length) * strides[i] + (j % length)] = 1;
      const merged = [...shape.slice(0, outer), places * length, ...shape.slice(outer + 2)];
      name = reshapeTensor(graph, name, shape, merged);
      // The merged axis goes last, is multiplied away, and stays last: after the last window all are in order.
      const perm = [...merged.keys()].filter((axis) => axis !== outer).concat(outer);
      name = graph.node("Transpose", [name], { perm });
      name = graph.node("MatMul", [name, graph.constant("float32", [places * length, size], matrix)]);
      shape = [...perm.slice(0, -1).map((axis) => merged[axis]), size];
    });
    return stored(name, "float32", out!.shape);
  },
};

/** Logical axes of a pooled value in the order outer, place 0, window 0, place 1, window 1, ... */
function pairOrder(outer: number, count: number): number[] {
  const pairs = Array.from({ length: count }, (_, i) => [outer + i, outer + count + i]);
  return [...Array(outer).keys(), ...pairs.flat()];
}

function paired(
  { name, type }: Pick<Value, "name" | "type">,
  shape: readonly number[],
  outer: number,
  count: number,
): Value {
  const order = pairOrder(outer, count);
  const physical = order.map((axis) => shape[axis]);
  const axes = shape.map((_, axis) => order.indexOf(axis));
  return relabel(stored(name, type, physical), shape, axes);
}

/** The left side with batch first and the mapped axes merged into the channels: groups of one convolution. */
function batchLast(graph: Graph, x: Value, outer: readonly number[], shape: readonly number[]): string {
  const vmapDims = outer.length;
  const wide = relabel(x, [...outer.map((axis) => shape[axis]), ...x.shape.slice(vmapDims)], x.axes);
  const order = [vmapDims, ...outer, ...[...wide.shape.keys()].slice(vmapDims + 1)];
  const name = arrange(graph, wide, order, true);
  const groups = product(outer.map((axis) => shape[axis]));
  const merged = [wide.shape[vmapDims], groups * wide.shape[vmapDims + 1], ...wide.shape.slice(vmapDims + 2)];
  return graph.node("Reshape", [name, graph.int64s(merged)]);
}

function materialiseWide(graph: Graph, x: Value, outer: readonly number[], shape: readonly number[]): string {
  return materialise(
    graph,
    relabel(x, [...outer.map((axis) => shape[axis]), ...x.shape.slice(outer.length)], x.axes),
  );
}

/** Zeros between the elements (dilation), then zeros around them, or less of them (negative padding). */
function padDilated(
  graph: Graph,
  x: string,
  { outer, spatial }: { readonly outer: readonly number[]; readonly spatial: readonly number[] },
  {
    dilation,
    padding,
  }: { readonly dilation: readonly number[]; readonly padding: readonly (readonly [number, number])[] },
): string {
  let name = x;
  let lengths = [...spatial];
  if (dilation.some((d) => d !== 1)) {
    const apart = spatial.flatMap((n) => [n, 1]);
    name = graph.node("Reshape", [name, graph.int64s([...outer, ...apart])]);
    const ends = [0, 0, ...spatial.flatMap((_, i) => [0, dilation[i] - 1])];
    name = graph.node("Pad", [name, graph.int64s([...ends.map(() => 0), ...ends])]);
    lengths = spatial.map((n, i) => n * dilation[i]);
    name = graph.node("Reshape", [name, graph.int64s([...outer, ...lengths])]);
  }
  // What dilation put after the last element goes.
  const starts = padding.map(([start]) => start);
  const ends = padding.map(([, end], i) => end - (dilation[i] - 1));
  if ([...starts, ...ends].every((n) => n === 0)) return name;
  return graph.node("Pad", [name, graph.int64s([0, 0, ...starts, 0, 0, ...ends])]);
}
