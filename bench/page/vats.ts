/**
 * Vats of the page over seeds: what a brain and all together have right, round by round, what they keep of the tune as one mind and as
 * many, and balls returned at Pong; beside untaught twins.
 */
import { bootstrapInterval } from "../../src/math/interval.ts";
import { mean } from "../../src/math/statistics.ts";
import { Choir, keptBy, MINDS, scoreOf } from "../../src/web/choir.ts";
import { NOTES } from "../../src/web/dish.ts";
import { VAT_SIZES, vatSeed } from "../../src/web/page/vat/sizes.ts";
import { ALONE_STEPS, LESSON_STEPS, PongVat } from "../../src/web/pong.ts";

const ROUNDS = 4;
const TUNE = Array.from({ length: NOTES }, (_, note) => note);
const STEP_MS = 100;

export async function measureVats(seeds: readonly number[]) {
  const vat = [];
  for (const size of VAT_SIZES) {
    const rows: Record<string, number>[][] = [];
    const realTime: number[] = [];
    for (const seed of seeds) {
      const [taught, twin] = [await roundsOf(size, seed, true), await roundsOf(size, seed, false)];
      realTime.push(taught.realTime);
      rows.push(
        taught.scores.map((score, round) => {
          const { together, one, many } = twin.scores[round];
          return { ...score, twin: together, twinOne: one, twinMany: many };
        }),
      );
      console.error(`page: ${size.brains} brains, seed ${seed}: ${JSON.stringify(rows.at(-1))}`);
    }
    const rounds = Array.from({ length: ROUNDS + 1 }, (_, round) => ({
      round,
      ...over(rows.map((row) => row[round])),
    }));
    vat.push({ ...size, realTime: mean(realTime), rounds });
  }
  return { vat, pong: await measurePong(seeds) };
}

async function roundsOf(size: (typeof VAT_SIZES)[number], seed: number, isTaught: boolean) {
  const choir = await Choir.grow({ ...size, seed: vatSeed(seed), isTaught }, TUNE);
  const scores: { alone: number; together: number; one: number; many: number }[] = [];
  let [steps, wallMs] = [0, 0];
  for (let round = 0; round <= ROUNDS; round++) {
    const begun = performance.now();
    if (round > 0) await choir.teach();
    const { alone, together } = scoreOf(await choir.ask(), size.brains);
    wallMs += performance.now() - begun;
    steps += together.length + (round > 0 ? NOTES : 0);
    const [one, many] = [await choir.playOn(MINDS[0]), await choir.playOn(MINDS[1])];
    const kept = [one, many].map((played) => shareOf(keptBy(played, TUNE).flat()));
    scores.push({ alone: mean(alone), together: shareOf(together), one: kept[0], many: kept[1] });
  }
  return { scores, realTime: (STEP_MS * steps) / wallMs };
}

const shareOf = (right: readonly boolean[]) => right.filter(Boolean).length / right.length;

async function measurePong(seeds: readonly number[]) {
  const rows: { taught: number; twin: number; untaught: number }[] = [];
  for (const seed of seeds) {
    const [taught, twin] = await Promise.all(
      [true, false].map(async (isTaught) => {
        const pong = await PongVat.grow({ ...VAT_SIZES[0], seed: vatSeed(seed), isTaught });
        const before = await returned(pong);
        for await (const _ of pong.play(LESSON_STEPS, true));
        return { before, after: await returned(pong) };
      }),
    );
    rows.push({ taught: taught!.after, twin: twin!.after, untaught: taught!.before });
    console.error(`page: pong, seed ${seed}: ${JSON.stringify(rows.at(-1))}`);
  }
  return { lessonSteps: LESSON_STEPS, ...over(rows) };
}

/** Share of the balls that came that were returned. */
async function returned(pong: PongVat): Promise<number> {
  let [hits, balls] = [0, 0];
  for await (const { event } of pong.play(ALONE_STEPS, false)) {
    if (event) balls++;
    if (event === "hit") hits++;
  }
  return hits / balls;
}

/** Means over seeds with 95 % bootstrap intervals. */
function over<Name extends string>(rows: readonly Readonly<Record<Name, number>>[]) {
  const names = Object.keys(rows[0]) as Name[];
  return Object.fromEntries(
    names.map((name) => {
      const values = rows.map((row) => row[name]);
      const { mean: centre, ci95 } = bootstrapInterval(values);
      return [name, { mean: centre, ci95 }];
    }),
  );
}
