/**
 * A graph as the bytes of an ONNX model. Operator set 21 (https://onnx.ai/onnx/operators/), 26 where bits are read as
 * another type, and `com.microsoft` for FusedMatMul; a portable graph is of operator set 17 alone, which older runtimes and
 * checkers know.
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
import {
  type Attribute,
  type Initializer,
  MICROSOFT,
  type Node,
  ONNX_TYPE,
  type OnnxType,
  type Port,
} from "./node.ts";

/** A graph that is finished. */
export interface GraphParts {
  /** In an order in which they can be run. */
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly portable: boolean;
}

export function encodeModel({ nodes, initializers, inputs, outputs, portable }: GraphParts): Uint8Array {
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const needsMicrosoft = nodes.some(({ op }) => op.startsWith(MICROSOFT));
  const version = portable ? 17n : nodes.some(({ op }) => op === "BitCast") ? 26n : 21n;
  const model = create(ModelProtoSchema, {
    irVersion: portable ? 8n : 10n,
    producerName: "jaxpr-lowering",
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: "", version }),
      ...(needsMicrosoft ? [create(OperatorSetIdProtoSchema, { domain: "com.microsoft", version: 1n })] : []),
    ],
    graph: create(GraphProtoSchema, {
      name: "main",
      node: nodes.map(encodeNode),
      initializer: initializers
        .filter(({ name }) => used.has(name))
        .map(({ name, type, shape, bytes }) =>
          create(TensorProtoSchema, {
            name,
            dataType: ONNX_TYPE[type],
            dims: shape.map(BigInt),
            rawData: bytes,
          }),
        ),
      input: inputs.map(encodePort),
      output: outputs.map(encodePort),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

/** Numbers as the bytes of an ONNX tensor. */
export function encodeValues(type: OnnxType, values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
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
    ? ([op.slice(MICROSOFT.length), "com.microsoft"] as const)
    : ([op, ""] as const);
  return create(NodeProtoSchema, {
    opType,
    domain,
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
