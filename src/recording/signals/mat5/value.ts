/**
 * MATLAB arrays as they lie in a MAT-file: numbers stay in the file until they are asked for, so that a large array
 * costs nothing to find. "MAT-File Format" (MathWorks 2019), chapter 1, "Level 5 MAT-File data element format".
 */
import { RecordingError } from "../../contract.ts";
import { countOf, type Element, elementAt, type MatBytes, numbersOf, TYPE, textOf } from "./element.ts";

export type MatValue =
  | {
      readonly kind: "numbers";
      readonly dimensions: readonly number[];
      read(from?: number, count?: number): Float64Array;
    }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "cell"; readonly items: readonly MatValue[] }
  /** Element after element, each its fields. */
  | { readonly kind: "struct"; readonly elements: readonly ReadonlyMap<string, MatValue>[] }
  /** Function handles, objects of classes, sparse arrays. */
  | { readonly kind: "other" };

const CLASS = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, double: 6, last: 15 };
/** Arrays in arrays in arrays: deeper than this is damage. */
const MAX_DEPTH = 32;

/** The name and value of a matrix element. */
export function matrixOf(bytes: MatBytes, matrix: Element, depth = 0): { name: string; value: MatValue } {
  const limit = matrix.at + matrix.bytes;
  if (matrix.bytes === 0) return { name: "", value: empty };
  if (depth > MAX_DEPTH) throw damaged(bytes, matrix, "arrays nested too deep");
  const parts = new Parts(bytes, matrix.at, limit);
  const flags = numbersOf(bytes, parts.next())[0] ?? 0;
  const kind = flags & 0xff;
  if (kind === 17) return { name: "", value: { kind: "other" } }; // opaque: no dimensions follow
  const dimensions = Array.from(numbersOf(bytes, parts.next()));
  const size = dimensions.reduce((a, b) => a * b, 1);
  if (dimensions.length < 2 || dimensions.length > 32 || !(size >= 0 && dimensions.every((d) => d >= 0)))
    throw damaged(bytes, matrix, `expected dimensions, got ${dimensions.slice(0, 4)}`);
  const name = textOf(bytes, parts.next());
  return { name, value: contents() };

  function contents(): MatValue {
    if (kind === CLASS.cell) return { kind: "cell", items: children(size) };
    if (kind === CLASS.struct || kind === CLASS.object) {
      if (kind === CLASS.object) parts.next(); // the class's name
      const width = numbersOf(bytes, parts.next())[0] ?? 0;
      const names = fieldNames(textOf(bytes, parts.next()), width);
      const values = children(size * names.length);
      return {
        kind: "struct",
        elements: Array.from(
          { length: names.length === 0 ? 0 : size },
          (_, i) => new Map(names.map((field, f) => [field, values[i * names.length + f]])),
        ),
      };
    }
    if (kind === CLASS.char) return { kind: "text", text: size === 0 ? "" : textOf(bytes, parts.next()) };
    if (kind < CLASS.double || kind > CLASS.last) return { kind: "other" };
    if (size === 0) return empty;
    const data = parts.next();
    if (countOf(data) !== size) throw damaged(bytes, data, `expected ${size} numbers, got ${countOf(data)}`);
    return { kind: "numbers", dimensions, read: (from, count) => numbersOf(bytes, data, from, count) };
  }

  function children(count: number): MatValue[] {
    if (count * 8 > limit - parts.at) throw damaged(bytes, matrix, `${count} arrays cannot fit`);
    return Array.from({ length: count }, () => {
      const child = parts.next();
      if (child.type !== TYPE.matrix)
        throw damaged(bytes, child, `expected an array, got type ${child.type}`);
      return matrixOf(bytes, child, depth + 1).value;
    });
  }
}

const empty: MatValue = { kind: "numbers", dimensions: [0, 0], read: () => new Float64Array(0) };

/** Elements one after the other. */
class Parts {
  constructor(
    private readonly bytes: MatBytes,
    public at: number,
    private readonly limit: number,
  ) {}

  next(): Element {
    const element = elementAt(this.bytes, this.at, this.limit);
    this.at = element.next;
    return element;
  }
}

/** Names stand in fields of `width` bytes, each ended by a NUL. */
function fieldNames(text: string, width: number): string[] {
  if (!(width >= 1 && width <= 64)) return [];
  return Array.from({ length: Math.floor(text.length / width) }, (_, i) =>
    text.slice(i * width, (i + 1) * width).replace(/\0.*$/s, ""),
  );
}

function damaged({ file }: MatBytes, { at }: Element, what: string): RecordingError {
  return new RecordingError(`${file.path}: ${what} at byte ${at}; the MAT-file is damaged`);
}
