/** Options of a command made from a schema: flags, help with its defaults, and texts read and checked. */
import { type Command, Option } from "commander";
import { z } from "zod";
import { faultOf, type Offered } from "../../experiment/fields/fault.ts";
import { choicesOf, kindOf } from "../../experiment/fields/kind.ts";
import { type FieldTexts, textsOf } from "../../experiment/fields/texts.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";

/** Options as commander hands them over: text, or true. */
export type OptionTexts = Readonly<Record<string, string | boolean | undefined>>;

/** Reads the text of a field in a way of its own. */
export type Readers = Readonly<Record<string, (text: string) => unknown>>;

/** Adds an option for every field of `schema`. */
export function withSchemaOptions(command: Command, schema: z.ZodObject): Command {
  for (const [name, field] of Object.entries(schema.shape)) command.addOption(optionOf(name, field));
  return command;
}

/** The values of those fields of `schema` that were given, not checked yet. */
export function readTexts(
  schema: z.ZodObject,
  texts: OptionTexts,
  readers: Readers = {},
): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const text = texts[new Option(flagOf(name, field)).attributeName()];
    if (text === undefined) continue;
    const read = readers[name];
    given[name] = typeof text === "string" ? (read ?? readerOf(kindOf(field).type))(text) : text;
  }
  return given;
}

/**
 * What `given` is by `schema`, where of some lists of names only those `offered` are open. Throws `UsageError` with the
 * first thing wrong.
 */
export function checkedBy<Schema extends z.ZodObject>(
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
  offered: Offered = {},
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue.path[0]);
    throw new UsageError(
      `${flagOf(name, schema.shape[name])}: ${faultOf(issue, { schema, given, offered })}`,
    );
  }
  for (const [name, names] of Object.entries(offered)) {
    const closed = (parsed.data[name] as readonly string[]).find((word) => !names.includes(word));
    if (closed !== undefined)
      throw wrongOption(flagOf(name, schema.shape[name]), `names out of ${names.join(", ")}`, closed);
  }
  return parsed.data;
}

/** Words with commas between. */
export function words(text: string): string[] {
  return text.split(",").map((word) => word.trim());
}

function flagOf(name: string, field: z.core.$ZodType): string {
  const { flag } = textsOf(name, field);
  return `--${flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function optionOf(name: string, field: z.core.$ZodType): Option {
  const texts = textsOf(name, field);
  const { type, required } = kindOf(field);
  const value = texts.value ?? placeholderOf(type);
  const flags = value === "" ? flagOf(name, field) : `${flagOf(name, field)} <${value}>`;
  const option = new Option(flags, helpOf(field, texts));
  return required && texts.otherwise === undefined ? option.makeOptionMandatory() : option;
}

function placeholderOf(type: z.core.$ZodType): string {
  if (type instanceof z.ZodBoolean) return "";
  if (type instanceof z.ZodNumber) return "n";
  return type instanceof z.ZodArray ? "a,b,..." : "name";
}

/** `which of the codes: assigned, free (default: all)`. */
function helpOf(field: z.core.$ZodType, { help, otherwise }: FieldTexts): string {
  const { type, standard } = kindOf(field);
  const choices = choicesOf(type);
  const text = choices ? `${help}: ${choices.join(", ")}` : help;
  const stands = otherwise ?? standardWords(standard, choices);
  return stands === "" ? text : `${text} (default: ${stands})`;
}

function standardWords(standard: unknown, choices?: readonly string[]): string {
  if (standard === undefined || standard === false) return "";
  if (!Array.isArray(standard)) return String(standard);
  return standard.length === choices?.length ? "all" : standard.join(",");
}

function readerOf(type: z.core.$ZodType): (text: string) => unknown {
  if (type instanceof z.ZodArray) {
    const read = readerOf(type.element);
    return (text) => words(text).map(read);
  }
  return type instanceof z.ZodNumber ? number : String;
}

/** What is no number stays the text that it is, for the schema to refuse. */
function number(text: string): unknown {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? text : value;
}
