/**
 * Reshaping without losing what is lazy. Old and new axes fall into groups of equal product; a group that is one axis
 * on both sides, or broadcast as a whole, is bookkeeping. Only a group that splits or merges stored axes costs an ONNX
 * Reshape (which moves nothing), and only one whose axes lie apart costs a Transpose.
 */
import type { Graph } from "./graph.ts";
import { arrange, BROADCAST, relabel, reshapeTensor, stored, storedOrder, type Value } from "./value.ts";

interface Group {
  before: number[];
  after: number[];
}

export function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (value.shape.includes(0)) return reshapeEmpty(graph, value, shape);
  const groups = groupsOf(value.shape, shape);
  const changed = groups.filter(
    ({ before, after }) => isStored(value, before) && !(before.length === 1 && after.length === 1),
  );
  if (changed.length === 0)
    return relabel(
      value,
      shape,
      axesAfter(groups, shape, (axis) => value.axes[axis]),
    );

  // The physical order, with every changed group gathered at its last stored axis: what is innermost stays innermost.
  const groupOf = new Map(changed.flatMap((group) => group.before.map((axis) => [axis, group] as const)));
  const order: number[] = [];
  for (const axis of storedOrder(value).reverse())
    if (!order.includes(axis)) order.unshift(...(groupOf.get(axis)?.before ?? [axis]));
  const gathered = expandGroups(graph, value, order, groupOf);
  const newOrder: number[] = [];
  for (let i = 0; i < order.length; i++) {
    const group = groupOf.get(order[i]);
    if (!group) newOrder.push(groups.find(({ before }) => before[0] === order[i])!.after[0]);
    else if (group.before[0] === order[i]) newOrder.push(...group.after);
  }
  const physical = newOrder.map((axis) => shape[axis]);
  const name = reshapeTensor(graph, gathered.name, gathered.physical, physical);
  const axes = shape.map((_, axis) => newOrder.indexOf(axis));
  return relabel({ ...value, name, physical }, shape, axes);
}

/** The tensor with physical axes `order`; axes of a changed group are stored in full. */
function expandGroups(graph: Graph, value: Value, order: readonly number[], groupOf: Map<number, Group>) {
  const name = arrange(graph, value, order);
  const lengths = order.map((axis) => (value.axes[axis] === BROADCAST ? 1 : value.shape[axis]));
  const wanted = order.map((axis, i) => (groupOf.has(axis) ? value.shape[axis] : lengths[i]));
  if (wanted.every((n, i) => n === lengths[i])) return { name, physical: wanted };
  return { name: graph.node("Expand", [name, graph.int64s(wanted)]), physical: wanted };
}

function isStored(value: Value, axes: readonly number[]): boolean {
  return axes.some((axis) => value.axes[axis] !== BROADCAST);
}

function axesAfter(
  groups: readonly Group[],
  shape: readonly number[],
  physicalOf: (axis: number) => number,
): number[] {
  const axes = shape.map(() => BROADCAST);
  for (const { before, after } of groups)
    if (before.length === 1 && after.length === 1) axes[after[0]] = physicalOf(before[0]);
  return axes;
}

/** Splits the axes, those of length 1 left out, into the smallest groups of equal product. */
function groupsOf(before: readonly number[], after: readonly number[]): Group[] {
  const groups: Group[] = [];
  const left = [...before.keys()].filter((axis) => before[axis] !== 1);
  const right = [...after.keys()].filter((axis) => after[axis] !== 1);
  let [i, j] = [0, 0];
  while (i < left.length) {
    const group: Group = { before: [left[i]], after: [right[j]] };
    let [a, b] = [before[left[i++]], after[right[j++]]];
    while (a !== b) {
      if (a < b) {
        a *= before[left[i]];
        group.before.push(left[i++]);
      } else {
        b *= after[right[j]];
        group.after.push(right[j++]);
      }
    }
    groups.push(group);
  }
  return groups;
}

/** Nothing is stored: any empty tensor of the right shape will do. */
function reshapeEmpty(graph: Graph, value: Value, shape: readonly number[]): Value {
  const order = [...value.shape.keys()];
  const name = arrange(graph, value, order, true);
  return stored(reshapeTensor(graph, name, value.shape, shape), value.type, shape);
}
