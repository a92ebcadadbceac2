/**
 * Byte-level byte-pair encoding: text to token ids and back. Any text can be encoded, for every byte is a token. A piece
 * is merged pair by pair, the pair learnt first going first.
 */
import { bytesAsCharacters, charactersAsText } from "./bytes.ts";
import { GPT2_PIECES, piecesOf } from "./pieces.ts";

/** The special tokens of our own vocabularies: what fills a row, and what begins and ends a sentence. */
export const PAD = "<|pad|>";
export const END = "<|end|>";

/** A vocabulary and the merges that lead to it, in the order in which they were learnt. */
export interface BpeModel {
  /** By id, in characters that stand for bytes. Ids without an entry are empty. */
  readonly vocabulary: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
  /** Tokens outside the merges, matched in the text as they are. */
  readonly special: ReadonlyMap<string, number>;
  /** How text is cut before merging; default: as in GPT-2. */
  readonly pieces?: RegExp;
  /** Whether text is brought to Unicode's NFC first. */
  readonly normalise?: boolean;
  /** A piece that is a token as a whole is not merged. */
  readonly ignoreMerges?: boolean;
}

export class Tokenizer {
  readonly size: number;
  private readonly idOf: ReadonlyMap<string, number>;
  private readonly rankOf: ReadonlyMap<string, number>;
  private readonly special: ReadonlyMap<string, number>;
  private readonly specialText: ReadonlyMap<number, string>;
  private readonly cache = new Map<string, readonly number[]>();

  constructor(readonly model: BpeModel) {
    const { vocabulary, merges } = model;
    this.size = vocabulary.length;
    this.idOf = new Map(vocabulary.map((token, id) => [token, id]));
    this.rankOf = new Map(merges.map(([a, b], rank) => [`${a} ${b}`, rank]));
    this.special = model.special;
    this.specialText = new Map([...this.special].map(([text, id]) => [id, text]));
  }

  /** The id of a token by its name in the vocabulary. */
  id(token: string): number | undefined {
    return this.special.get(token) ?? this.idOf.get(token);
  }

  encode(text: string): number[] {
    const given = this.model.normalise ? text.normalize("NFC") : text;
    return this.cut(given).flatMap((part) =>
      typeof part === "number"
        ? [part]
        : piecesOf(part, this.model.pieces ?? GPT2_PIECES).flatMap((piece) => this.piece(piece)),
    );
  }

  /** Special tokens are left out. */
  decode(ids: Iterable<number>): string {
    let characters = "";
    for (const id of ids) if (!this.specialText.has(id)) characters += this.model.vocabulary[id] ?? "";
    return charactersAsText(characters);
  }

  /** The text between special tokens, and their ids. */
  private cut(text: string): (string | number)[] {
    const names = [...this.special.keys()].filter((name) => name !== "" && text.includes(name));
    if (names.length === 0) return text === "" ? [] : [text];
    const longest = names.sort((a, b) => b.length - a.length)[0];
    return text
      .split(longest)
      .flatMap((part, i) => [...(i > 0 ? [this.special.get(longest)!] : []), ...this.cut(part)]);
  }

  private piece(text: string): readonly number[] {
    const kept = this.cache.get(text);
    if (kept) return kept;
    const characters = bytesAsCharacters(text);
    const whole = this.model.ignoreMerges ? this.idOf.get(characters) : undefined;
    const ids = whole === undefined ? this.merge(characters) : [whole];
    if (this.cache.size < 50_000) this.cache.set(text, ids);
    return ids;
  }

  private merge(characters: string): number[] {
    const symbols = Array.from(characters);
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      let at = -1;
      for (let i = 1; i < symbols.length; i++) {
        const rank = this.rankOf.get(`${symbols[i - 1]} ${symbols[i]}`);
        if (rank !== undefined && rank < best) [best, at] = [rank, i];
      }
      if (at < 0) break;
      symbols.splice(at - 1, 2, symbols[at - 1] + symbols[at]);
    }
    return symbols.map((symbol) => this.idOf.get(symbol)!);
  }
}
