/**
 * An ONNX graph under construction. Equal nodes and equal constants are made once; what no output needs is left out.
 */
import { encodeModel, encodeValues } from "./encode.ts";
import { foldNormalisations } from "./fold.ts";
import { type Attributes, type Initializer, MICROSOFT, type Node, type OnnxType, type Port } from "./node.ts";

const COMMUTATIVE: ReadonlySet<string> = new Set(["Add", "Mul", "Min", "Max", "And", "Or", "Equal"]);

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
    const bytes = encodeValues(type, values);
    const small = bytes.length <= 4096;
    const key = small ? `const|${type}|${shape.join(",")}|${bytes.join()}` : "";
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
    const { initializers, inputs, outputs, portable } = this;
    const nodes = this.folded(this.liveNodes());
    return encodeModel({ nodes, initializers: [...initializers.values()], inputs, outputs, portable });
  }
}
