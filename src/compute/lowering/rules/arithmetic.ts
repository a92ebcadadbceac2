/** Elementwise operators, on the layouts that broadcasting.ts finds. */
import { align, elementwise, widen } from "../broadcasting.ts";
import { type Context, keepingScales, type Rule, type Rules } from "../context.ts";
import { type ElementType, elementTypeOf, isLiteral } from "../jaxpr.ts";
import { inverseDeviation, normalise, sigmoid, softmax } from "../patterns.ts";
import { cast, computed, scaled, settle, storedSize, uniform, type Value, vanishing } from "../value.ts";

/** An operator of one operand with the same meaning in ONNX. */
function unary(op: string): Rule {
  return ({ graph, inputs: [x] }) => computed(x!, graph.node(op, [x!.name]));
}

/** An operator of two operands, which ONNX wants to be of one type. */
function binary(op: string, ofBool?: string): Rule {
  return (context) => {
    const type = elementTypeOf(context.outputs[0]);
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
  return elementwise(graph, { op, shape: out!.shape, type }, same);
}

function viaInt32({ graph, inputs, outputs: [out] }: Context, op: string): Value {
  const numbers = inputs.map((x) => cast(graph, x, "int32"));
  return cast(graph, elementwise(graph, { op, shape: out!.shape, type: "int32" }, numbers), "bool");
}

/** What is stored of a value, without its scale. */
function unscaled({ scale: _, ...value }: Value): Value {
  return value;
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
  add: keepingScales((context) => {
    const { graph } = context;
    const type = elementTypeOf(context.outputs[0]);
    // A scale does not outlive a change of type.
    const [x, y] = context.inputs.map((side) => (side.type === type ? side : settle(graph, side))) as [
      Value,
      Value,
    ];
    const shape = context.outputs[0].shape;
    if (x.vanishes) return widen(cast(graph, y, type), shape);
    if (y.vanishes) return widen(cast(graph, x, type), shape);
    const [a = 1, b = 1] = [x.scale, y.scale];
    if (a === b && type === "float32" && isSame(x, y)) return widen(scaled(graph, x, 2), shape);
    if (a === b && a !== 1)
      return scaled(graph, combine(context, "Add", [unscaled(x), unscaled(y)], type), a);
    if (a !== -b) {
      const settled = { ...context, inputs: [settle(graph, x), settle(graph, y)] };
      return binary("Add", "Or")(settled);
    }
    // a x - a y, with the positive one first.
    const [from, taken] = a > 0 ? [unscaled(x), unscaled(y)] : [unscaled(y), unscaled(x)];
    if (isSame(from, taken)) return vanishing(graph, type, shape);
    return scaled(graph, combine(context, "Sub", [from, taken], type), Math.abs(a));
  }),
  mul: keepingScales((context) => {
    const { graph, inputs, outputs } = context;
    const type = elementTypeOf(outputs[0]);
    const shape = outputs[0].shape;
    if (inputs.some(({ vanishes }) => vanishes)) return vanishing(graph, type, shape);
    const fused = softmax(context) ?? normalise(context);
    if (fused) return fused;
    if (type !== "float32")
      return binary("Mul", "And")({ ...context, inputs: inputs.map((x) => settle(graph, x)) });
    const [x, y] = inputs.map((input) =>
      input.type === type ? input : cast(graph, settle(graph, input), type),
    ) as [Value, Value];
    for (const [factor, number] of [[x, y.literal] as const, [y, x.literal] as const])
      if (number !== undefined) return widen(scaled(graph, factor, number), shape);
    // The scale of a side that is stored smaller than the product is multiplied out there.
    const size = storedSize({ ...x, ...align(graph, [x, y], shape) });
    const sides = [x, y].map((side) => (storedSize(side) < size ? settle(graph, side) : side));
    const scale = sides.reduce((product, side) => product * (side.scale ?? 1), 1);
    return scaled(graph, combine(context, "Mul", sides.map(unscaled), type), scale);
  }),
  min: (context) => clip(context) ?? binary("Min", "And")(context),
  max: binary("Max", "Or"),
  idiv(context) {
    const type = elementTypeOf(context.outputs[0]);
    const quotient = combine(context, "Div", context.inputs, type);
    if (type !== "float32") return quotient;
    // Towards zero: ONNX rounds the other ways only.
    const { graph } = context;
    const magnitude = graph.node("Floor", [graph.node("Abs", [quotient.name])]);
    return { ...quotient, name: graph.node("Mul", [graph.node("Sign", [quotient.name]), magnitude]) };
  },
  mod(context) {
    const type = elementTypeOf(context.outputs[0]);
    const { graph, inputs, outputs } = context;
    const same = inputs.map((x) => cast(graph, x, type));
    return elementwise(graph, { op: "Mod", shape: outputs[0].shape, type, attributes: { fmod: 1 } }, same);
  },
  neg: keepingScales((context) => {
    const [x] = context.inputs;
    if (x!.vanishes) return x!;
    return scaled(context.graph, x!, -1);
  }),
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
    computed(x!, graph.node("Sub", [graph.scalar("float32", 1), graph.node("Erf", [x!.name])])),
  stop_gradient: keepingScales(({ inputs: [x] }) => x!),
  cast: ({ graph, inputs: [x], params }) => cast(graph, x!, params["dtype"] as ElementType),

  compare({ graph, inputs, params, outputs: [out] }) {
    const [op, negated] = COMPARE[params["op"] as string];
    const type = commonType(inputs);
    const same = inputs.map((x) => cast(graph, x, type === "bool" ? "int32" : type));
    const result = elementwise(graph, { op, shape: out!.shape, type: "bool" }, same);
    return negated ? { ...result, name: graph.node("Not", [result.name]) } : result;
  },

  where({ graph, inputs: [condition, x, y], outputs: [out] }) {
    const type = elementTypeOf(out!);
    const branches = [x!, y!].map((branch) => cast(graph, branch, type));
    if (condition!.literal !== undefined) {
      const chosen = condition!.literal !== 0 ? branches[0] : branches[1];
      if (chosen.literal !== undefined) return uniform(graph, type, chosen.literal, out!.shape);
    }
    const carried = type === "uint32" || type === "bool" ? "int32" : type;
    const operands = [condition!, ...branches.map((branch) => cast(graph, branch, carried))];
    return cast(graph, elementwise(graph, { op: "Where", shape: out!.shape, type: carried }, operands), type);
  },
};

/** min(max(x, low), high) of two numbers. */
function clip({ graph, equation, inputs, definition, value }: Context): Value | null {
  for (const side of [0, 1]) {
    const high = inputs[1 - side].literal;
    const max = isLiteral(equation.inputs[side]) ? null : definition(equation.inputs[side]);
    if (high === undefined || max?.primitive !== "max" || inputs[side].type !== "float32") continue;
    const low = max.inputs.find(isLiteral);
    const x = max.inputs.find((atom) => !isLiteral(atom));
    if (!low || !x || value(x).shape.length !== inputs[side].shape.length) continue;
    const bounds = [Number(low.value), high].map((bound) => graph.scalar("float32", bound));
    return computed(value(x), graph.node("Clip", [value(x).name, ...bounds]));
  }
  return null;
}

/** The type both sides of a comparison are read in; literals give way to the other side. */
function commonType(inputs: readonly Value[]): ElementType {
  const firm = inputs.filter((x) => x.literal === undefined);
  const types = (firm.length > 0 ? firm : inputs).map(({ type }) => type);
  if (inputs.some(({ type }) => type === "float32") || types.includes("float32")) return "float32";
  return types[0];
}
