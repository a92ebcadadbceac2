/** The compiled programs of a vat: made once for a task and number of brains, used for every seed. */
import type { ComputeDevice } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { PLACES } from "../../tasks/worlds/contract.ts";
import { createCoder } from "./coder.ts";
import { createDescent } from "./descent.ts";
import { createFitter } from "./fit.ts";
import { initModels, type VatStates } from "./models.ts";
import { JOINT_DEFAULTS, type JointShape, type Sight } from "./shape.ts";

export type VatPrograms = Awaited<ReturnType<typeof compileVat>>;

export async function compileVat(
  brains: number,
  classes: number,
  sight: Sight,
  device: ComputeDevice = "cpu",
) {
  const shape: JointShape = { ...JOINT_DEFAULTS, brains, classes, sight, places: PLACES };
  const blank: VatStates = {
    steps: 1,
    counts: new Float32Array(brains * shape.bins * shape.channels),
    data: new Float32Array(brains * PLACES),
    written: new Float32Array(brains),
  };
  const example = initModels(Random.of(0), shape, blank);
  const coder = await createCoder(shape, example, device);
  const fitter = await createFitter(shape, example, coder, device);
  const descent = await createDescent(shape, example, device);
  return {
    shape,
    coder,
    fitter,
    descent,
    async dispose() {
      await descent.dispose();
      await fitter.dispose();
      await coder.dispose();
    },
  };
}
