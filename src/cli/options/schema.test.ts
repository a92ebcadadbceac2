import { Command } from "commander";
import { expect, it } from "vitest";
import { z } from "zod";
import { fieldTexts } from "../../experiment/fields/texts.ts";
import { UsageError } from "../manners/errors.ts";
import { checkedBy, readTexts, withSchemaOptions } from "./schema.ts";

const schema = z.strictObject({
  dish: z.string().register(fieldTexts, { help: "the dish" }),
  pulses: z.int().min(2).default(8).register(fieldTexts, { help: "pulses in each volley" }),
  currentsUa: z
    .array(z.number().gt(0))
    .min(1)
    .optional()
    .register(fieldTexts, { flag: "currents", value: "uA,...", help: "currents", otherwise: "the gate's" }),
  zones: z
    .array(z.enum(["north", "south"]))
    .default(["north", "south"])
    .register(fieldTexts, { help: "zones" }),
  keepSpikes: z.boolean().default(false).register(fieldTexts, { help: "keep the spikes" }),
});

const command = () => withSchemaOptions(new Command("x").exitOverride(), schema);

const configOf = (...line: string[]) =>
  checkedBy(schema, readTexts(schema, command().parse(line, { from: "user" }).opts()));

it("spells an option out of its field: flag, value, help, choices, default", () => {
  const said = command().options.map(({ flags, description, mandatory }) => [flags, description, mandatory]);
  expect(said).toEqual([
    ["--dish <name>", "the dish", true],
    ["--pulses <n>", "pulses in each volley (default: 8)", false],
    ["--currents <uA,...>", "currents (default: the gate's)", false],
    ["--zones <a,b,...>", "zones: north, south (default: all)", false],
    ["--keep-spikes", "keep the spikes", false],
  ]);
});

it("reads texts into values, and leaves what is not given to the schema", () => {
  const standard = { dish: "a", pulses: 8, zones: ["north", "south"], keepSpikes: false };
  expect(configOf("--dish", "a")).toEqual(standard);
  const line = ["--dish", "7", "--pulses", "3", "--currents", "1, 2.5", "--zones", "south", "--keep-spikes"];
  expect(configOf(...line)).toEqual({
    dish: "7",
    pulses: 3,
    currentsUa: [1, 2.5],
    zones: ["south"],
    keepSpikes: true,
  });
});

it.each([
  [["--pulses", "many"], '--pulses: expected a whole number of at least 2, got "many"'],
  [["--pulses", "1"], '--pulses: expected a number of at least 2, got "1"'],
  [["--currents", "2,none"], '--currents: expected a number above 0, got "none"'],
  [["--currents", "2,-1"], '--currents: expected a number above 0, got "-1"'],
  [["--zones", "south,west"], '--zones: expected names out of north, south, got "west"'],
])("says what was expected and what it got: %j", (line, message) => {
  expect(() => configOf("--dish", "a", ...line)).toThrow(new UsageError(message));
});

it.each(["west", "south"])("offers and takes only the names that are open: %s", (zone) => {
  const given = { dish: "a", zones: ["north", zone] };
  expect(() => checkedBy(schema, given, { zones: ["north"] })).toThrow(
    new UsageError(`--zones: expected names out of north, got "${zone}"`),
  );
});

it("says of a field without texts that it has none", () => {
  const bare = z.strictObject({ depth: z.number() });
  expect(() => withSchemaOptions(new Command("x"), bare)).toThrow("field depth: expected texts");
});
