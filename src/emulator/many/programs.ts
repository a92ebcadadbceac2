/** The compiled programs of a joint emulator: made once for a task and number of brains, used for every seed. */
import type { ComputeDevice } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { createCoder } from "./coder.ts";
import { createDescent } from "./descent.ts";
import { createFitter } from "./fit.ts";
import { initModels } from "./models.ts";
import { JOINT_DEFAULTS, type JointShape } from "./shape.ts";

export type JointPrograms = Awaited<ReturnType<typeof compileJoint>>;

/** What the programs are compiled for. */
export type JointOptions = Pick<JointShape, "brains" | "bins" | "channels" | "places" | "classes" | "sight">;

export async function compileJoint(options: JointOptions, device: ComputeDevice) {
  const shape: JointShape = { ...JOINT_DEFAULTS, ...options };
  const { brains, bins, channels, places } = shape;
  const example = initModels(Random.of(0), shape, {
    steps: 1,
    brains,
    bins,
    channels,
    places,
    counts: new Float32Array(brains * bins * channels),
    data: new Float32Array(brains * places),
    written: new Float32Array(brains),
  });
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
