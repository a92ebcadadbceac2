/** One culture ready for every arm: it has babbled, and the emulator and the bridge were fitted on what it did. All arms begin from its snapshot. */
import { Random } from "../math/random.ts";
import { layoutFor } from "../protocol/layout.ts";
import { readingCulture } from "../reading/brain/culture-reading.ts";
import { applyRidgeMap } from "../reading/brain/ridge.ts";
import { Cultures, type CulturesState } from "../session/cultures.ts";
import { localTissue } from "../tissue/local.ts";
import type { StopFlag } from "../tissue/stop-flag.ts";
import type { Variant } from "./arms.ts";
import { babbleStrings } from "./babble.ts";
import { type Codes, codesOf, marked, WRITE_SIZE } from "./codes.ts";
import type { WritingConfig } from "./config.ts";
import { type Bridge, fitBridge } from "./models/bridge.ts";
import { fitPatches, PATCH_NUMBERS, type Patches } from "./models/patches.ts";
import { show } from "./presenting.ts";
import type { Stretches } from "./stretches.ts";
import { type KnownString, type Lesson, lessonOf, type Strings } from "./strings.ts";

export interface Subject {
  readonly seed: number;
  readonly cultures: Cultures;
  readonly codes: Codes;
  readonly lesson: Lesson;
  readonly patches: Patches;
  readonly bridge: Bridge;
  /** As it was when it had babbled and the contexts had been read. */
  readonly begin: CulturesState;
  /** e of places `[Z]`: as the untaught tissue was read; of those that were not, what babbling says of them. */
  contextPatch(places: readonly number[]): Float32Array;
  /** The program `[K]` that Dec_aux reads off counts `[C]` after a context. */
  decode(counts: Float32Array, places: readonly number[], reads?: Variant["reads"]): Promise<Float32Array>;
  /** The channels by which the patch is to move by a displacement. */
  electrodesFor(displacement: Float32Array): number[];
  close(): Promise<void>;
}

/** By which the synapses learn: of those tried, what was taught stays best with it. */
const RULE = "depression-dominated";
/** Eight groups, of which none is used: roles as all experiments divide them. */
const CLASSES = 8;

interface Opening {
  readonly seed: number;
  readonly stop: StopFlag;
  readonly isStopped: () => boolean;
  readonly stretches: Stretches;
}

export async function openSubject(
  { babbles, fitSteps, pairs }: WritingConfig,
  strings: Strings,
  { seed, stop, isStopped, stretches }: Opening,
): Promise<Subject> {
  const tissue = localTissue(stop);
  await tissue.open([{ ...readingCulture(seed), rule: RULE }]);
  const layout = layoutFor(tissue.profile(0), seed, CLASSES);
  const cultures = new Cultures(tissue, [layout], isStopped);
  const codes = codesOf(layout, strings, seed);
  const random = Random.of(seed, "writing");
  const own = { seed, cultures };
  const babbled = await stretches.keep(own, { arm: "common", phase: "babble" }, () =>
    babbleStrings(cultures, { strings, codes, rows: babbles }, random.split("babble")),
  );
  const patches = await fitPatches(babbled, fitSteps, random.split("patches"));
  const programs = Float32Array.from(strings.babbled.flatMap(({ program }) => [...program]));
  const bridge = await fitBridge(
    babbled,
    await patches.encode(babbled.counts),
    programs,
    random.split("bridge"),
  );
  const { sensory, prediction } = layout.roles;
  const lesson = lessonOf(strings, pairs, seed);
  const contexts = [...lesson.pairs.map(({ context }) => context), ...lesson.near, ...lesson.far];
  const met = await stretches.keep(own, { arm: "common", phase: "contexts" }, () =>
    readContexts(cultures, patches, codes, contexts),
  );
  const begin = await cultures.snapshot();
  const contextPatch = (places: readonly number[]) =>
    met.get(places.join()) ?? bridge.contextPatch(marked(places, sensory.length));
  return {
    seed,
    cultures,
    codes,
    lesson,
    patches,
    bridge,
    begin,
    contextPatch,
    async decode(counts, places, reads = "displacements") {
      const patch = await patches.encode(counts);
      const context = contextPatch(places);
      const read = reads === "patches" ? patch : patch.map((value, i) => value - context[i]);
      return applyRidgeMap(bridge.decoders[reads], read);
    },
    electrodesFor(displacement) {
      const pulsed = bridge.electrodesOf(displacement);
      return [...prediction.keys()]
        .sort((a, b) => pulsed[b] - pulsed[a] || a - b)
        .slice(0, WRITE_SIZE)
        .map((e) => prediction[e]);
    },
    async close() {
      await patches.dispose();
      await tissue.close();
    },
  };
}

/** Times that the patch of a context is read before anything is taught. */
const READINGS = 16;

/** The mean patch of each of some contexts, nothing written and plasticity off; by its places. */
async function readContexts(
  cultures: Cultures,
  patches: Patches,
  codes: Codes,
  contexts: readonly KnownString[],
): Promise<Map<string, Float32Array>> {
  const nameOf = (context: KnownString) => codes.placesOf(context).join();
  const sums = new Map(contexts.map((context) => [nameOf(context), new Float32Array(PATCH_NUMBERS)]));
  const each = new Map(contexts.map((context) => [nameOf(context), context]));
  for (let reading = 0; reading < READINGS; reading++)
    for (const [name, context] of each) {
      const trial = { text: context.text, target: "" };
      const places = codes.placesOf(context);
      const { read } = await show(cultures, { places, write: null, plasticity: 0, trial });
      const patch = await patches.encode(read);
      sums.get(name)?.forEach((sum, i, all) => {
        all[i] = sum + patch[i] / READINGS;
      });
    }
  return sums;
}
