/** One dish, or a vat, beside the page: it grows and lives here, so that the page never halts. */
import { planCulture } from "../../culture/presets.ts";
import type { Driver } from "../../device/contract.ts";
import { openDevice } from "../../device/gate/open.ts";
import { growSimulated } from "../../device/simulated/grow.ts";
import { DEFAULT_SCAFFOLD, scaffolds } from "../../device/simulated/scaffolds.ts";
import type { Deed } from "../deeds.ts";
import { Dish } from "../dish.ts";
import type { Ask, Film, Flashes, Tell } from "./messages.ts";
import { bitsOf, learnedBy } from "./strengths.ts";
import { answerVat, isVatAsk } from "./vat/at-work.ts";
import type { VatAsk, VatTell } from "./vat/messages.ts";

const DAYS = 21;
/** Of the culture's own clock. */
const STEP_MS = 0.4;
/** Synapses that are drawn. */
const DRAWN = 5000;
/** A presentation takes this long in the tissue, and paced as long on the page. */
const PRESENTATION_MS = 100;

const tell = (message: Tell | VatTell) => postMessage(message);
let queue: Promise<unknown> = Promise.resolve();
let dish: Dish | undefined;
let grownStrengths: Float32Array | undefined;
let isShown = false;
/** Spikes since they were last taken: steps and cells. */
let steps: number[] = [];
let cells: number[] = [];

addEventListener("message", ({ data }: MessageEvent<Ask | VatAsk>) => {
  queue = queue
    .then(() => (isVatAsk(data) ? answerVat(data, tell) : answer(data)))
    .catch((error: unknown) =>
      tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
    );
});

async function answer(ask: Ask): Promise<void> {
  switch (ask.kind) {
    case "grow":
      return grow(ask);
    case "perform":
      return perform(ask.index, ask.deed, ask.isPaced);
    case "refusal":
      return tell({ kind: "refused", message: refusal() });
  }
}

async function grow({ seed, isTaught, isShown: shown }: Extract<Ask, { kind: "grow" }>): Promise<void> {
  isShown = shown;
  if (shown) tell(filmOf(seed));
  let told = 0;
  dish = await Dish.grow({
    seed,
    isTaught,
    onSpikes: (train) => {
      if (!isShown) return;
      for (let i = 0; i < train.steps.length; i++) {
        steps.push(train.steps[i]);
        cells.push(train.neurons[i]);
      }
      if (dish) return;
      const last = train.steps.at(-1);
      if (last === undefined || (last - told) * STEP_MS < PRESENTATION_MS) return;
      tell({ kind: "life", flashes: takeFlashes(told, (last - told) * STEP_MS) });
      told = last;
    },
  });
  takeFlashes(0, 0);
  grownStrengths = await dish.strengths();
  const { profile } = dish.layout;
  tell({
    kind: "grown",
    electrodes: profile.electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    neurons: scaffolds[DEFAULT_SCAFFOLD].neurons,
  });
}

async function perform(index: number, deed: Deed, isPaced: boolean): Promise<void> {
  if (!dish) throw new Error("internal: expected a dish that is grown");
  const start = performance.now();
  let n = 0;
  const framesPerMs = dish.layout.frames.perMs;
  let from = dish.frame;
  if (deed.kind === "rest" && isShown)
    for (let done = 0; done < deed.seconds; done += REST_SHARE_S) {
      // In parts, so that the page sees time pass; the same bits, for a rest is made of seconds.
      for await (const _ of dish.perform({
        kind: "rest",
        seconds: Math.min(REST_SHARE_S, deed.seconds - done),
      }));
      takeFlashes(0, 0);
      tell({ kind: "progress", index, share: Math.min(1, (done + REST_SHARE_S) / deed.seconds) });
    }
  else
    for await (const heard of dish.perform(deed)) {
      const flashes = isShown ? takeFlashes((from / framesPerMs / STEP_MS) | 0, PRESENTATION_MS) : null;
      from = dish.frame;
      if (isPaced) await until(start + n++ * PRESENTATION_MS);
      tell({ kind: "heard", index, heard, flashes });
    }
  takeFlashes(0, 0);
  const strengths = await dish.strengths();
  const learned =
    isShown && grownStrengths ? learnedBy(await dish.wiring(), grownStrengths, strengths) : null;
  tell({ kind: "done", index, learned, bits: bitsOf(strengths) });
}

const REST_SHARE_S = 10;

function until(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - performance.now())));
}

function takeFlashes(firstStep: number, durationMs: number): Flashes {
  const flashes = {
    neurons: Uint16Array.from(cells),
    atMs: Float32Array.from(steps, (step) => (step - firstStep) * STEP_MS),
    durationMs,
  };
  steps = [];
  cells = [];
  return flashes;
}

function filmOf(seed: number): Film {
  const { sheet, neurons } = scaffolds[DEFAULT_SCAFFOLD];
  const plan = planCulture({ seed, neurons, preset: "default", sheet });
  const born = Uint32Array.from(plan.bornDay.keys()).filter((k) => plan.bornDay[k] < DAYS);
  const every = Math.max(1, Math.floor(born.length / DRAWN));
  const some = born.filter((_, i) => i % every === 0);
  return {
    kind: "film",
    positionsMm: plan.positionsMm,
    excitatoryCount: plan.excitatoryCount,
    widthMm: sheet.widthMm,
    pre: Uint16Array.from(some, (k) => plan.pre[k]),
    post: Uint16Array.from(some, (k) => plan.post[k]),
    bornDay: Float32Array.from(some, (k) => plan.bornDay[k]),
  };
}

/** What the gate says to a driver that would stimulate a person: no type admits one, so this one is forced. */
function refusal(): string {
  const driver = growSimulated({ seed: 1, div: 7, neurons: 120 });
  const onPerson = Object.create(driver, {
    profile: { value: { ...driver.profile, name: "electrodes on a person", preparation: "person" } },
  }) as Driver;
  try {
    openDevice(onPerson);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("internal: expected the gate to refuse a person");
}
