/** Tables in text files as programs and spreadsheets write them: what separates fields, and whether 0,5 is a half. */
import { fields } from "./lines.ts";

export interface TextFormat {
  readonly separator: string | RegExp;
  readonly decimalComma: boolean;
}

const SEPARATORS = ["\t", ";", ","] as const;
const DECIMAL_COMMA = /^-?\d+,\d+$/;

/** By the first lines; `isHeader` says whether the fields of the first are those looked for. */
export function textFormat(
  lines: readonly string[],
  isHeader: (names: readonly string[]) => boolean,
): TextFormat | undefined {
  const separator = [...SEPARATORS, / +/].find((candidate) => isHeader(fields(lines[0] ?? "", candidate)));
  return separator === undefined ? undefined : { separator, decimalComma: hasDecimalComma(lines, separator) };
}

/** What separates the fields of rows that have no header; undefined where nothing does. */
export function rowFormat(lines: readonly string[]): TextFormat | undefined {
  const line = lines[0]?.trim() ?? "";
  const separator = [...SEPARATORS, /\s+/].find((candidate) =>
    typeof candidate === "string" ? line.includes(candidate) : candidate.test(line),
  );
  return separator === undefined ? undefined : { separator, decimalComma: hasDecimalComma(lines, separator) };
}

function hasDecimalComma(lines: readonly string[], separator: string | RegExp): boolean {
  return (
    separator !== "," &&
    lines.some((line) => fields(line, separator).some((field) => DECIMAL_COMMA.test(field)))
  );
}

/** NaN where the field is no number. */
export function numberIn(field: string | undefined, { decimalComma }: TextFormat): number {
  if (field === undefined || field === "") return Number.NaN;
  return Number(decimalComma ? field.replace(",", ".") : field);
}
