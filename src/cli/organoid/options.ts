/** The options of `wetgrad organoid`, checked and made into an `OrganoidConfig`. */
import { join } from "node:path";
import type { z } from "zod";
import { METHODS, type OrganoidConfig, organoidConfig, QUICK } from "../../experiment/config.ts";
import { METHOD_ARMS } from "../../experiment/methods/arms.ts";
import { defaultRunName } from "../../experiment/run-name.ts";
import { UsageError } from "../manners/errors.ts";
import { readLimits } from "../options/limits.ts";

/** Options as commander hands them over: text, or true. */
export interface OrganoidOptions {
  readonly series?: string;
  readonly column?: string;
  readonly seeds?: string;
  readonly firstSeed?: string;
  readonly cycles?: string;
  readonly arms?: string;
  readonly code?: string;
  readonly presentations?: string;
  readonly probeTrials?: string;
  readonly babbleTrials?: string;
  readonly div?: string;
  readonly neurons?: string;
  readonly preset?: string;
  readonly retention?: string;
  readonly device?: string;
  readonly limits?: string;
  readonly method?: string;
  readonly stepBudget?: string;
  readonly quick?: boolean;
  readonly out?: string;
  readonly workers?: string;
  readonly live?: boolean;
  readonly json?: boolean;
}

type Key = keyof OrganoidConfig;
type Read = (text: string) => unknown;

const words: Read = (text) => text.split(",").map((word) => word.trim());
const number: Read = (text) => (/^[-+]?(\d|\.\d)/.test(text.trim()) ? Number(text) : text);

/** Option, configuration key, and how its text is read. */
const OPTIONS: readonly [Exclude<keyof OrganoidOptions, "quick" | "json" | "live">, Key, Read][] = [
  ["limits", "limits", readLimits],
  ["method", "method", String],
  ["stepBudget", "stepBudget", number],
  ["series", "series", String],
  ["column", "column", String],
  ["seeds", "seeds", number],
  ["firstSeed", "firstSeed", number],
  ["cycles", "cycles", number],
  ["arms", "arms", words],
  ["code", "codes", words],
  ["presentations", "presentations", number],
  ["probeTrials", "probeTrials", number],
  ["babbleTrials", "babbleTrials", number],
  ["div", "div", number],
  ["neurons", "neurons", number],
  ["preset", "preset", String],
  ["retention", "retentionSeconds", number],
  ["device", "device", String],
];

/** The experiment that `options` ask for. Throws `UsageError` with the first thing wrong. */
export function organoidConfigOf(options: OrganoidOptions): OrganoidConfig {
  const given: Record<string, unknown> = options.quick ? { ...QUICK } : {};
  for (const [option, key, read] of OPTIONS) {
    const text = options[option];
    if (text !== undefined) given[key] = read(text);
  }
  const method = METHODS.find((name) => name === given["method"]);
  // Each way to descend has arms of its own.
  if (method && method !== "stimulate" && options.arms === undefined)
    given["arms"] = [...METHOD_ARMS[method]];
  if (method === "stimulate") delete given["method"];
  const parsed = organoidConfig.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const [option] = OPTIONS.find(([, key]) => key === issue.path[0]) ?? [String(issue.path[0])];
  throw new UsageError(
    `${flagOf(option)}: expected ${expectation(issue)}, got ${JSON.stringify(options[option as "series"])}`,
  );
}

/** Worker threads asked for; undefined where the machine's cores decide. */
export function workersOf(options: OrganoidOptions): number | undefined {
  if (options.workers === undefined) return undefined;
  const workers = Number(options.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > 1024)
    throw new UsageError(
      `--workers: expected a whole number from 1 to 1024, got ${JSON.stringify(options.workers)}`,
    );
  return workers;
}

/** The folder of a run that names none: the same experiment finds its own again, another gets another. */
export function defaultFolder(config: OrganoidConfig): string {
  return join("runs", defaultRunName(config));
}

function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What zod wanted, in words. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      return issue.origin === "array" ? "at least one name" : `a number of at least ${issue.minimum}`;
    case "too_big":
      return `a number of at most ${issue.maximum}`;
    case "invalid_value":
      return `${issue.path.length > 1 ? "names out of " : "one of "}${issue.values.join(", ")}`;
    case "invalid_type":
      return issue.expected === "int" ? "a whole number" : `a ${issue.expected}`;
    default:
      return issue.message;
  }
}
