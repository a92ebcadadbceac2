/** Tables as text: CSV, TSV and their like, with a header, plain or gzipped. Quoted fields may hold separators, but no line ends. */
import { firstLines, lineBatches } from "../../recording/text/lines.ts";
import { WiringError } from "../contract.ts";
import type { Batch, Table } from "./contract.ts";

const SEPARATORS = ["\t", ";", ",", " "] as const;

export async function openText(path: string): Promise<Table> {
  const [first] = await firstLines(path, 1);
  if (first === undefined)
    throw new WiringError(`${path}: expected a table with a header, got an empty file`);
  if (first.includes("\0") || first.includes("\ufffd"))
    throw new WiringError(`${path}: expected a table (text, parquet or feather), got bytes that are no text`);
  const header = first.replace(/^\ufeff/, "");
  const separator = separatorOf(header);
  const columns = splitLine(header, separator);
  return { path, columns, batches: (wanted) => rowsOf(path, { columns, separator, wanted }) };
}

/** The one that the header holds most often. */
export function separatorOf(header: string): string {
  const often = SEPARATORS.map((separator) => header.split(separator).length);
  return SEPARATORS[often.indexOf(Math.max(...often))];
}

/** Fields of a line, blanks around them and quotes taken off. */
export function splitLine(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((field) => field.trim());
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === '"' && quoted && line[i + 1] === '"') field += line[i++];
    else if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      fields.push(field.trim());
      field = "";
    } else field += c;
  }
  fields.push(field.trim());
  return fields;
}

interface TextLayout {
  readonly columns: readonly string[];
  readonly separator: string;
  readonly wanted: readonly string[];
}

async function* rowsOf(path: string, { columns, separator, wanted }: TextLayout): AsyncGenerator<Batch> {
  const places = wanted.map((name) => columns.indexOf(name));
  let row = 0;
  for await (const lines of lineBatches(path)) {
    const values: string[][] = places.map(() => []);
    for (const line of lines) {
      if (line.trim() === "" || row++ === 0) continue;
      const fields = splitLine(line, separator);
      if (fields.length !== columns.length && !(fields.length === columns.length + 1 && fields.at(-1) === ""))
        throw new WiringError(
          `${path}, row ${row}: expected ${columns.length} values as in the header, got ${fields.length}; is the file whole?`,
        );
      for (let i = 0; i < places.length; i++) values[i].push(fields[places[i]]);
    }
    const rows = values[0]?.length ?? 0;
    if (rows > 0) yield { rows, columns: values };
  }
}
