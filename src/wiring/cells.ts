/** Cells by their names: 64-bit numbers exactly, blanks around names taken off. */
import { WiringError } from "./contract.ts";
import type { Value } from "./tables/contract.ts";

/** A number as its digits: with zeros in front it is a name. */
const WHOLE = /^(0|-?[1-9]\d{0,19})$/;
/** How a spreadsheet or a column of doubles spells a 64-bit number that it has lost. */
const LOST_DIGITS = /^[+-]?(\d+\.\d*|\.\d+|\d+(\.\d*)?e[+-]?\d+|nan|inf(inity)?)$/i;

export class Cells {
  /** Key by number where the name is one, so that no text is made of the ids of a binary column. */
  private readonly byNumber = new Map<bigint, number>();
  private readonly byText = new Map<string, number>();
  readonly names: string[] = [];

  /** `idsAreIntegers`: any other name is refused. `path` is the table that names come from. */
  constructor(
    private readonly path: string,
    private readonly idsAreIntegers = false,
  ) {}

  /** The index of a name, which is put in where it is new. */
  put(value: Value): number {
    const key = this.keyOf(value);
    const known = this.known(key);
    if (known >= 0) return known;
    const at = this.names.length;
    if (typeof key === "bigint") this.byNumber.set(key, at);
    else this.byText.set(key, at);
    return this.names.push(`${key}`) - 1;
  }

  /** The index of a name, -1 where there is none such. */
  find(value: Value): number {
    return this.known(this.keyOf(value));
  }

  private known(key: bigint | string): number {
    return (typeof key === "bigint" ? this.byNumber.get(key) : this.byText.get(key)) ?? -1;
  }

  private keyOf(value: Value): bigint | string {
    if (typeof value === "bigint") return value;
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
    const text = `${value ?? ""}`.trim();
    if (text === "") throw this.wrong("the name of a cell", text);
    const first = text.charCodeAt(0);
    if (
      (first >= 48 && first <= 57) ||
      first === 45 ||
      first === 43 ||
      first === 46 ||
      typeof value === "number"
    ) {
      if (WHOLE.test(text)) return BigInt(text);
      if (LOST_DIGITS.test(text)) throw this.wrong("an integer as the id of a cell", text);
    }
    if (this.idsAreIntegers) throw this.wrong("an integer as the id of a cell", text);
    return text;
  }

  private wrong(expected: string, text: string): WiringError {
    return new WiringError(
      `${this.path}: expected ${expected}, got ${JSON.stringify(text.slice(0, 60))}; a spreadsheet or doubles lose the last digits of 64-bit ids: take the table as it was published`,
    );
  }
}

/** A whole number of synapses. */
export function countIn(value: Value, path: string): number {
  const count =
    typeof value === "string" && value.trim() !== "" ? Number(value) : Number(value ?? Number.NaN);
  if (Number.isInteger(count) && count >= 0 && count < 2 ** 31) return count;
  throw new WiringError(
    `${path}: expected a whole number of synapses, got ${JSON.stringify(`${value}`.slice(0, 60))}; choose the column with --columns weight=...`,
  );
}
