/** Transpose, broadcast and reshape: lazy. Flip, shrink, pad, concatenate and split: one operator each. */
import { type Context, keepingScales, type Rules } from "../context.ts";
import { reshape } from "../reshape.ts";
import { arrange, BROADCAST, computed, relabel, stored, storedOrder, uniform, type Value } from "../value.ts";

type Range = readonly [number, number];
const END = 2 ** 31 - 1;

export const movement: Rules = {
  transpose: keepingScales(({ inputs: [x], params }) => {
    const perm = params["perm"] as number[];
    return relabel(
      x!,
      perm.map((axis) => x!.shape[axis]),
      perm.map((axis) => x!.axes[axis]),
    );
  }),

  broadcast: keepingScales(({ inputs: [x], params }) => {
    const shape = params["shape"] as number[];
    const added = params["axis"] as number[];
    let next = 0;
    const axes = shape.map((_, i) => (added.includes(i) ? BROADCAST : x!.axes[next++]));
    return relabel(x!, shape, axes);
  }),

  reshape: keepingScales(({ graph, inputs: [x], params }) => reshape(graph, x!, params["shape"] as number[])),

  flip({ graph, inputs: [x], params }) {
    const axes = (params["axis"] as number[])
      .map((axis) => x!.axes[axis])
      .filter((axis) => axis !== BROADCAST);
    if (axes.length === 0) return x!;
    const ends = axes.map(() => -END - 1);
    const backward = graph.int64s(axes.map(() => -1));
    const starts = graph.int64s(axes.map(() => -1));
    return {
      ...x!,
      name: graph.node("Slice", [x!.name, starts, graph.int64s(ends), graph.int64s(axes), backward]),
    };
  },

  shrink: keepingScales(({ graph, inputs: [x], params, outputs: [out] }) =>
    shrink(graph, x!, params["slice"] as Range[], out!.shape),
  ),

  pad({ graph, inputs: [x], params, outputs: [out] }) {
    const width = params["width"] as Range[];
    const axes = [...width.keys()].filter((axis) => width[axis].some((n) => n !== 0));
    if (x!.shape.includes(0)) return uniform(graph, x!.type, 0, out!.shape);
    // Padded axes must be stored in full; the rest stay as they are.
    const order = [...storedOrder(x!), ...axes.filter((axis) => x!.axes[axis] === BROADCAST)];
    const rest = order.map((axis) => (axes.includes(axis) ? x!.shape[axis] : -1));
    let name = arrange(graph, x!, order);
    const needed = order.map((axis, i) => (rest[i] === -1 ? 1 : x!.shape[axis]));
    if (axes.some((axis) => x!.axes[axis] === BROADCAST && x!.shape[axis] !== 1))
      name = graph.node("Expand", [name, graph.int64s(needed)]);
    const pads = [...order.map((axis) => width[axis][0]), ...order.map((axis) => width[axis][1])];
    const type = x!.type === "bool" || x!.type === "uint32" ? "int32" : x!.type;
    const cast = type === x!.type ? name : graph.node("Cast", [name], { to: 6 });
    const padded = graph.node("Pad", [cast, graph.int64s(pads), graph.scalar(type, 0)], { mode: "constant" });
    const back =
      type === x!.type ? padded : graph.node("Cast", [padded], { to: x!.type === "bool" ? 9 : 12 });
    const physical = order.map((axis) => out!.shape[axis]);
    const outAxes = out!.shape.map((_, axis) => order.indexOf(axis));
    return relabel({ ...computed(x!, back), physical }, out!.shape, outAxes);
  },

  concatenate({ graph, inputs, params, outputs: [out] }) {
    const axis = params["axis"] as number;
    const parts = inputs.filter((x) => x.shape[axis] !== 0);
    if (parts.length === 0) return uniform(graph, inputs[0].type, 0, out!.shape);
    if (parts.length === 1) return parts[0];
    // The axes stored by any part, and the concatenated one; in the order that all parts agree on, or else plainly.
    const all = [...out!.shape.keys()].filter(
      (other) => other === axis || parts.some((part) => part.axes[other] !== BROADCAST),
    );
    const first = storedOrder(parts[0]).join();
    const agreed = parts.every(
      (part) => storedOrder(part).join() === first && storedOrder(part).length === all.length,
    );
    const order = agreed ? storedOrder(parts[0]) : all;
    const names = parts.map((part) => arrange(graph, part, order, true));
    const name = graph.node("Concat", names, { axis: order.indexOf(axis) });
    const physical = order.map((other) => out!.shape[other]);
    const value: Value = { ...computed(parts[0], name), physical };
    return relabel(
      value,
      out!.shape,
      out!.shape.map((_, other) => order.indexOf(other)),
    );
  },

  split(context) {
    const { graph, inputs, params, outputs } = context;
    const [axis, sizes] = [params["axis"] as number, params["sizes"] as number[]];
    const x = inputs[0];
    const physicalAxis = x.axes[axis];
    if (physicalAxis === BROADCAST || sizes.includes(0)) return splitBySlices(context, axis, sizes);
    const names = graph.nodeWithOutputs(
      "Split",
      [x.name, graph.int64s(sizes)],
      { axis: physicalAxis },
      sizes.length,
    );
    return sizes.map((size, i) => {
      const physical = x.physical.with(physicalAxis, size);
      return relabel({ ...x, name: names[i], physical }, outputs[i].shape, x.axes);
    });
  },
};

function splitBySlices(
  { graph, inputs: [x], outputs }: Context,
  axis: number,
  sizes: readonly number[],
): Value[] {
  let start = 0;
  return sizes.map((size, i) => {
    const ranges = x!.shape.map((n, other): Range => (other === axis ? [start, start + size] : [0, n]));
    start += size;
    return shrink(graph, x!, ranges, outputs[i].shape);
  });
}

function shrink(
  graph: Context["graph"],
  x: Value,
  ranges: readonly Range[],
  shape: readonly number[],
): Value {
  const cut = [...ranges.keys()].filter((axis) => {
    const [start, end] = ranges[axis];
    return x.axes[axis] !== BROADCAST && (start !== 0 || end !== x.shape[axis]);
  });
  if (shape.includes(0)) return stored(graph.constant(x.type, shape, []), x.type, shape);
  if (cut.length === 0) return relabel(x, shape, x.axes);
  const axes = cut.map((axis) => x.axes[axis]);
  const starts = graph.int64s(cut.map((axis) => ranges[axis][0]));
  const ends = graph.int64s(cut.map((axis) => ranges[axis][1]));
  const name = graph.node("Slice", [x.name, starts, ends, graph.int64s(axes)]);
  const physical = [...x.physical];
  cut.forEach((axis) => {
    physical[x.axes[axis]] = shape[axis];
  });
  return relabel({ ...x, name, physical }, shape, x.axes);
}
