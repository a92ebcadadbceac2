/** The discrete Fourier transform along the last axis, of real and imaginary parts apart: ONNX's DFT of them side by side. */
import type { Rules } from "../context.ts";
import { product } from "../jaxpr.ts";
import { materialise, stored, uniform } from "../value.ts";

export const fourier: Rules = {
  fft({ graph, inputs, params, outputs: [out] }) {
    const { shape } = out!;
    if (shape.includes(0)) return [0, 1].map(() => uniform(graph, "float32", 0, shape));
    const n = shape.at(-1)!;
    const parts = inputs.map((x) =>
      graph.node("Reshape", [materialise(graph, x), graph.int64s([product(shape) / n, n, 1])]),
    );
    // Along the last axis but one, which is what both versions of the operator take if not told.
    const transformed = graph.node("DFT", [graph.node("Concat", parts, { axis: 2 })], {
      inverse: params["inverse"] === true ? 1 : 0,
    });
    const halves = graph.nodeWithOutputs("Split", [transformed, graph.int64s([1, 1])], { axis: 2 }, 2);
    return halves.map((half) => stored(graph.node("Reshape", [half, graph.int64s(shape)]), "float32", shape));
  },
};
