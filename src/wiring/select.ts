/**
 * Cells by words: `KC` is every cell whose name or label is that; `type=MBON-d*` those of one column; `class=MBIN&type=DAN-*` both;
 * words with commas between are all of theirs together. `cells 3-17` are indices.
 */
import { type Wiring, WiringError } from "./contract.ts";
import { matcher } from "./pattern.ts";

/** Indices, ascending, each once. Throws `WiringError` where a word names no cell. */
export function selectCells(wiring: Pick<Wiring, "names" | "labels">, words: string): Int32Array {
  const chosen = new Uint8Array(wiring.names.length);
  for (const word of words.split(",").map((text) => text.trim())) {
    const found = cellsOfWord(wiring, word);
    if (found.length === 0)
      throw new WiringError(
        `${JSON.stringify(word)}: expected the name of a cell or a value of ${wiring.labels.map(({ name }) => name).join(", ") || "a column (this wiring has no labels)"}, got none such; \`wetgrad wiring describe\` lists them`,
      );
    for (const cell of found) chosen[cell] = 1;
  }
  return Int32Array.from([...chosen.keys()].filter((cell) => chosen[cell] === 1));
}

/** Whether a word names a cell. */
export function hasCells(wiring: Pick<Wiring, "names" | "labels">, word: string): boolean {
  return cellsOfWord(wiring, word.trim()).length > 0;
}

function cellsOfWord(wiring: Pick<Wiring, "names" | "labels">, word: string): number[] {
  const range = /^cells (\d+)-(\d+)$/.exec(word);
  if (range) {
    const [from, to] = [Number(range[1]), Math.min(Number(range[2]), wiring.names.length - 1)];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  }
  const [first, ...others] = word.split("&").map((part) => new Set(cellsOfPart(wiring, part.trim())));
  return [...first].filter((cell) => others.every((set) => set.has(cell)));
}

function cellsOfPart({ names, labels }: Pick<Wiring, "names" | "labels">, part: string): number[] {
  const equals = part.indexOf("=");
  const column = equals > 0 ? labels.find(({ name }) => name === part.slice(0, equals).trim()) : undefined;
  const matches = matcher(column ? part.slice(equals + 1).trim() : part);
  const columns = column ? [column] : labels;
  const isOf = columns.map(({ values }) => values.map((value) => value !== "" && matches(value)));
  return [...names.keys()].filter(
    (cell) => isOf.some((is, i) => is[columns[i].of[cell]]) || (column === undefined && matches(names[cell])),
  );
}
