/**
 * `dot` is sum(x * y) over the last axis, under broadcasting. Every other axis along which only x varies is a row of
 * a matrix product, only y a column, both a batch; neither: it stays broadcast. So any dot, and any of its gradients,
 * is one matrix product, however it was broadcast and transposed on the way.
 */
import { elementwise, widen } from "../broadcasting.ts";
import { type Context, keepingScales, type Rules } from "../context.ts";
import type { Graph } from "../graph.ts";
import { elementTypeOf, product } from "../jaxpr.ts";
import {
  arrange,
  BROADCAST,
  cast,
  relabel,
  reshapeTensor,
  scaled,
  storedOrder,
  storedSize,
  type Value,
  vanishing,
} from "../value.ts";
import { reduceStored } from "./reduce.ts";

export const dot: Rules = {
  dot: keepingScales((context) => {
    const { graph, inputs, outputs } = context;
    const [out] = outputs;
    const type = elementTypeOf(out!);
    if (inputs.some(({ vanishes }) => vanishes)) return vanishing(graph, type, out!.shape);
    // The scales of both sides multiply the result.
    const scale = inputs.reduce((product, x) => product * (x.scale ?? 1), 1);
    const given = inputs.map(({ scale: _, ...x }) => cast(graph, x, type));
    const rank = Math.max(...given.map((x) => x.shape.length));
    const shape = Array.from({ length: rank }, (_, i) =>
      given.reduce((n, x) => {
        const length = x.shape[i - rank + x.shape.length] ?? 1;
        return length === 1 ? n : length;
      }, 1),
    );
    const last = rank - 1;
    let [x, y] = given.map((value) => widen(value, shape)) as [Value, Value];
    if (isWantedTransposed(context, x, y)) [x, y] = [y, x];
    const axes = [...Array(last).keys()];
    const stores = (value: Value, axis: number): boolean => value.axes[axis] !== BROADCAST;
    const batch = axes.filter((axis) => stores(x, axis) && stores(y, axis));
    const rows = axes.filter((axis) => stores(x, axis) && !stores(y, axis));
    const columns = axes.filter((axis) => stores(y, axis) && !stores(x, axis));
    const contracts = stores(x, last) && stores(y, last);
    if (!contracts || shape.includes(0) || (rows.length === 0 && columns.length === 0))
      return scaled(graph, multiplyAndSum(graph, [x, y], shape, out!.shape), scale);

    const leader = storedSize(x) >= storedSize(y) ? x : y;
    const inOrder = (value: Value, wanted: readonly number[]) =>
      storedOrder(value).filter((a) => wanted.includes(a));
    const layout = {
      shape,
      batch: inOrder(leader, batch),
      rows: inOrder(x, rows),
      columns: inOrder(y, columns),
    };
    return matrixProduct(graph, [x, y], layout, scale);
  }),
};

/**
 * Whether a product of two matrices, summed over the rows of both as a weight's gradient is, is used the other way round
 * only: then it is computed so, and need not be moved.
 */
function isWantedTransposed({ equation, outputs, onlyUser }: Context, x: Value, y: Value): boolean {
  let user = onlyUser(equation.outBinders[0]);
  while (user?.primitive === "reshape") user = onlyUser(user.outBinders[0]);
  const swaps = user?.primitive === "transpose" && `${user.params["perm"]}` === "1,0";
  const ofRows = [x, y].every((side) => storedOrder(side).length === 2 && storedOrder(side)[0] === 2);
  return swaps && ofRows && outputs[0].shape.length === 2 && x.axes[0] !== BROADCAST;
}

/** Of both sides the shape in common, whose last axis is summed over, and which of the other axes are what. */
interface Layout {
  readonly shape: readonly number[];
  readonly batch: readonly number[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

function matrixProduct(
  graph: Graph,
  [x, y]: readonly [Value, Value],
  { shape, batch, rows, columns }: Layout,
  scale: number,
): Value {
  const last = shape.length - 1;
  const mayFuse = x.type === "float32" && !graph.portable;
  const lengths = (axes: readonly number[]): number[] => axes.map((axis) => shape[axis]);
  const [m, n, k] = [product(lengths(rows)), product(lengths(columns)), shape[last]];
  const left = operand(
    graph,
    x,
    { plain: [...batch, ...rows, last], swapped: [...batch, last, ...rows] },
    mayFuse,
  );
  // Rows of several axes need no merging where the right-hand side is one plain matrix.
  const plain = batch.length === 0 && !left.swapped;
  const leftShape = [
    ...lengths(batch),
    ...(left.swapped ? [k, m] : plain && rows.length > 0 ? [...lengths(rows), k] : [m, k]),
  ];
  const right = operand(
    graph,
    y,
    { plain: [...batch, last, ...columns], swapped: [...batch, ...columns, last] },
    mayFuse,
  );
  const rightShape = [...lengths(batch), ...(right.swapped ? [n, k] : [k, n])];
  const a = reshapeTensor(graph, left.name, left.physical, leftShape);
  const b = reshapeTensor(graph, right.name, right.physical, rightShape);
  const name =
    left.swapped || right.swapped || (mayFuse && scale !== 1)
      ? graph.node("com.microsoft.FusedMatMul", [a, b], {
          transA: Number(left.swapped),
          transB: Number(right.swapped),
          ...(scale === 1 ? {} : { alpha: { float: scale } }),
        })
      : graph.node("MatMul", [a, b]);
  const order = [...batch, ...rows, ...columns];
  const physicalNow = [...leftShape.slice(0, left.swapped ? -2 : -1), ...(left.swapped ? [m] : []), n];
  const outShape = shape.slice(0, last);
  const rowShape = plain && rows.length > 0 ? lengths(rows) : rows.length <= 1 ? [m] : lengths(rows);
  const columnShape = columns.length <= 1 ? [n] : lengths(columns);
  const physical = [...lengths(batch), ...rowShape, ...columnShape];
  const shaped = reshapeTensor(graph, name, physicalNow, physical);
  const rowPlaces = rows.length === 0 ? 1 : rows.length;
  const places = new Map(order.map((axis) => [axis, 0]));
  batch.forEach((axis, i) => {
    places.set(axis, i);
  });
  rows.forEach((axis, i) => {
    places.set(axis, batch.length + i);
  });
  columns.forEach((axis, i) => {
    places.set(axis, batch.length + rowPlaces + i);
  });
  const value: Value = { name: shaped, type: x.type, shape: [], axes: [], physical };
  const result = relabel(
    value,
    outShape,
    outShape.map((_, axis) => places.get(axis) ?? BROADCAST),
  );
  return mayFuse ? result : scaled(graph, result, scale);
}

/** One side of the product with its axes in the order `plain`, or in the order `swapped` where they lie so already. */
function operand(
  graph: Graph,
  value: Value,
  { plain, swapped: other }: { readonly plain: readonly number[]; readonly swapped: readonly number[] },
  mayTranspose: boolean,
): { name: string; physical: number[]; swapped: boolean } {
  const present = storedOrder(value);
  const lies = (order: readonly number[]): boolean => order.every((axis, i) => axis === present[i]);
  // Where it must be moved, rows that are contiguous now stay so: cheaper, and the copy may serve the backward pass.
  const better = lies(plain) || lies(other) ? lies(other) && !lies(plain) : other.at(-1) === present.at(-1);
  const swapped = mayTranspose && better;
  const order = swapped ? other : plain;
  const name = arrange(graph, value, order);
  return { name, physical: order.map((axis) => value.shape[axis]), swapped };
}

/** Where there is no matrix in it: multiply, then sum. */
function multiplyAndSum(
  graph: Graph,
  [x, y]: readonly [Value, Value],
  shape: readonly number[],
  outShape: readonly number[],
): Value {
  const last = shape.length - 1;
  let [a, b] = [x, y];
  let times = 1;
  if (a.axes[last] === BROADCAST && b.axes[last] === BROADCAST) times = shape[last];
  else if (a.axes[last] === BROADCAST) b = reduceStored(graph, b, "Add", [last]);
  else if (b.axes[last] === BROADCAST) a = reduceStored(graph, a, "Add", [last]);
  let result = reduceStored(graph, elementwise(graph, { op: "Mul", shape, type: x.type }, [a, b]), "Add", [
    last,
  ]);
  if (times !== 1)
    result = { ...result, name: graph.node("Mul", [result.name, graph.scalar(x.type, times)]) };
  return relabel(result, outShape, result.axes.slice(0, last));
}
