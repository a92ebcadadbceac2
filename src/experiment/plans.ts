/** From what a command was asked for to the plan of the experiment. */
import { DEFAULT_SCAFFOLD, neuronsOn } from "../device/simulated/scaffolds.ts";
import type { Plan } from "../session/plan.ts";
import { streamOf } from "../tasks/open.ts";
import type { Extension } from "./extensions/extension.ts";
import { conditionsOf, FIT_STEPS, type OrganoidConfig, QUIET_MINUTES } from "./organoid/config.ts";
import type { VatConfig } from "./vat/config.ts";
import { wiringOf } from "./wired/words.ts";

/** An experiment as a command asks for it. */
export type Experiment = (
  | { readonly kind: "organoid"; readonly config: OrganoidConfig }
  | { readonly kind: "vat"; readonly config: VatConfig }
) & {
  /** Files of one's own that it uses, loaded already; none if not given. */
  readonly extensions?: readonly Extension[] | undefined;
};

export function planOf(experiment: Experiment): Plan {
  return experiment.kind === "organoid" ? ofOrganoid(experiment.config) : ofVat(experiment.config);
}

function ofOrganoid({
  series,
  column,
  method = "stimulate",
  fitSteps = FIT_STEPS,
  dish,
  conditions,
  quietMinutes,
  ...asked
}: OrganoidConfig): Plan {
  const { tissue, places, answers, learn, synapseMv, ...config } = asked;
  const wiring = wiringOf({ ...asked, dish });
  return {
    ...config,
    ...(wiring && { wiring }),
    ...(conditionsOf({ dish, conditions }) === "dish" && { conditions: "dish" }),
    ...(dish !== undefined && { quietMinutes: quietMinutes ?? QUIET_MINUTES }),
    ...grownOn(config),
    method,
    task: "series",
    streams: [{ series, column }],
    brains: 1,
    fitSteps,
    record: true,
    after: ["untrained", "scrambled", "retention"],
  };
}

function grownOn({ scaffold = DEFAULT_SCAFFOLD, neurons }: Pick<OrganoidConfig, "scaffold" | "neurons">) {
  return { scaffold, neurons: neuronsOn(scaffold, neurons) };
}

function ofVat({ dishes: _, arena, perception, view, lives, engine, ...config }: VatConfig): Plan {
  return {
    ...config,
    ...grownOn(config),
    streams: config.streams.map(streamOf),
    ...(config.task === "doom" ? { game: gameOf({ arena, perception, view, lives, engine }) } : {}),
    method: "stimulate",
    codes: ["assigned"],
    retentionSeconds: 0,
    compute: "cpu",
    after: ["untrained"],
  };
}

/** What was said of the game. */
function gameOf(asked: Pick<VatConfig, "arena" | "perception" | "view" | "lives" | "engine">): Plan["game"] {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}
