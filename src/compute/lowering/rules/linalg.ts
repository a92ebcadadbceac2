/**
 * Matrix factorisations and triangular solves, which ONNX has no operators for: by halves down to single numbers, so that
 * most of the work is in matrix products. The graph grows with the size of the matrix, not with the number of matrices.
 *
 * Legend: B matrices, n rows and columns, m rows.
 */
import type { Rules } from "../context.ts";
import type { Graph } from "../graph.ts";
import { product } from "../jaxpr.ts";
import { castTensor, materialise, stored, uniform, type Value } from "../value.ts";

export const linalg: Rules = {
  /** a x = b for every row of b `[..., m, n]`, a `[..., n, n]` upper triangular. */
  triangular_solve({ graph, inputs: [a, b], params, outputs: [out] }) {
    if (out!.shape.includes(0)) return uniform(graph, "float32", 0, out!.shape);
    const n = a!.shape.at(-1)!;
    const unit = params["unitDiagonal"] === true;
    const x = solveUpper(graph, flat(graph, a!), flat(graph, b!), { n, unit });
    return unflat(graph, x, out!.shape);
  },

  /** The lower factor; only the lower triangle is read. */
  cholesky({ graph, inputs: [a], outputs: [out] }) {
    if (out!.shape.includes(0)) return uniform(graph, "float32", 0, out!.shape);
    return unflat(graph, choleskyOf(graph, flat(graph, a!), a!.shape.at(-1)!), out!.shape);
  },

  /** With partial pivoting: both factors in one matrix, the row swapped at each column, the order of the rows. */
  lu({ graph, inputs: [a], outputs }) {
    const [m, n] = a!.shape.slice(-2) as [number, number];
    const count = product(a!.shape.slice(0, -2));
    if (count * m * n === 0) {
      const rows = graph.constant("int32", [m], [...Array(m).keys()]);
      const order = graph.node("Expand", [rows, graph.int64s(outputs[2].shape)]);
      return [
        uniform(graph, "float32", 0, outputs[0].shape),
        uniform(graph, "int32", 0, outputs[1].shape),
        stored(order, "int32", outputs[2].shape),
      ];
    }
    const { factors, pivots, order } = luOf(graph, flat(graph, a!), [count, m, n]);
    const integers = (name: string, shape: readonly number[]) =>
      stored(graph.node("Reshape", [castTensor(graph, name, "int32"), graph.int64s(shape)]), "int32", shape);
    return [
      unflat(graph, factors, outputs[0].shape),
      integers(pivots, outputs[1].shape),
      integers(order, outputs[2].shape),
    ];
  },
};

/** `[B, rows, columns]` */
function flat(graph: Graph, value: Value): string {
  const shape = [product(value.shape.slice(0, -2)), ...value.shape.slice(-2)];
  return graph.node("Reshape", [materialise(graph, value), graph.int64s(shape)]);
}

function unflat(graph: Graph, name: string, shape: readonly number[]): Value {
  return stored(graph.node("Reshape", [name, graph.int64s(shape)]), "float32", shape);
}

const END = 2 ** 31 - 1;

type Range = readonly [from: number, to: number];

/** The rows and columns of two ranges, of every matrix. */
function block(graph: Graph, x: string, [top, bottom]: Range, [left, right]: Range): string {
  const axes = graph.int64s([1, 2]);
  return graph.node("Slice", [x, graph.int64s([top, left]), graph.int64s([bottom, right]), axes]);
}

const columns = (graph: Graph, x: string, left: number, right: number) =>
  block(graph, x, [0, END], [left, right]);

const transposed = (graph: Graph, x: string) => graph.node("Transpose", [x], { perm: [0, 2, 1] });

/** a - b c^T */
function minusProduct(graph: Graph, a: string, b: string, c: string): string {
  return graph.node("Sub", [a, graph.node("MatMul", [b, transposed(graph, c)])]);
}

/** The later unknowns first: x2 of a22, then x1 of what a12 x2 leaves. `unit`: a's diagonal is taken as ones. */
function solveUpper(graph: Graph, a: string, b: string, { n, unit }: { n: number; unit: boolean }): string {
  if (n === 1) return unit ? b : graph.node("Div", [b, a]);
  const h = n >> 1;
  const later = { n: n - h, unit };
  const x2 = solveUpper(graph, block(graph, a, [h, n], [h, n]), columns(graph, b, h, n), later);
  const left = minusProduct(graph, columns(graph, b, 0, h), x2, block(graph, a, [0, h], [h, n]));
  const x1 = solveUpper(graph, block(graph, a, [0, h], [0, h]), left, { n: h, unit });
  return graph.node("Concat", [x1, x2], { axis: 2 });
}

function solveLower(graph: Graph, a: string, b: string, n: number): string {
  if (n === 1) return graph.node("Div", [b, a]);
  const h = n >> 1;
  const x1 = solveLower(graph, block(graph, a, [0, h], [0, h]), columns(graph, b, 0, h), h);
  const left = minusProduct(graph, columns(graph, b, h, n), x1, block(graph, a, [h, n], [0, h]));
  const x2 = solveLower(graph, block(graph, a, [h, n], [h, n]), left, n - h);
  return graph.node("Concat", [x1, x2], { axis: 2 });
}

/** l21 l11^T = a21, then l22 of a22 - l21 l21^T. */
function choleskyOf(graph: Graph, a: string, n: number): string {
  if (n === 1) return graph.node("Sqrt", [a]);
  const h = n >> 1;
  const l11 = choleskyOf(graph, block(graph, a, [0, h], [0, h]), h);
  const l21 = solveLower(graph, l11, block(graph, a, [h, n], [0, h]), h);
  const l22 = choleskyOf(graph, minusProduct(graph, block(graph, a, [h, n], [h, n]), l21, l21), n - h);
  const pad = (x: string, before: number, after: number) =>
    graph.node("Pad", [x, graph.int64s([0, 0, before, 0, 0, after]), graph.scalar("float32", 0)], {
      mode: "constant",
    });
  const bottom = graph.node("Concat", [l21, l22], { axis: 2 });
  return graph.node("Concat", [pad(l11, 0, n - h), bottom], { axis: 1 });
}

/** Column by column of matrices `[B, m, n]`: the largest entry below the diagonal comes up, and what its row explains is taken from the rest. */
function luOf(graph: Graph, a: string, [count, m, n]: readonly [number, number, number]) {
  const rows = graph.constant("int64", [1, m], [...Array(m).keys()]);
  let order = graph.node("Expand", [rows, graph.int64s([count, m])]);
  const pivots: string[] = [];
  let rest = a;
  for (let k = 0; k < Math.min(m, n); k++) {
    const below = graph.node("Abs", [block(graph, rest, [k, m], [k, k + 1])]);
    // [B, 1]
    const largest = graph.node("Squeeze", [
      graph.node("ArgMax", [below], { axis: 1, keepdims: 0 }),
      graph.int64s([1]),
    ]);
    const pivot = graph.node("Unsqueeze", [
      graph.node("Add", [largest, graph.scalar("int64", k)]),
      graph.int64s([1]),
    ]);
    pivots.push(pivot);
    const here = graph.scalar("int64", k);
    const swapped = graph.node("Where", [
      graph.node("Equal", [rows, here]),
      pivot,
      graph.node("Where", [graph.node("Equal", [rows, pivot]), here, rows]),
    ]);
    const places = graph.node("Unsqueeze", [swapped, graph.int64s([2])]);
    rest = graph.node("GatherND", [rest, places], { batch_dims: 1 });
    order = graph.node("GatherElements", [order, swapped], { axis: 1 });
    if (k === m - 1) break;

    const diagonal = block(graph, rest, [k, k + 1], [k, k + 1]);
    const zero = graph.node("Equal", [diagonal, graph.scalar("float32", 0)]);
    const divisor = graph.node("Where", [zero, graph.scalar("float32", 1), diagonal]);
    const factors = graph.node("Div", [block(graph, rest, [k + 1, m], [k, k + 1]), divisor]);
    // Where the diagonal is zero, so is all below it: the factors are zero and change nothing.
    const explained = graph.node("Mul", [factors, block(graph, rest, [k, k + 1], [k + 1, n])]);
    const remaining = graph.node("Sub", [block(graph, rest, [k + 1, m], [k + 1, n]), explained]);
    const lower = graph.node("Concat", [block(graph, rest, [k + 1, m], [0, k]), factors, remaining], {
      axis: 2,
    });
    rest = graph.node("Concat", [block(graph, rest, [0, k + 1], [0, END]), lower], { axis: 1 });
  }
  return { factors: rest, pivots: graph.node("Concat", pivots, { axis: 1 }), order };
}
