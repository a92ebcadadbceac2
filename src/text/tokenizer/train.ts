/**
 * Learns byte-pair merges (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909): the commonest pair of neighbouring symbols
 * becomes one symbol, again and again. Pair counts are kept up to date piece by piece, so that a merge costs only the pieces it
 * changes. Ties go to the pair that comes first in the order of its symbols' numbers: the same text gives the same merges.
 */
import { bytesAsCharacters, CHARACTER_OF_BYTE } from "./bytes.ts";
import { piecesOf } from "./pieces.ts";
import { type BpeModel, END, PAD } from "./tokenizer.ts";

interface Piece {
  symbols: number[];
  readonly count: number;
}

const pairKey = (a: number, b: number) => a * 2 ** 20 + b;

/** A vocabulary of `size` entries: the two special ones, 256 bytes, then merges. */
export function trainBpe(lines: Iterable<string>, size: number): BpeModel {
  const symbols = [PAD, END, ...CHARACTER_OF_BYTE];
  if (!(Number.isInteger(size) && size >= symbols.length && size <= 2 ** 20))
    throw new RangeError(`trainBpe: expected a size from ${symbols.length} to ${2 ** 20}, got ${size}`);
  const pieces = countedPieces(lines, new Map(symbols.map((symbol, id) => [symbol, id])));
  const counts = new Map<number, number>();
  const places = new Map<number, Set<Piece>>();
  for (const piece of pieces) addPairs(piece, 1, counts, places);
  const merges: [string, string][] = [];
  while (symbols.length < size) {
    const best = commonest(counts);
    if (best === undefined) break;
    const [a, b] = [Math.floor(best / 2 ** 20), best % 2 ** 20];
    const merged = symbols.length;
    symbols.push(symbols[a] + symbols[b]);
    merges.push([symbols[a], symbols[b]]);
    for (const piece of [...places.get(best)!]) {
      addPairs(piece, -1, counts, places);
      piece.symbols = mergePair(piece.symbols, a, b, merged);
      addPairs(piece, 1, counts, places);
    }
  }
  return { vocabulary: symbols, merges, special: new Map([PAD, END].map((name, id) => [name, id])) };
}

function countedPieces(lines: Iterable<string>, ids: ReadonlyMap<string, number>): Piece[] {
  const counted = new Map<string, number>();
  for (const line of lines)
    for (const piece of piecesOf(line)) counted.set(piece, (counted.get(piece) ?? 0) + 1);
  return [...counted].map(([text, count]) => ({
    symbols: Array.from(bytesAsCharacters(text), (character) => ids.get(character)!),
    count,
  }));
}

function addPairs(
  piece: Piece,
  sign: 1 | -1,
  counts: Map<number, number>,
  places: Map<number, Set<Piece>>,
): void {
  const { symbols, count } = piece;
  for (let i = 1; i < symbols.length; i++) {
    const key = pairKey(symbols[i - 1], symbols[i]);
    counts.set(key, (counts.get(key) ?? 0) + sign * count);
    const at = places.get(key) ?? new Set();
    places.set(key, at);
    if (sign > 0) at.add(piece);
    else at.delete(piece);
  }
}

/** The pair that occurs most often, at least twice. */
function commonest(counts: Map<number, number>): number | undefined {
  let best: number | undefined;
  let most = 1;
  for (const [key, count] of counts) {
    if (count > most || (count === most && best !== undefined && key < best)) [best, most] = [key, count];
    if (count === 0) counts.delete(key);
  }
  return best;
}

/** `symbols` with every a, b replaced by `merged`, from the left. */
export function mergePair(symbols: readonly number[], a: number, b: number, merged: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === a && symbols[i + 1] === b) {
      out.push(merged);
      i++;
    } else out.push(symbols[i]);
  }
  return out;
}
