/**
 * What a cell's spikes do, by a rule in words: `transmitter:ACH=+,GABA=-,DA=0,else=+`. The rule names a column of the labels (or `name`),
 * and for its values whether they excite (+), inhibit (-) or have no fast current (0); `*` stands for any letters. `else` is for all
 * others: +, -, 0, or a share of them that inhibits, drawn by a seed: `else=30%@1`; both cells of a pair are then alike.
 */
import { Random } from "../math/random.ts";
import { type Labels, WiringError } from "./contract.ts";
import { matcher } from "./pattern.ts";

export type Sign = -1 | 0 | 1;

export interface SignRule {
  readonly text: string;
  readonly column: string;
  readonly cases: readonly { readonly pattern: string; readonly sign: Sign }[];
  readonly otherwise: Sign | { readonly inhibitoryShare: number; readonly seed: number };
}

const SIGNS: Readonly<Record<string, Sign>> = { "+": 1, "-": -1, "0": 0 };

/** A rule from its text, such as `transmitter:GABA=-,else=+`. Throws `WiringError`. */
export function parseSignRule(text: string): SignRule {
  const fail = (got: string): never => {
    throw new WiringError(
      `signs: expected COLUMN:VALUE=+,VALUE=-,VALUE=0,else=+ (or else=30%@1), got ${JSON.stringify(got)}`,
    );
  };
  const colon = text.indexOf(":");
  if (colon < 1) fail(text);
  let otherwise: SignRule["otherwise"] | undefined;
  const cases: { pattern: string; sign: Sign }[] = [];
  for (const part of text.slice(colon + 1).split(",")) {
    const equals = part.lastIndexOf("=");
    const [pattern, value] = [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
    const share = /^(\d+(?:\.\d+)?)%@(\d+)$/.exec(value);
    if (equals < 1 || pattern === "") fail(part);
    if (pattern === "else" && share && Number(share[1]) <= 100)
      otherwise = { inhibitoryShare: Number(share[1]) / 100, seed: Number(share[2]) };
    else if (!(value in SIGNS)) fail(part);
    else if (pattern === "else") otherwise = SIGNS[value];
    else cases.push({ pattern, sign: SIGNS[value] });
  }
  return {
    text,
    column: text.slice(0, colon).trim(),
    cases,
    otherwise: otherwise ?? fail(`${text} without else`),
  };
}

export interface Signed {
  readonly signs: Int8Array;
  readonly notes: readonly string[];
}

interface ToSign {
  readonly names: readonly string[];
  readonly labels: readonly Labels[];
  readonly pairs?: Int32Array | undefined;
}

/** The sign of every cell, and a note for what the rule does not name. Throws `WiringError` where there is no such column. */
export function signsBy(rule: SignRule, { names, labels, pairs }: ToSign): Signed {
  const column = labels.find(({ name }) => name === rule.column);
  if (!column && rule.column !== "name")
    throw new WiringError(
      `signs: expected a column of the annotation (${labels.map(({ name }) => name).join(", ") || "there is none"}) or name, got ${rule.column}`,
    );
  const cases = rule.cases.map(({ pattern, sign }) => ({ matches: matcher(pattern), sign }));
  const known = (text: string) => cases.find(({ matches }) => matches(text))?.sign;
  const byValue = column?.values.map(known);
  const signs = new Int8Array(names.length);
  const unnamed = new Map<string, number>();
  const random = typeof rule.otherwise === "number" ? undefined : Random.of(rule.otherwise.seed, "signs");
  for (let cell = 0; cell < names.length; cell++) {
    const text = column ? column.values[column.of[cell]] : names[cell];
    const sign = byValue ? byValue[column!.of[cell]] : known(text);
    const drawn = random && (random.uniform() < shareOf(rule) ? -1 : 1);
    if (sign === undefined && column) unnamed.set(text, (unnamed.get(text) ?? 0) + 1);
    const twin = pairs && pairs[cell] >= 0 && pairs[cell] < cell ? pairs[cell] : undefined;
    if (sign !== undefined) signs[cell] = sign;
    else if (drawn !== undefined) signs[cell] = twin === undefined ? drawn : signs[twin];
    else signs[cell] = rule.otherwise as Sign;
  }
  return { signs, notes: notesOf(rule, unnamed) };
}

const shareOf = ({ otherwise }: SignRule) => (typeof otherwise === "number" ? 0 : otherwise.inhibitoryShare);

function notesOf({ column, otherwise }: SignRule, unnamed: ReadonlyMap<string, number>): string[] {
  if (unnamed.size === 0) return [];
  const often = [...unnamed].sort((a, b) => b[1] - a[1]);
  const cells = often.reduce((sum, [, count]) => sum + count, 0);
  const named = often.slice(0, 6).map(([text, count]) => `${text === "" ? `no ${column}` : text} ${count}`);
  const taken =
    typeof otherwise === "number"
      ? `taken as ${["inhibitory", "without fast current", "excitatory"][otherwise + 1]}`
      : `${100 * otherwise.inhibitoryShare} % of them inhibit, by seed ${otherwise.seed}`;
  return [
    `sign: ${cells} cells by the rule's else, ${taken}: ${named.join(", ")}${often.length > 6 ? ", ..." : ""}`,
  ];
}
