/**
 * Enc_aux: a string's program to the displacement of the tissue's patch that writing the string makes, fitted on babbling.
 *
 * Legend: N rows, K numbers of a program, Z of a patch.
 */
import { compile, tensor, trainStep, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { batched } from "../../networks/batched.ts";
import { train } from "../../networks/train.ts";
import { initPerceptron, type Perceptron, perceptron } from "./perceptron.ts";

const BATCH = 64;
const STEPS = 600;
const LEARNING_RATE = 3e-3;
const HIDDEN = 64;

type Examples<Leaf> = { program: Leaf; displacement: Leaf };

/** Programs `[n, K]` -> displacements `[n, Z]`. */
export type EncAux = (programs: Float32Array) => Promise<Float32Array>;

export async function fitEncAux(
  { programs, displacements, rows }: { programs: Float32Array; displacements: Float32Array; rows: number },
  random: Random,
): Promise<{ readonly encode: EncAux; dispose(): Promise<void> }> {
  const [K, Z] = [programs.length / rows, displacements.length / rows];
  const step = await trainStep({
    loss: (p: Perceptron<JaxArray>, { program, displacement }: Examples<JaxArray>) =>
      np.square(perceptron(p, program).sub(displacement)).mean(),
    params: initPerceptron(random.split("init"), { inputs: K, hidden: HIDDEN, outputs: Z, gain: 0.3 }),
    batch: { program: zeros([BATCH, K]), displacement: zeros([BATCH, Z]) },
    optimiser: { weightDecay: 0.02, clipNorm: 5 },
  });
  const draws = random.split("batches");
  await train(STEPS, LEARNING_RATE, (learningRate) => {
    const drawn = Array.from({ length: BATCH }, () => draws.integer(rows));
    const batch = {
      program: tensor([BATCH, K], gatherRows(programs, K, drawn)),
      displacement: tensor([BATCH, Z], gatherRows(displacements, Z, drawn)),
    };
    return step.run(batch, { learningRate });
  });
  const fitted = step.params();
  await step.dispose();
  const program = await compile(
    (p: Perceptron<JaxArray>, x: JaxArray) => perceptron(p, x),
    [fitted, zeros([BATCH, K])],
  );
  return {
    encode: (given) =>
      batched(given, { size: BATCH, width: K, outWidth: Z }, (x) =>
        program.run(fitted, tensor([BATCH, K], x)),
      ),
    dispose: () => program.dispose(),
  };
}
