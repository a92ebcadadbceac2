/**
 * Steps 1 to 3 of the cycle, before anything is taught: babble, fit the emulator on what was recorded, fix it, and
 * fit the bridge. What comes out is the common beginning of every arm.
 */
import { NOTHING, STRANGE } from "../../emulator/contract.ts";
import { Random } from "../../math/random.ts";
import type { Beginning } from "../../methods/contract.ts";
import { restingPlasticity } from "../../methods/plasticity.ts";
import { babble, randomPattern } from "../../session/babble.ts";
import { chooseFreeCode, FREE_PATTERNS } from "./codes.ts";
import type { Lab } from "./lab.ts";
import { rowsOf } from "./rows.ts";

/** Share of babbled writes in the assigned code that use no class's pattern. */
const STRANGE_SHARE = 0.2;

export async function begin<M, I>(lab: Lab<M, I>): Promise<Beginning<M>> {
  const { code, seed, cultures, emulator, task } = lab;
  const random = Random.of(seed, "begin", code);
  const { named, states, patternOf } = await babbleFor(lab, random);
  const N = cultures.layouts.length;
  let chosen = named.map((patterns) => patterns.map((_, p) => p));
  let classes = patternOf;
  const classesOf = (patches: Float32Array): Int32Array => {
    if (code === "free")
      chosen = named.map((patterns, brain) =>
        chooseFreeCode(
          { patches: rowsOf(patches, emulator.latents, brain, N), latents: emulator.latents },
          { patternOf: patternOf.filter((_, i) => i % N === brain), patterns: patterns.length },
          task.classes,
          streamOf(random.split("choose"), brain),
        ),
      );
    classes = patternOf.map((p, i) => (p < 0 ? p : classAt(chosen[i % N].indexOf(p))));
    return classes;
  };
  const { models, losses } = await emulator.begin(states, random, classesOf);
  return {
    state: await cultures.snapshot(),
    babbled: { states, classes },
    patterns: chosen.map((own, brain) => own.map((p) => [...named[brain][p]])),
    models,
    losses,
  };
}

/** Babbles as a run of this plan, seed and code does. `named`: `[N]` the patterns that may become classes. */
export async function babbleFor(
  { plan, code, cultures, task }: Pick<Lab<unknown, unknown>, "plan" | "code" | "cultures" | "task">,
  random: Random,
) {
  const named = cultures.layouts.map((layout, brain) =>
    code === "assigned"
      ? layout.roles.assigned
      : Array.from({ length: FREE_PATTERNS }, (_, p) =>
          randomPattern(layout, streamOf(random, brain).split(p)),
        ),
  );
  const babbled = await babble(
    cultures,
    {
      task,
      patterns: named,
      strangeShare: code === "assigned" ? STRANGE_SHARE : 0,
      steps: plan.babbleTrials,
      plasticity: restingPlasticity(plan),
    },
    random.split("babble"),
  );
  return { ...babbled, named };
}

/** The class that a chosen pattern stands for; `STRANGE` for the others. */
const classAt = (index: number) => (index === NOTHING ? STRANGE : index);

/** A stream for each brain; that of the first is the experiment's own. */
function streamOf(random: Random, brain: number): Random {
  return brain === 0 ? random : random.split(`brain ${brain}`);
}
