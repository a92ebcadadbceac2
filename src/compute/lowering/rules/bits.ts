/** Operators on the bits of integers. ONNX shifts unsigned numbers only; a cast between int32 and uint32 keeps the bits. */
import { elementwise, widen } from "../broadcasting.ts";
import type { Rules } from "../context.ts";
import type { Graph } from "../graph.ts";
import { elementTypeOf } from "../jaxpr.ts";
import { ONNX_TYPE } from "../node.ts";
import { cast, castTensor, computed, materialise, stored, type Value } from "../value.ts";

type Combination = "and" | "or" | "xor";
const OF_BITS = { and: "BitwiseAnd", or: "BitwiseOr", xor: "BitwiseXor" } as const;
const OF_BOOLS = { and: "And", or: "Or", xor: "Xor" } as const;

export const bits: Rules = {
  bit_combine({ graph, inputs, params, outputs: [out] }) {
    const type = elementTypeOf(out!);
    const op = params["op"] as Combination;
    const same = inputs.map((x) => cast(graph, x, type));
    return elementwise(
      graph,
      { op: type === "bool" ? OF_BOOLS[op] : OF_BITS[op], shape: out!.shape, type },
      same,
    );
  },

  bit_shift({ graph, inputs, params, outputs: [out] }) {
    const type = elementTypeOf(out!);
    const direction = params["op"] === "shl" ? "LEFT" : "RIGHT";
    const words = inputs.map((x) => cast(graph, x, "uint32"));
    return cast(
      graph,
      elementwise(
        graph,
        { op: "BitShift", shape: out!.shape, type: "uint32", attributes: { direction } },
        words,
      ),
      type,
    );
  },

  // Counting in parallel: pairs, nibbles, bytes, then the sum of the bytes.
  bit_count({ graph, inputs: [x] }) {
    const word = cast(graph, x!, "uint32").name;
    const right = (name: string, by: number) =>
      graph.node("BitShift", [name, graph.scalar("uint32", by)], { direction: "RIGHT" });
    const and = (name: string, mask: number) =>
      graph.node("BitwiseAnd", [name, graph.scalar("uint32", mask)]);
    const signed = (name: string) => castTensor(graph, name, "int32");
    const pairs = graph.node("Sub", [signed(word), signed(and(right(word, 1), 0x55555555))]);
    const pairWords = castTensor(graph, pairs, "uint32");
    const nibbles = graph.node("Add", [
      signed(and(pairWords, 0x33333333)),
      signed(and(right(pairWords, 2), 0x33333333)),
    ]);
    const nibbleWords = castTensor(graph, nibbles, "uint32");
    const sum = graph.node("Add", [nibbles, signed(right(nibbleWords, 4))]);
    const bytes = signed(and(castTensor(graph, sum, "uint32"), 0x0f0f0f0f));
    const total = graph.node("Mul", [bytes, graph.scalar("int32", 0x01010101)]);
    return { ...computed(x!, signed(right(castTensor(graph, total, "uint32"), 24))), type: "int32" };
  },

  bitcast({ graph, inputs: [x], outputs: [out] }) {
    const type = elementTypeOf(out!);
    if (x!.type === type) return x!;
    // Between integers a cast keeps the bits.
    const name = [x!.type, type].includes("float32")
      ? graph.node("BitCast", [x!.name], { to: ONNX_TYPE[type] })
      : castTensor(graph, x!.name, type);
    return { ...computed(x!, name), type };
  },

  random_bits({ graph, inputs, params, outputs: [out] }) {
    const shape = out!.shape;
    const [k0, k1] = inputs.map((key) => broadcastKey(graph, key, shape.length)) as [Value, Value];
    const perKey = shape.slice(inputs[0].shape.length).reduce((a, b) => a * b, 1);
    const counters = Uint32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => i % Math.max(perKey, 1),
    );
    const counter = stored(graph.constant("uint32", shape, counters), "uint32", shape);
    return threefry(graph, [k0, k1], counter, params["mode"] as "xor" | 0 | 1);
  },
};

function broadcastKey(graph: Graph, key: Value, rank: number): Value {
  const shape = [...key.shape, ...Array<number>(rank - key.shape.length).fill(1)];
  const name = graph.node("Reshape", [materialise(graph, key), graph.int64s(shape)]);
  return stored(name, key.type, shape);
}

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Threefry-2x32-20 (Salmon et al. 2011, https://doi.org/10.1145/2063384.2063405) of counters (0, counter). */
function threefry(
  graph: Graph,
  [k0, k1]: readonly [Value, Value],
  counter: Value,
  mode: "xor" | 0 | 1,
): Value {
  const { shape } = counter;
  const both = (op: string, a: Value, b: Value) => elementwise(graph, { op, shape, type: "uint32" }, [a, b]);
  const word = (number: number): Value => widen(stored(graph.scalar("uint32", number), "uint32", []), shape);
  const rotate = (x: Value, by: number): Value => {
    const shift = (direction: string, bits: number) =>
      elementwise(graph, { op: "BitShift", shape, type: "uint32", attributes: { direction } }, [
        x,
        word(bits),
      ]);
    return both("BitwiseOr", shift("LEFT", by), shift("RIGHT", 32 - by));
  };
  const keys = [k0, k1, both("BitwiseXor", both("BitwiseXor", k0, k1), word(0x1bd11bda))];
  let x = k0;
  let y = both("Add", counter, k1);
  for (let round = 0; round < 20; round++) {
    x = both("Add", x, y);
    y = both("BitwiseXor", rotate(y, ROTATIONS[round % 8]), x);
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    x = both("Add", x, keys[injection % 3]);
    y = both("Add", both("Add", y, keys[(injection + 1) % 3]), word(injection));
  }
  return mode === "xor" ? both("BitwiseXor", x, y) : mode === 0 ? x : y;
}
