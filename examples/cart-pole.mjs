/**
 * A task of one's own: the continuous cart-pole of Robbins et al. 2026 (https://doi.org/10.1016/j.celrep.2026.116984), which the
 * vat balances with what most of its brains say.
 *
 *   wetgrad vat run --with examples/cart-pole.mjs --task cart-pole --brains 4
 *
 * As published: gravity 9.8, cart 1.0, pole 0.1, half its length 0.5, force 10, Euler steps of 20 ms, each start uniform in
 * +-0.05; the pole has fallen beyond 16 degrees, and a cart that leaves at +-2.4 comes in at the other side. Other than there the
 * push is whole, to the left or to the right, and one game step is one presentation of 100 ms.
 *
 * Each brain is given a place code of eight sites: which quarter of +-16 degrees the pole is in, and to which side it turns. A second
 * of balance is a hit, a fall is a miss: "hits per rally" are whole seconds from a start to the fall. Bounds of the same game (300
 * episodes of at most 4,500 steps): the right push never falls, nor does the best push for each site; random pushes fall after 22
 * steps (median), the same push always after 11, the side to which the pole leans after 58.
 */
import { countRallies, Random, registerTask, TaskError } from "wetgrad";

const [FALLEN, TRACK, STEP, SITES] = [(16 * Math.PI) / 180, 2.4, 0.02, 8];
const HIT_STEPS = 50;

const start = (random) => [0, 0, 0, 0].map(() => 0.1 * random.uniform() - 0.05);

/** Position, speed, angle and turning a step later. https://coneural.org/florian/papers/05_cart_pole.pdf, without friction. */
function move([x, v, angle, turning], push) {
  const [sin, cos, total] = [Math.sin(angle), Math.cos(angle), 1.1];
  const forced = (10 * push + 0.05 * turning ** 2 * sin) / total;
  const turned = (9.8 * sin - cos * forced) / (0.5 * (4 / 3 - (0.1 * cos ** 2) / total));
  const at = x + STEP * v;
  return [
    Math.abs(at) > TRACK ? -Math.sign(at) * TRACK : at,
    v + STEP * (forced - (0.05 * turned * cos) / total),
    angle + STEP * turning,
    turning + STEP * turned,
  ];
}

/** 0 pushes left, 1 right: the side to which the pole is on its way. */
const rightPush = ([, , angle, turning]) => (angle + 0.5 * turning > 0 ? 1 : 0);

function siteOf([, , angle, turning]) {
  const quarter = Math.min(3, Math.max(0, Math.floor(2 + (2 * angle) / FALLEN)));
  return 2 * quarter + (turning > 0 ? 1 : 0);
}

function cartPole({ brains, places, volleys }, seed) {
  const width = Math.floor(places / SITES);
  if (width < 1) throw new TaskError(`cart-pole: expected at least ${SITES} sensory electrodes, got ${places}`);
  const given = (site) => ({ places: Array.from({ length: width }, (_, i) => site * width + i), volleys });
  const all = Array.from({ length: brains }, (_, brain) => brain);
  return {
    name: "cart-pole",
    source: "eight sensory sites (where the pole is, to which side it turns), two motor regions",
    kind: "game",
    classes: 2,
    brains,
    sight: "all",
    questions: [{ name: "the push", answers: 2, brains: all, wordOf: (_, answer) => answer }],
    notes: ["A hit is a second of balance (50 steps of 20 ms), a miss is a fall; one step is one presentation."],
    score: countRallies,
    babble: (random) => given(random.integer(SITES)),
    world(phase, block) {
      const random = Random.of(seed, "cart-pole", phase, block);
      let [state, stood, turn] = [start(random), 0, 0];
      return {
        present: () => all.map(() => given(siteOf(state))),
        targets: () => new Int32Array(brains).fill(rightPush(state)),
        answers: () => [rightPush(state)],
        advance(said) {
          const votes = said.reduce((sum, word) => sum + (word === 1 ? 1 : -1), 0);
          state = move(state, Math.sign(votes) || (turn++ % 2 === 0 ? 1 : -1));
          if (Math.abs(state[2]) > FALLEN) {
            [state, stood] = [start(random), 0];
            return "miss";
          }
          return ++stood % HIT_STEPS === 0 ? "hit" : null;
        },
      };
    },
  };
}

registerTask({
  name: "cart-pole",
  kind: "game",
  meaning: "a pole is balanced on a cart",
  open: async (options) => (seed) => cartPole(options, seed),
});
