/**
 * Damage to an HDF5 file that leaves it an HDF5 file: numbers that no recording has, datasets of another length, attributes
 * that are gone or of another kind, links in a circle. The same seed and file give the same damage.
 */
import { Dataset, File, Group } from "h5wasm/node";
import type { Random } from "../../src/math/random.ts";
import { guarded } from "../../src/recording/hdf5.ts";

const EXTREMES = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e300, 2 ** 31, -(2 ** 31), 0.5];
const MOST_OBJECTS = 500;

export function mutateHdf5(path: string, random: Random): void {
  const file = guarded("open a file to damage", () => new File(path, "a"));
  try {
    const objects = guarded("list its objects", () => objectsOf(file));
    for (let left = 1 + random.integer(4); left > 0; left--)
      // What the library refuses to write is no damage.
      try {
        guarded("damage it", () => once(objects[random.integer(objects.length)], random));
      } catch {}
  } finally {
    guarded("close it", () => file.close());
  }
}

function objectsOf(group: Group, out: (Group | Dataset)[] = [group]): (Group | Dataset)[] {
  for (const name of group.keys()) {
    const child = group.get(name);
    if (out.length >= MOST_OBJECTS || !(child instanceof Group || child instanceof Dataset)) continue;
    out.push(child);
    if (child instanceof Group) objectsOf(child, out);
  }
  return out;
}

function once(object: Group | Dataset, random: Random): void {
  const attributes = Object.keys(object.attrs);
  const kind = random.integer(object instanceof Dataset ? 4 : 2);
  const attribute = attributes[random.integer(Math.max(1, attributes.length))];
  if (kind === 0 && attribute !== undefined) object.delete_attribute(attribute);
  if (kind === 1 && attribute !== undefined) {
    object.delete_attribute(attribute);
    object.create_attribute(
      attribute,
      random.uniform() < 0.5 ? "x" : EXTREMES[random.integer(EXTREMES.length)],
    );
  }
  if (object instanceof Group) {
    if (attribute === undefined) object.create_soft_link("/", `again${random.integer(1000)}`);
  } else if (kind === 2) writeExtremes(object, random);
  else if (kind === 3) {
    const [rows = 0, ...rest] = object.shape ?? [];
    object.resize([Math.max(0, rows + random.integer(9) - 4), ...rest]);
  }
}

function writeExtremes(dataset: Dataset, random: Random): void {
  const [rows = 0, ...rest] = dataset.shape ?? [];
  if (rows === 0) return;
  const from = random.integer(rows);
  const to = Math.min(rows, from + 1 + random.integer(4));
  const range: [number, number][] = [[from, to], ...rest.map((size): [number, number] => [0, size])];
  const before = dataset.slice(range);
  if (!ArrayBuffer.isView(before) || before instanceof DataView) return;
  const changed = before.slice() as Float64Array | BigInt64Array;
  const value = EXTREMES[random.integer(EXTREMES.length)];
  if (typeof changed[0] === "bigint")
    (changed as BigInt64Array).fill(
      Number.isFinite(value) && Math.abs(value) < 2 ** 62 ? BigInt(Math.trunc(value)) : -1n,
    );
  else (changed as Float64Array).fill(value);
  dataset.write_slice(range, changed);
}
