/**
 * What can be done to a dish, as plain data. A dish is a function of its seed and its deeds, so a list of them is the whole state of
 * a page: `t80.p3x24.s` says taught 80 notes, asked to play 24 from note 3, scrambled.
 *
 * Letters: t teach N notes, pNxM play M notes from note N, s scramble, cX-Y-R cut (um), f1 and f0 freeze and thaw, rN rest N
 * seconds, uORDER another tune.
 */

/** A tune in which every note comes once: `tune[i]` is followed by `tune[i + 1]`, the last by the first. */
export type Tune = readonly number[];

export type Deed =
  | { readonly kind: "teach"; readonly notes: number }
  | { readonly kind: "play"; readonly from: number; readonly notes: number }
  | { readonly kind: "scramble" }
  | { readonly kind: "cut"; readonly xUm: number; readonly yUm: number; readonly radiusUm: number }
  | { readonly kind: "freeze"; readonly isFrozen: boolean }
  | { readonly kind: "rest"; readonly seconds: number }
  | { readonly kind: "tune"; readonly tune: Tune };

/** The most that a link may ask for: beyond this it is no page that somebody made. */
const MOST = { deeds: 2000, notes: 100_000, seconds: 86_400, um: 10_000 } as const;

/** The deeds as the text of an address, which `readDeeds` takes back. */
export function writeDeeds(deeds: readonly Deed[]): string {
  return deeds.map(writeDeed).join(".");
}

function writeDeed(deed: Deed): string {
  switch (deed.kind) {
    case "teach":
      return `t${deed.notes}`;
    case "play":
      return `p${deed.from}x${deed.notes}`;
    case "scramble":
      return "s";
    case "cut":
      return `c${deed.xUm}-${deed.yUm}-${deed.radiusUm}`;
    case "freeze":
      return `f${deed.isFrozen ? 1 : 0}`;
    case "rest":
      return `r${deed.seconds}`;
    case "tune":
      return `u${deed.tune.join("")}`;
  }
}

/** The deeds of a link, for a dish of K notes; throws `RangeError` naming what it does not understand. */
export function readDeeds(text: string, K: number): Deed[] {
  if (text === "") return [];
  const words = text.split(".");
  if (words.length > MOST.deeds)
    throw new RangeError(`link: expected at most ${MOST.deeds} deeds, got ${words.length}`);
  return words.map((word) => readDeed(word, K));
}

function readDeed(word: string, K: number): Deed {
  const numbers = [...word.matchAll(/\d+/g)].map(Number);
  const is = (shape: RegExp, ...most: number[]) =>
    shape.test(word) && most.every((limit, i) => numbers[i] <= limit);
  if (is(/^t\d+$/, MOST.notes)) return { kind: "teach", notes: numbers[0] };
  if (is(/^p\d+x\d+$/, K - 1, MOST.notes)) return { kind: "play", from: numbers[0], notes: numbers[1] };
  if (word === "s") return { kind: "scramble" };
  if (is(/^c\d+-\d+-\d+$/, MOST.um, MOST.um, MOST.um)) {
    const [xUm, yUm, radiusUm] = numbers;
    return { kind: "cut", xUm, yUm, radiusUm };
  }
  if (/^f[01]$/.test(word)) return { kind: "freeze", isFrozen: word === "f1" };
  if (is(/^r\d+$/, MOST.seconds)) return { kind: "rest", seconds: numbers[0] };
  const tune = [...word.slice(1)].map(Number);
  if (word[0] === "u" && isTune(tune, K)) return { kind: "tune", tune };
  throw new RangeError(
    `link: expected deeds such as t80, p3x24, s, c800-800-300, f1, r600, u03614725, got ${word}`,
  );
}

function isTune(tune: Tune, K: number): boolean {
  return (
    tune.length === K && new Set(tune).size === K && tune.every((note) => Number.isInteger(note) && note < K)
  );
}

/** The deeds with one more; teaching that follows teaching is one deed. */
export function withDeed(deeds: readonly Deed[], deed: Deed): Deed[] {
  const last = deeds.at(-1);
  if (last?.kind === "teach" && deed.kind === "teach")
    return [...deeds.slice(0, -1), { kind: "teach", notes: last.notes + deed.notes }];
  return [...deeds, deed];
}

/** The note that follows each, `[K]`. */
export function followers(tune: Tune): number[] {
  const next = new Array<number>(tune.length);
  tune.forEach((note, i) => {
    next[note] = tune[(i + 1) % tune.length];
  });
  return next;
}
