import { expect, test } from "vitest";
import type { TissueImage } from "../../device/simulated/image.ts";
import { Random } from "../../math/random.ts";
import type { Layout } from "../../protocol/layout.ts";
import type { CodedSeries } from "../../tasks/series/contract.ts";
import { holdingOf, joinedStrength, joinsOf } from "./holdings.ts";

const PLACES = 3;
const CLASSES = 2;
/** Channels 0 to 2 carry places, 3 and 4 classes; cells 0 to 5 lie at places in pairs, 6 to 9 at classes, 10 is inhibitory. */
const layout = { roles: { sensory: [0, 1, 2] } } as unknown as Layout;
const patterns = [[3], [4]];

function image(synapses: readonly (readonly [pre: number, post: number, strength: number])[]): TissueImage {
  return {
    anatomy: { excitatoryCount: 10 },
    parameters: { restMv: -65, thresholdMv: -50 },
    synapses: {
      pre: Uint16Array.from(synapses, ([pre]) => pre),
      post: Uint16Array.from(synapses, ([, post]) => post),
      strength: Float32Array.from(synapses, ([, , strength]) => strength),
    },
    coupling: {
      reach: [0, 1, 2].map((channel) => ({
        channel,
        neurons: Uint16Array.of(2 * channel, 2 * channel + 1, (2 * channel + 2) % 6, 10),
        // The third is reached too weakly to fire.
        millivolts: Float32Array.of(20, 12, 5, 20),
      })),
      seenOn: Int16Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, -1, 4),
      detection: Float32Array.of(1, 1, 1, 1, 1, 1, 1, 0.5, 1, 1, 1),
    },
  } as unknown as TissueImage;
}

/** Steps of one place each; the next class of place p is `nextOf[p]`. */
function series(steps: readonly number[], nextOf: readonly number[]): CodedSeries {
  return {
    classCount: CLASSES,
    activeCount: 1,
    test: { start: 0, end: steps.length },
    contexts: Uint16Array.from(steps),
    labels: Uint8Array.from(steps, (place) => nextOf[place]),
  } as unknown as CodedSeries;
}

test("counts what joins cells that a place fires to cells that a class's electrodes see, and nothing else", () => {
  const random = Random.of(1, "holdings");
  const synapses = Array.from({ length: 200 }, () => {
    const [pre, post] = [random.integer(11), random.integer(11)];
    return [pre, post, (pre === 10 ? -1 : 1) * random.uniform()] as const;
  });
  const grown = image(synapses);
  const joins = joinsOf(grown, layout, patterns);
  const { count } = joins;
  const strength = joinedStrength(joins, grown.synapses.strength);
  for (let place = 0; place < PLACES; place++)
    for (let k = 0; k < CLASSES; k++) {
      const cells = k === 0 ? [6, 7] : [8];
      const ours = synapses.filter(
        ([pre, post]) => Math.floor(pre / 2) === place && pre < 10 && cells.includes(post),
      );
      const seen = (post: number) => (post === 7 ? 0.5 : 1);
      const at = place * CLASSES + k;
      expect(strength[at]).toBeCloseTo(
        ours.reduce((sum, [, post, value]) => sum + seen(post) * value, 0),
        5,
      );
      expect(count[at]).toBeCloseTo(
        ours.reduce((sum, [, post]) => sum + seen(post), 0),
        12,
      );
    }
});

test("what is taught to single synapses is lost in sums where one class has more of them", () => {
  // From place 0 five weak synapses onto class 0, one strong onto class 1; places 1 and 2 as they should.
  const many = Array.from({ length: 5 }, () => [0, 6, 0.3] as const);
  const taught = image([...many, [1, 8, 1], [2, 6, 1], [4, 8, 1]]);
  const joins = joinsOf(taught, layout, patterns);
  const all = series([0, 1, 2, 0], [1, 0, 1]);
  expect(holdingOf(joins, taught.synapses.strength, all)).toEqual({ summed: 0.5, perSynapse: 1 });
});

test("synapses that hold nothing are right by chance", () => {
  const joins = joinsOf(image([]), layout, patterns);
  const all = series([0, 1, 2, 0], [1, 0, 1]);
  expect(holdingOf(joins, new Float32Array(0), all)).toEqual({ summed: 0.5, perSynapse: 0.5 });
});
