/** What a form asks for, checked by the schema of the command line. */
import { existsSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import type { z } from "zod";
import { faultOf } from "../../experiment/fields/fault.ts";
import { organoidConfig } from "../../experiment/organoid/config.ts";
import type { Experiment } from "../../experiment/plans.ts";
import { vatConfig } from "../../experiment/vat/config.ts";
import { METHODS } from "../../methods/descriptions.ts";
import { VAT_TASKS } from "../../tasks/descriptions.ts";
import { taskNames } from "../../tasks/series/open.ts";
import type { ExperimentKind } from "../protocol.ts";
import { RefusedError } from "./refused.ts";

/** The experiment of a form. Throws `RefusedError` that names the field. */
export function experimentOf(kind: ExperimentKind, given: unknown): Experiment {
  if (kind === "vat") {
    const config = parsed(vatConfig, given);
    refuseForeign(config.task, "task", VAT_TASKS);
    config.streams.forEach(checkStream);
    return { kind, config };
  }
  const config = parsed(organoidConfig, given);
  refuseForeign(config.method ?? "stimulate", "method", METHODS);
  checkSeries(config.series, "series");
  return { kind, config };
}

function parsed<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A name that is not known first: what is missing may be what it was meant to be.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue.code !== "unrecognized_keys") {
    const values = Object.assign({}, given);
    throw new RefusedError(faultOf(issue, { schema, given: values }), issue.path.join("."));
  }
  const names = issue.keys.map((key) => [...issue.path, key].join("."));
  throw new RefusedError(
    `expected fields of this version, got also ${names.join(", ")}: leave out what is not known`,
    names[0],
  );
}

/** What a file of `--with` has added in this process is run by the command line, which keeps what it ran. */
function refuseForeign(name: string, field: string, ours: readonly string[]): void {
  if (!ours.includes(name))
    throw new RefusedError(`expected one of ${ours.join(", ")}, got ${name}: it is run by --with`, field);
}

/** A stream may be `FILE:COLUMN`. */
function checkStream(stream: string): void {
  checkSeries(stream.replace(/(?<=..):[^:]*$/, ""), "streams");
}

/** A form may name a series that is built in, or a file below the working folder. */
function checkSeries(series: string, field: string): void {
  if ((taskNames as readonly string[]).includes(series)) return;
  const path = relative(".", series);
  if (path.startsWith("..") || isAbsolute(path) || !existsSync(path))
    throw new RefusedError(
      `expected one of ${taskNames.join(", ")}, or a file in the folder that the dashboard was started in, got ${series}`,
      field,
    );
}
