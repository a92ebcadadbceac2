/** From the lines of a text table to the numbers of one column. */
import { TaskError } from "../../error.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const GAP = /^(|na|n\/a|null|none|missing|-|\.|\?)$/i;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

export class ColumnReader {
  /** The column's name, once a header line has been read. */
  header: string | undefined;
  private split: ((line: string) => string[]) | undefined;
  private index = 0;
  private width = 0;
  private lineNumber = 0;
  private emptyLine = 0;
  private count = 0;

  constructor(
    private readonly path: string,
    private readonly wanted: string | number | undefined,
  ) {}

  /** The number on the next line; undefined for a comment, the header and empty lines before or after the data. */
  read(line: string): number | undefined {
    this.lineNumber++;
    if (line.includes("\0")) this.fail("expected text, got binary data");
    if (line.startsWith("#")) return undefined;
    if (line.trim() === "") {
      if (this.count > 0) this.emptyLine ||= this.lineNumber;
      return undefined;
    }
    if (this.emptyLine > 0) {
      this.lineNumber = this.emptyLine;
      this.fail("gap in the series (an empty line); fill it or cut the series there");
    }
    if (!this.split && this.begin(line)) return undefined;
    const cells = this.split!(line);
    if (cells.length !== this.width)
      this.fail(`expected ${this.width} column${this.width > 1 ? "s" : ""}, got ${cells.length}`);
    this.count++;
    return this.number(cells[this.index]);
  }

  /** Finds separator and column by the first line; true if that line is a header. */
  private begin(line: string): boolean {
    this.split = splitter(line);
    const cells = this.split(line);
    this.width = cells.length;
    const numbers = cells.filter((cell) => NUMBER.test(cell)).length;
    const isHeader = cells.some((cell) => !NUMBER.test(cell) && !GAP.test(cell) && !NOT_FINITE.test(cell));
    if (isHeader && numbers > 0)
      this.fail("expected a header of names or a row of numbers, got both; add a header line of names");
    this.index = this.choose(cells, isHeader);
    if (isHeader) this.header = cells[this.index];
    return isHeader;
  }

  private choose(cells: readonly string[], isHeader: boolean): number {
    const { wanted } = this;
    const offered = isHeader
      ? cells.slice(0, 20).map(clip).join(", ") + (cells.length > 20 ? ", ..." : "")
      : `0 to ${cells.length - 1}`;
    if (wanted === undefined) {
      if (cells.length === 1) return 0;
      throw new TaskError(`${this.path}: ${cells.length} columns; choose one by --column (${offered})`);
    }
    const named = isHeader ? cells.indexOf(String(wanted)) : -1;
    if (named >= 0) return named;
    const index = /^\d+$/.test(String(wanted)) ? Number(wanted) : -1;
    if (index >= 0 && index < cells.length) return index;
    throw new TaskError(`${this.path}: no column ${JSON.stringify(wanted)}; there is ${offered}`);
  }

  private number(cell: string): number {
    if (GAP.test(cell))
      this.fail(`gap in the series (${JSON.stringify(cell)}); fill it or cut the series there`);
    if (NOT_FINITE.test(cell)) this.fail(`expected a finite number, got ${cell}`);
    if (!NUMBER.test(cell)) this.fail(`expected a number, got ${JSON.stringify(clip(cell))}`);
    const value = Number(cell);
    if (Math.abs(value) > 1e100) this.fail(`expected a number below 1e100, got ${clip(cell)}`);
    return value;
  }

  private fail(message: string): never {
    throw new TaskError(`${this.path}, line ${this.lineNumber}: ${message}`);
  }
}

/** How to cut the lines of a table whose first line is this one. */
function splitter(first: string): (line: string) => string[] {
  const unquoted = first.replace(/"[^"]*"/g, "");
  const separator = [",", ";", "\t"].find((candidate) => unquoted.includes(candidate));
  if (separator) return (line) => splitQuoted(line, separator);
  const words = first.trim().split(/\s+/);
  if (words.every((word) => NUMBER.test(word))) return (line) => line.trim().split(/\s+/);
  return (line) => [unquote(line)];
}

function splitQuoted(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells = [""];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) cells.push("");
    else cells[cells.length - 1] += character;
  }
  return cells.map(unquote);
}

function unquote(cell: string): string {
  const bare = cell.trim();
  return /^".*"$/.test(bare) ? bare.slice(1, -1).replaceAll('""', '"').trim() : bare;
}

/** One printable line of at most 40 characters. */
function clip(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");
  return line.length > 40 ? `${line.slice(0, 37)}...` : line;
}
