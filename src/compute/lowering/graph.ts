/**
 * An ONNX graph under construction. Equal nodes and equal constants are made once; what no output needs is left out.
 * Operator set 21 (https://onnx.ai/onnx/operators/), 26 where bits are read as another type, and `com.microsoft` for FusedMatMul; a portable graph is of operator
 * set 17 alone, which older runtimes and checkers know.
 */
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { foldNormalisations } from "./fold.ts";
import type { Constant, ElementType } from "./jaxpr.ts";

export type OnnxType = ElementType | "int64" | "uint8" | "float64";
/** An attribute; an integral number is written as an int, `{ float }` as a float. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export const ONNX_TYPE: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
  uint32: 12,
};

const MICROSOFT = "com.microsoft.";

const COMMUTATIVE: ReadonlySet<string> = new Set(["Add", "Mul", "Min", "Max", "And", "Or", "Equal"]);

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  readonly outputs: string[];
}

interface Initializer {
  name: string;
  type: OnnxType;
  shape: readonly number[];
  bytes: Uint8Array<ArrayBuffer>;
}

interface Port {
  name: string;
  type: OnnxType;
  shape: readonly number[];
}

export class Graph {
  private readonly nodes: Node[] = [];
  private readonly producers = new Map<string, Node>();
  private readonly known = new Map<string, string[]>();
  private readonly initializers = new Map<string, Initializer>();
  private readonly inputs: Port[] = [];
  private readonly outputs: Port[] = [];
  private next = 0;
  /** Of tensors that are reshaped ones: which, and the shape that it has. */
  readonly reshapedFrom = new Map<string, { readonly name: string; readonly shape: readonly number[] }>();

  /** @param portable whether only operators of set 17 may be used */
  constructor(readonly portable = false) {}

  private fresh(): string {
    return `t${this.next++}`;
  }

  input(name: string, type: OnnxType, shape: readonly number[]): void {
    this.inputs.push({ name, type, shape });
  }

  /** Adds a node and names its first output. */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodeWithOutputs(op, inputs, attributes, 1)[0];
  }

  nodeWithOutputs(op: string, inputs: readonly string[], attributes: Attributes, count: number): string[] {
    if (this.portable && (op.startsWith(MICROSOFT) || op.startsWith("Bitwise") || op === "BitCast"))
      throw new Error(`lowering: the operator ${op} is not portable: write the function without it`);
    const canonical = COMMUTATIVE.has(op) ? [...inputs].sort() : inputs;
    const key = `${op}|${canonical.join(",")}|${JSON.stringify(attributes)}|${count}`;
    const same = this.known.get(key);
    if (same) return same;
    const node = { op, inputs, attributes, outputs: Array.from({ length: count }, () => this.fresh()) };
    this.nodes.push(node);
    for (const output of node.outputs) this.producers.set(output, node);
    this.known.set(key, node.outputs);
    return node.outputs;
  }

  /** A constant: numbers of the given type and shape. */
  constant(type: OnnxType, shape: readonly number[], values: ArrayLike<number>): string {
    const bytes = encode(type, values);
    const small = bytes.length <= 4096;
    const key = small ? `const|${type}|${shape.join(",")}|${Buffer.from(bytes).toString("base64")}` : "";
    const same = small ? this.known.get(key) : undefined;
    if (same) return same[0];
    const name = this.fresh();
    this.initializers.set(name, { name, type, shape, bytes });
    if (small) this.known.set(key, [name]);
    return name;
  }

  scalar(type: OnnxType, value: number): string {
    return this.constant(type, [], [value]);
  }

  int64s(values: readonly number[]): string {
    return this.constant("int64", [values.length], values);
  }

  /** Declares `source` an output. The same tensor may be an output once, and an input never: others are copied. */
  output(name: string, source: string, type: OnnxType, shape: readonly number[]): void {
    const node: Node = { op: "Identity", inputs: [source], attributes: {}, outputs: [name] };
    this.nodes.push(node);
    this.producers.set(name, node);
    this.outputs.push({ name, type, shape });
  }

  /** Nodes that the outputs need, in order; an Identity that only renames is folded into its producer. */
  private liveNodes(): Node[] {
    const live = new Set<Node>();
    const stack = this.outputs.map(({ name }) => name);
    while (stack.length > 0) {
      const node = this.producers.get(stack.pop()!);
      if (!node || live.has(node)) continue;
      live.add(node);
      stack.push(...node.inputs);
    }
    const renamed = new Map<string, string>();
    for (const { name } of this.outputs) {
      const identity = this.producers.get(name)!;
      const source = identity.inputs[0];
      if (!this.producers.has(source) || renamed.has(source)) continue;
      renamed.set(source, name);
      live.delete(identity);
    }
    const rename = (name: string): string => renamed.get(name) ?? name;
    return this.nodes
      .filter((node) => live.has(node))
      .map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }));
  }

  private folded(nodes: readonly Node[]): readonly Node[] {
    const vectors = [...this.initializers.values(), ...this.inputs].filter(({ shape }) => shape.length === 1);
    const lengths = new Map(vectors.map(({ name, shape }) => [name, shape[0]]));
    return foldNormalisations(
      nodes,
      (name) => lengths.get(name),
      new Set(this.outputs.map(({ name }) => name)),
    );
  }

  toBytes(): Uint8Array {
    const nodes = this.folded(this.liveNodes());
    const used = new Set(nodes.flatMap((node) => node.inputs));
    const needsMicrosoft = nodes.some(({ op }) => op.startsWith(MICROSOFT));
    const version = this.portable ? 17n : nodes.some(({ op }) => op === "BitCast") ? 26n : 21n;
    const model = create(ModelProtoSchema, {
      irVersion: this.portable ? 8n : 10n,
      producerName: "jaxpr-lowering",
      opsetImport: [
        create(OperatorSetIdProtoSchema, { domain: "", version }),
        ...(needsMicrosoft
          ? [create(OperatorSetIdProtoSchema, { domain: "com.microsoft", version: 1n })]
          : []),
      ],
      graph: create(GraphProtoSchema, {
        name: "main",
        node: nodes.map(encodeNode),
        initializer: [...this.initializers.values()]
          .filter(({ name }) => used.has(name))
          .map(({ name, type, shape, bytes }) =>
            create(TensorProtoSchema, {
              name,
              dataType: ONNX_TYPE[type],
              dims: shape.map(BigInt),
              rawData: bytes,
            }),
          ),
        input: this.inputs.map(encodePort),
        output: this.outputs.map(encodePort),
      }),
    });
    return toBinary(ModelProtoSchema, model);
  }
}

/** A constant of the jaxpr as numbers. */
export function constantValues({ data }: Constant): ArrayLike<number> {
  return data;
}

function encode(type: OnnxType, values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const typed = type === "int64" ? BigInt64Array.from(Array.from(values, BigInt)) : narrow(type, values);
  return new Uint8Array(typed.buffer as ArrayBuffer, typed.byteOffset, typed.byteLength);
}

function narrow(type: Exclude<OnnxType, "int64">, values: ArrayLike<number>) {
  if (type === "float32") return Float32Array.from(values);
  if (type === "float64") return Float64Array.from(values);
  if (type === "int32") return Int32Array.from(values);
  if (type === "uint32") return Uint32Array.from(values);
  return Uint8Array.from(values);
}

function encodeNode({ op, inputs, attributes, outputs }: Node) {
  const [opType, domain] = op.startsWith(MICROSOFT)
    ? [op.slice(MICROSOFT.length), "com.microsoft"]
    : [op, ""];
  return create(NodeProtoSchema, {
    opType: opType!,
    domain: domain!,
    input: [...inputs],
    output: outputs,
    attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
  });
}

function encodeAttribute(name: string, value: Attribute) {
  if (typeof value === "number")
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string") {
    const s = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.STRING, s });
  }
  if ("float" in value)
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.INTS,
    ints: Array.from(value, BigInt),
  });
}

function encodePort({ name, type, shape }: Port) {
  const dim = shape.map((length) =>
    create(TensorShapeProto_DimensionSchema, { value: { case: "dimValue", value: BigInt(length) } }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: ONNX_TYPE[type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  const proto = create(TypeProtoSchema, { value: { case: "tensorType", value: tensor } });
  return create(ValueInfoProtoSchema, { name, type: proto });
}
