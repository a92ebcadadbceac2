/** Nodes that one node can stand for, found once it is known what each is used for. */
import type { Node } from "./node.ts";

/**
 * A layer normalisation, times a gain, plus an offset, each a vector that is there from the start: LayerNormalization
 * with all three, where nothing else uses what lies in between (a gradient does).
 * @param vectorLength of a constant or an input that is a vector; undefined for anything else
 * @param kept names that must stay
 */
export function foldNormalisations(
  nodes: readonly Node[],
  vectorLength: (name: string) => number | undefined,
  kept: ReadonlySet<string>,
): readonly Node[] {
  const users = new Map<string, Node[]>();
  for (const node of nodes)
    for (const input of node.inputs) users.set(input, [...(users.get(input) ?? []), node]);
  const onlyUser = (name: string, op: string): Node | null => {
    const [user, ...others] = users.get(name) ?? [];
    return user?.op === op && others.length === 0 && !kept.has(name) ? user : null;
  };
  const replaced = new Map<Node, Node>();
  const gone = new Set<Node>();
  for (const node of nodes) {
    if (node.op !== "LayerNormalization") continue;
    const [normalised, ...statistics] = node.outputs;
    if (statistics.some((name) => users.has(name) || kept.has(name))) continue;
    const length = vectorLength(node.inputs[1]);
    const vectorBeside = (user: Node | null, name: string) =>
      user?.inputs.find((input) => input !== name && vectorLength(input) === length);
    const product = onlyUser(normalised!, "Mul");
    const gain = vectorBeside(product, normalised!);
    if (!product || !gain) continue;
    const sum = onlyUser(product.outputs[0], "Add");
    const offset = vectorBeside(sum, product.outputs[0]);
    const last = sum && offset ? sum : product;
    const inputs = [node.inputs[0], gain, ...(last === sum ? [offset!] : [])];
    replaced.set(node, { ...node, inputs, outputs: last.outputs });
    gone.add(product).add(last);
  }
  return nodes.filter((node) => !gone.has(node)).map((node) => replaced.get(node) ?? node);
}
