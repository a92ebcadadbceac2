/**
 * Gradient descent in the teacher's place. The emulator is what play itself recorded: how many spikes each motor side answers to a pulse
 * on each sensory side, fitted by ridge regression on the windows so far. Played through the equations of the game, which are
 * differentiable, it says how far the pole will have leaned; the gradient of that by the four answers says which of them should be
 * stronger, and a train pairs that sensory side with that motor side. Nothing tells it which side catches the pole.
 */
import { compile, type Program, type Tensor, tensor } from "../compute/index.ts";
import { grad, type Array as JaxArray, np } from "../compute/jax.ts";
import { choleskySolve } from "../math/linear.ts";
import { CART, FORCE, GRAVITY, HALF_LENGTH, POLE, STEP_S, type State } from "./game.ts";
import type { Places } from "./places.ts";
import { type Trainer, WINDOW_MS, type Window } from "./session.ts";

/** Windows that are played on from each state of the fall. */
const AHEAD = 8;
/** States before the fall, from which it is played on. */
const FROM = 8;
/** An answer is smaller than so many spikes by chance: what the ridge is. */
const RIDGE = 5;
/** Windows that the fit looks back over. */
const MEMORY = 600;

/** Answers `[2 sensory, 2 motor]` spikes a pulse. */
export type Answers = Float64Array;

/** Mean squared angle over the next windows, from states `[n, 4]` on, with a tissue of these answers; pushes are bounded smoothly. */
function lean(answers: JaxArray, states: JaxArray, gain: number): JaxArray {
  const at = (matrix: JaxArray, column: number) => matrix.slice([], column);
  let [v, angle, turning] = [1, 2, 3].map((column) => at(states, column));
  let sum: JaxArray = np.zerosLike(angle);
  for (let k = 0; k < AHEAD; k++) {
    const pulses = [-1, 1].map((side) => {
      const rate = np.sin(angle).mul(side).add(0.15).mul(7);
      return rate.mul(rate).mul(WINDOW_MS / 1000);
    });
    const heard = [0, 1].map((motor) =>
      pulses[0].mul(answers.slice(0, motor)).add(pulses[1].mul(answers.slice(1, motor))),
    );
    const push = np.tanh(heard[1].sub(heard[0]).mul(gain));
    const [sin, cos] = [np.sin(angle), np.cos(angle)];
    const total = CART + POLE;
    const forced = push
      .mul(FORCE)
      .add(
        turning
          .mul(turning)
          .mul(sin)
          .mul(POLE * HALF_LENGTH),
      )
      .div(total);
    const inertia = np
      .square(cos)
      .mul(-POLE / total)
      .add(4 / 3)
      .mul(HALF_LENGTH);
    const turned = sin.mul(GRAVITY).sub(cos.mul(forced)).div(inertia);
    v = v.add(forced.sub(turned.mul(cos).mul((POLE * HALF_LENGTH) / total)).mul(STEP_S));
    angle = angle.add(turning.mul(STEP_S));
    turning = turning.add(turned.mul(STEP_S));
    sum = sum.add(angle.mul(angle));
  }
  return sum.mean();
}

export interface Descent extends Trainer {
  dispose(): Promise<void>;
}

/** The trainer of a session; `answers` are those that were measured before it. */
export async function descent({ sensory, motor }: Places, gain: number): Promise<Descent> {
  const program = await gradientProgram(gain);
  let seen: Window[] = [];
  return {
    async train({ windows }) {
      seen = [...seen, ...windows].slice(-MEMORY);
      const answers = fitAnswers(seen);
      const gradient = await gradientOf(program, answers, windows.slice(-FROM));
      let best = 0;
      for (let k = 1; k < gradient.length; k++) if (gradient[k] < gradient[best]) best = k;
      return gradient[best] < 0 ? [sensory[best >> 1], motor[best & 1]] : null;
    },
    dispose: () => program.dispose(),
  };
}

type GradientProgram = Program<[Tensor, Tensor], Tensor>;

async function gradientProgram(gain: number): Promise<GradientProgram> {
  const byAnswers = grad((answers: JaxArray, states: JaxArray) => lean(answers, states, gain));
  const example = [
    tensor([2, 2], new Float32Array(4)),
    tensor([FROM, 4], new Float32Array(4 * FROM)),
  ] as const;
  return (await compile(byAnswers as never, example as never)) as unknown as GradientProgram;
}

/** `[4]`: by answer, sensory side first. States are repeated where a fall was short. */
async function gradientOf(
  program: GradientProgram,
  answers: Answers,
  windows: readonly Window[],
): Promise<ArrayLike<number>> {
  const states = Float32Array.from(
    { length: 4 * FROM },
    (_, i) => windows[Math.floor(i / 4) % windows.length].state[i % 4],
  );
  const { data } = await program.run(tensor([2, 2], Float32Array.from(answers)), tensor([FROM, 4], states));
  return data;
}

/** The gradient of the lean by answers `[2, 2]`, from states on: what a train is chosen by. */
export async function gradientOfLean(
  answers: ArrayLike<number>,
  states: readonly State[],
  gain: number,
): Promise<ArrayLike<number>> {
  const program = await gradientProgram(gain);
  try {
    const windows = states.map((state): Window => ({ pulses: [0, 0], heard: [0, 0], state }));
    return Float32Array.from(await gradientOf(program, Float64Array.from(answers), windows));
  } finally {
    await program.dispose();
  }
}

/** Spikes of each motor side = background + answers to each sensory side, by ridge regression over windows. */
export function fitAnswers(windows: readonly Window[]): Answers {
  const answers = new Float64Array(4);
  for (const motor of [0, 1]) {
    const normal = new Float64Array(9);
    const cross = new Float64Array(3);
    for (const { pulses, heard } of windows) {
      const row = [pulses[0], pulses[1], 1];
      row.forEach((x, i) => {
        cross[i] += x * heard[motor];
        row.forEach((y, j) => {
          normal[3 * i + j] += x * y;
        });
      });
    }
    for (let i = 0; i < 3; i++) normal[4 * i] += RIDGE;
    const [first, second] = choleskySolve(normal, cross);
    answers[motor] = first;
    answers[2 + motor] = second;
  }
  return answers;
}
