/**
 * Fits the constants of a `LessonEmulator` on a babbling: lessons are gone through in their order, and the loss is the squared error of what
 * was read of each symbol when it came again. Exact gradients by going back through all lessons (the state's recursion is linear in the
 * state), Adam steps (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980), constants kept above 0.
 */
import { type Constants, GAIN, LessonEmulator, type Seen } from "./emulator.ts";

export interface Babbled {
  /** `[S, K]` and `[S, S]`, as the emulator's constructor takes them. */
  readonly first: Float64Array;
  readonly likeness: Float64Array;
  readonly symbols: number;
  readonly answers: number;
  readonly classes: number;
  readonly lessons: readonly Seen[];
}

export interface Fit {
  readonly constants: Constants;
  /** Mean squared error of the readings of the last quarter: of the fitted emulator, and of one that predicts no change by lessons. */
  readonly error: number;
  readonly errorWithoutChange: number;
}

const STEPS = 300;
const STEP_SIZE = 0.01;
const [DECAY_1, DECAY_2] = [0.9, 0.999];

export function fitEmulator(babbled: Babbled): Fit {
  let values = pack(LessonEmulator.untaught(babbled));
  const [m, v] = [new Float64Array(values.length), new Float64Array(values.length)];
  for (let step = 1; step <= STEPS; step++) {
    const { gradient } = lossOf(babbled, unpack(values));
    values = values.map((value, i) => {
      m[i] = DECAY_1 * m[i] + (1 - DECAY_1) * gradient[i];
      v[i] = DECAY_2 * v[i] + (1 - DECAY_2) * gradient[i] ** 2;
      const [mean, square] = [m[i] / (1 - DECAY_1 ** step), v[i] / (1 - DECAY_2 ** step)];
      return Math.max(0, value - (STEP_SIZE * mean) / (Math.sqrt(square) + 1e-8));
    });
  }
  const constants = unpack(values);
  const still = { ...constants, lowering: 0, raising: 0 };
  return {
    constants,
    error: lateError(babbled, constants),
    errorWithoutChange: lateError(babbled, still),
  };
}

/** The mean squared error, and its gradient by lowering, raising and reach, in this order. */
export function lossOf(
  { first, likeness, symbols, answers, classes, lessons }: Babbled,
  constants: Constants,
): { readonly loss: number; readonly gradient: Float64Array } {
  const emulator = new LessonEmulator({ symbols, answers, classes }, first, likeness, constants);
  const states: Float64Array[] = [];
  const errors: Float64Array[] = [];
  let loss = 0;
  const scale = 1 / (lessons.length * answers);
  for (const { symbol, read, doses } of lessons) {
    const error = read.map((value, k) => value - emulator.state[symbol * answers + k]);
    loss += scale * error.reduce((sum, value) => sum + value * value, 0);
    errors.push(error);
    emulator.observe(symbol, read);
    states.push(emulator.state.slice());
    emulator.learn(symbol, doses);
  }
  const gradient = new Float64Array(2 + answers * classes);
  // dL/dstate, from behind.
  const back = new Float64Array(symbols * answers);
  for (let n = lessons.length - 1; n >= 0; n--) {
    const { symbol, doses } = lessons[n];
    const state = states[n];
    for (let k = 0; k < answers; k++) {
      const reached = emulator.reached(k, doses);
      let byReached = 0;
      for (let t = 0; t < symbols; t++) {
        const at = t * answers + k;
        const { down, up } = emulator.pulls(symbol, t, k, state[at]);
        byReached += back[at] * (constants.lowering * down + constants.raising * up);
        gradient[0] += back[at] * reached * down;
        gradient[1] += back[at] * reached * up;
        back[at] *= 1 + reached * slopeOf(emulator, { symbol, t, k });
      }
      for (let j = 0; j < classes; j++) gradient[2 + k * classes + j] += byReached * doses[j];
    }
    for (let k = 0; k < answers; k++) {
      const at = symbol * answers + k;
      back[at] = back[at] * (1 - GAIN) - 2 * scale * errors[n][k];
    }
  }
  return { loss, gradient };
}

/** How a pull changes with the state: it is linear in it. */
function slopeOf(
  emulator: LessonEmulator,
  { symbol, t, k }: { readonly symbol: number; readonly t: number; readonly k: number },
): number {
  return emulator.pull(symbol, t, k, 1) - emulator.pull(symbol, t, k, 0);
}

function lateError(
  { first, likeness, symbols, answers, classes, lessons }: Babbled,
  constants: Constants,
): number {
  const emulator = new LessonEmulator({ symbols, answers, classes }, first, likeness, constants);
  const from = Math.floor(0.75 * lessons.length);
  let [sum, count] = [0, 0];
  lessons.forEach(({ symbol, read, doses }, n) => {
    if (n >= from)
      read.forEach((value, k) => {
        sum += (value - emulator.state[symbol * answers + k]) ** 2;
        count++;
      });
    emulator.observe(symbol, read);
    emulator.learn(symbol, doses);
  });
  return sum / count;
}

const pack = ({ lowering, raising, reach }: Constants) => Float64Array.of(lowering, raising, ...reach);
const unpack = (values: Float64Array): Constants => ({
  lowering: values[0],
  raising: values[1],
  reach: values.slice(2),
});
