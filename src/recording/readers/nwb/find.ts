/** Finds objects of an NWB file by their type, wherever they stand. */
import { type Dataset, type File, Group } from "h5wasm/node";
import { attribute, guarded } from "../../hdf5.ts";

/** Objects looked at, at most: a damaged file may link to itself. */
const MOST = 20_000;

/** Groups in file order, outer before inner. */
export function* groupsOf(file: File, roots: readonly string[]): Generator<Group> {
  let left = MOST;
  const seen = new Set<string>();
  const below: Group[] = [];
  for (const root of roots) {
    const found = guarded(`look up ${root}`, () => file.get(root));
    if (found instanceof Group) below.push(found);
  }
  for (let next = below.shift(); next && left > 0; next = below.shift(), left--) {
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    yield next;
    const parent = next;
    for (const name of guarded(`list ${parent.path}`, () => parent.keys())) {
      const child = guarded(`look up ${name}`, () => parent.get(name));
      if (child instanceof Group) below.push(child);
    }
  }
}

export function typeOf(object: Group | Dataset): string {
  return String(attribute(object, "neurodata_type") ?? "");
}
