/** The head of every report. */
import { neuronsOn } from "../../device/simulated/scaffolds.ts";
import type { MethodDescription } from "../../methods/description.ts";
import { methodOf } from "../../methods/registry.ts";
import { REPORT_FORMAT, type Report } from "../../report/schema.ts";
import { type Extension, reportedConfig } from "../extensions/extension.ts";
import type { Outcome } from "../job/outcome.ts";
import type { OrganoidConfig } from "../organoid/config.ts";
import type { VatConfig } from "../vat/config.ts";

export interface HeadFacts {
  readonly config: OrganoidConfig | VatConfig;
  readonly extensions?: readonly Extension[] | undefined;
  readonly wetgradVersion: string;
  /** Of what the report is made of. */
  readonly outcomes: readonly Pick<Outcome, "arithmetic">[];
}

/** The head of a report on these arms of a method. */
export function headOf(
  { config, extensions, wetgradVersion, outcomes }: HeadFacts,
  method: string,
  arms: readonly string[],
): Pick<Report, "formatVersion" | "kind" | "wetgradVersion" | "config" | "arms" | "arithmetic"> {
  const neurons = neuronsOn(config.scaffold, config.neurons);
  const known: MethodDescription["arms"] = methodOf(method).arms;
  return {
    formatVersion: REPORT_FORMAT,
    kind: "experiment",
    wetgradVersion,
    arithmetic: [...new Set(outcomes.map(({ arithmetic }) => arithmetic))].sort(),
    config: JSON.parse(
      JSON.stringify(reportedConfig({ ...config, neurons }, extensions)),
    ) as Report["config"],
    arms: Object.fromEntries(
      arms.map((arm) => {
        const { label, meaning } =
          known[arm] ?? (arm === "scrambled" ? SCRAMBLED : { label: arm, meaning: "" });
        return [arm, { label, meaning }];
      }),
    ),
  };
}

/** No arm of a method: what is probed after descent. */
const SCRAMBLED = {
  label: "scrambled",
  meaning: "descent's learned weights, permuted within each neuron afterwards",
};
