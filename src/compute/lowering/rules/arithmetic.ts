/** Elementwise operators, on the layouts that broadcasting.ts finds. */
import { elementwise, widen } from "../broadcasting.ts";
import type { Context, Rule, Rules } from "../context.ts";
import { type ElementType, elementTypeOf, isLiteral } from "../jaxpr.ts";
import { inverseDeviation, normalise, sigmoid, softmax } from "../patterns.ts";
import { cast, uniform, type Value, vanishing } from "../value.ts";

/** An operator of one operand with the same meaning in ONNX. */
function unary(op: string): Rule {
  return ({ graph, inputs: [x] }) => onStored(x!, graph.node(op, [x!.name]));
}

function onStored(x: Value, name: string): Value {
  const { literal: _, ...rest } = x;
  return { ...rest, name };
}

/** An operator of two operands, which ONNX wants to be of one type. */
function binary(op: string, ofBool?: string): Rule {
  return (context) => {
    const type = elementTypeOf(context.outputs[0]!);
    if (type === "bool" && !ofBool) return viaInt32(context, op);
    return combine(context, type === "bool" ? ofBool! : op, context.inputs, type);
  };
}

function combine(
  { graph, outputs: [out] }: Context,
  op: string,
  inputs: readonly Value[],
  type: ElementType,
): Value {
  const same = inputs.map((x) => cast(graph, x, type));
  return elementwise(graph, op, same, out!.shape, type);
}

function viaInt32({ graph, inputs, outputs: [out] }: Context, op: string): Value {
  const numbers = inputs.map((x) => cast(graph, x, "int32"));
  return cast(graph, elementwise(graph, op, numbers, out!.shape, "int32"), "bool");
}

/** The same number at every place. */
function isSame(a: Value, b: Value): boolean {
  return (
    a.name === b.name && a.shape.length === b.shape.length && a.axes.every((axis, i) => axis === b.axes[i])
  );
}

const COMPARE: Readonly<Record<string, [op: string, negated: boolean]>> = {
  less: ["Less", false],
  less_equal: ["LessOrEqual", false],
  equal: ["Equal", false],
  not_equal: ["Equal", true],
};

export const arithmetic: Rules = {
  add(context) {
    const [a, b] = context.equation.inputs;
    const type = elementTypeOf(context.outputs[0]!);
    const [x, y] = context.inputs as [Value, Value];
    const shape = context.outputs[0]!.shape;
    if (x.vanishes) return widen(cast(context.graph, y, type), shape);
    if (y.vanishes) return widen(cast(context.graph, x, type), shape);
    // a + (-b) is one operator less as a - b.
    for (const [from, right] of [[x, b!] as const, [y, a!] as const]) {
      const negation = isLiteral(right) ? null : context.definition(right);
      if (negation?.primitive !== "neg" || type === "bool" || isLiteral(negation.inputs[0]!)) continue;
      const taken = context.value(negation.inputs[0]!);
      if (isSame(from, taken)) return vanishing(context.graph, type, shape);
      return combine(context, "Sub", [from, taken], type);
    }
    return binary("Add", "Or")(context);
  },
  mul(context) {
    const { graph, inputs, outputs } = context;
    const type = elementTypeOf(outputs[0]!);
    if (inputs.some(({ vanishes }) => vanishes)) return vanishing(graph, type, outputs[0]!.shape);
    return softmax(context) ?? normalise(context) ?? binary("Mul", "And")(context);
  },
  min: binary("Min", "And"),
  max: binary("Max", "Or"),
  idiv(context) {
    const type = elementTypeOf(context.outputs[0]!);
    const quotient = combine(context, "Div", context.inputs, type);
    if (type !== "float32") return quotient;
    // Towards zero: ONNX rounds the other ways only.
    const { graph } = context;
    const magnitude = graph.node("Floor", [graph.node("Abs", [quotient.name])]);
    return { ...quotient, name: graph.node("Mul", [graph.node("Sign", [quotient.name]), magnitude]) };
  },
  mod(context) {
    const type = elementTypeOf(context.outputs[0]!);
    const { graph, inputs, outputs } = context;
    const same = inputs.map((x) => cast(graph, x, type));
    return elementwise(graph, "Mod", same, outputs[0]!.shape, type, { fmod: 1 });
  },
  neg: (context) => (context.inputs[0]!.vanishes ? context.inputs[0]! : unary("Neg")(context)),
  reciprocal: (context) => sigmoid(context) ?? inverseDeviation(context) ?? unary("Reciprocal")(context),
  floor: unary("Floor"),
  ceil: unary("Ceil"),
  sin: unary("Sin"),
  cos: unary("Cos"),
  asin: unary("Asin"),
  atan: unary("Atan"),
  exp: unary("Exp"),
  log: unary("Log"),
  sqrt: unary("Sqrt"),
  erf: unary("Erf"),
  erfc: ({ graph, inputs: [x] }) =>
    onStored(x!, graph.node("Sub", [graph.scalar("float32", 1), graph.node("Erf", [x!.name])])),
  stop_gradient: ({ inputs: [x] }) => x!,
  cast: ({ graph, inputs: [x], params }) => cast(graph, x!, params["dtype"] as ElementType),

  compare({ graph, inputs, params, outputs: [out] }) {
    const [op, negated] = COMPARE[params["op"] as string]!;
    const type = commonType(inputs);
    const same = inputs.map((x) => cast(graph, x, type === "bool" ? "int32" : type));
    const result = elementwise(graph, op, same, out!.shape, "bool");
    return negated ? { ...result, name: graph.node("Not", [result.name]) } : result;
  },

  where({ graph, inputs: [condition, x, y], outputs: [out] }) {
    const type = elementTypeOf(out!);
    const branches = [x!, y!].map((branch) => cast(graph, branch, type));
    if (condition!.literal !== undefined) {
      const chosen = condition!.literal !== 0 ? branches[0]! : branches[1]!;
      if (chosen.literal !== undefined) return uniform(graph, type, chosen.literal, out!.shape);
    }
    const carried = type === "uint32" || type === "bool" ? "int32" : type;
    const operands = [condition!, ...branches.map((branch) => cast(graph, branch, carried))];
    return cast(graph, elementwise(graph, "Where", operands, out!.shape, carried), type);
  },
};

/** The type both sides of a comparison are read in; literals give way to the other side. */
function commonType(inputs: readonly Value[]): ElementType {
  const firm = inputs.filter((x) => x.literal === undefined);
  const types = (firm.length > 0 ? firm : inputs).map(({ type }) => type);
  if (inputs.some(({ type }) => type === "float32") || types.includes("float32")) return "float32";
  return types[0]!;
}
