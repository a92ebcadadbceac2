/**
 * The variables of a MATLAB 7.3 MAT-file: HDF5 behind 512 bytes of text. Every object says its class in an attribute; a
 * struct is a group, an array of structs a group whose fields are lists of references. MATLAB counts columns first, HDF5
 * rows first, so that dimensions stand in reverse and the numbers in the same order.
 * https://www.mathworks.com/help/matlab/import_export/mat-file-versions.html, https://docs.hdfgroup.org/hdf5/v1_14/
 */
import { Dataset, type File, Group, Reference } from "h5wasm/node";
import { RecordingError } from "../../contract.ts";
import { attribute, closeHdf5, credible, guarded, loadHdf5, openHdf5, toNumbers } from "../../hdf5.ts";
import type { MatFile } from "../mat5/file.ts";
import type { MatValue } from "../mat5/value.ts";

/** Structs in structs in structs: deeper than this is damage. */
const MAX_DEPTH = 32;
const REFERENCE = 7;

export async function openMat73(path: string): Promise<MatFile> {
  await loadHdf5();
  const file = openHdf5(path);
  const close = () => closeHdf5(file);
  try {
    return { variables: fieldsOf(file, file, 0), close };
  } catch (error) {
    close();
    throw error;
  }
}

function fieldsOf(file: File, group: Group, depth: number): Map<string, MatValue> {
  const names = guarded(`list ${group.path}`, () => group.keys()).filter((name) => !name.startsWith("#"));
  return new Map(
    names.map((name) => [
      name,
      matValue(
        file,
        guarded(`open ${name}`, () => group.get(name)),
        depth,
      ),
    ]),
  );
}

function matValue(file: File, entity: unknown, depth: number): MatValue {
  if (depth > MAX_DEPTH) throw new RecordingError(`${file.filename}: structs nested too deep; it is damaged`);
  if (entity instanceof Group) return matStruct(file, entity, depth);
  if (!(entity instanceof Dataset)) return { kind: "other" };
  credible(entity);
  const kind = attribute(entity, "MATLAB_class");
  if (attribute(entity, "MATLAB_empty")) return kind === "char" ? { kind: "text", text: "" } : empty;
  if (kind === "char")
    return { kind: "text", text: String.fromCharCode(...toNumbers(valuesOf(entity), entity.path)) };
  if (isList(entity)) return { kind: "cell", items: matList(file, entity, depth) };
  if (entity.metadata.type > 1) return { kind: "other" };
  const shape = entity.shape ?? [];
  return {
    kind: "numbers",
    dimensions: [...shape].reverse(),
    read: (from, count) => rangeOf(entity, shape, from, count),
  };
}

/** One struct, or an array of them: then every field is a list of equally many references. */
function matStruct(file: File, group: Group, depth: number): MatValue {
  const fields = guarded(`list ${group.path}`, () =>
    group.keys().map((name) => [name, group.get(name)] as const),
  );
  const listed = fields.filter(
    (field): field is [string, Dataset] =>
      field[1] instanceof Dataset && isList(field[1]) && attribute(field[1], "MATLAB_class") === undefined,
  );
  if (listed.length === 0 || listed.length < fields.length)
    return { kind: "struct", elements: [fieldsOf(file, group, depth + 1)] };
  const lists = listed.map(([name, list]) => [name, matList(file, list, depth)] as const);
  return {
    kind: "struct",
    elements: lists[0][1].map((_, i) => new Map(lists.map(([name, values]) => [name, values[i] ?? empty]))),
  };
}

function isList(entity: Dataset): boolean {
  return entity.metadata.type === REFERENCE;
}

function matList(file: File, list: Dataset, depth: number): MatValue[] {
  const values = valuesOf(list);
  return (Array.isArray(values) ? values.flat() : [values]).map((item) =>
    item instanceof Reference
      ? matValue(
          file,
          guarded(`follow a reference of ${list.path}`, () => file.dereference(item)),
          depth + 1,
        )
      : { kind: "other" },
  );
}

function valuesOf(data: Dataset): unknown {
  return guarded(`read ${data.path}`, () => data.value);
}

/** `count` numbers from the `from`th on: the rows that hold them are read, and no others. */
function rangeOf(data: Dataset, shape: readonly number[], from = 0, count?: number): Float64Array {
  const size = shape.reduce((a, b) => a * b, 1);
  const length = count ?? size - from;
  if (shape.length === 0) return toNumbers(valuesOf(data), data.path);
  const row = size / shape[0];
  const [first, last] = [Math.floor(from / row), Math.ceil((from + length) / row)];
  const rows = guarded(`read ${data.path}`, () => data.slice([[first, last]]));
  return toNumbers(rows, data.path).subarray(from - first * row, from - first * row + length);
}

const empty: MatValue = { kind: "numbers", dimensions: [0, 0], read: () => new Float64Array(0) };
