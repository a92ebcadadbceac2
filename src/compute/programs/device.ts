/** Whether a device is there, found out before any work is begun on it. */

import type { ComputeDevice } from "../contract.ts";
import type { Array as JaxArray } from "../jax.ts";
import { tensor } from "../tensors/tensor.ts";
import { compile } from "./compile.ts";

/** Runs the smallest of programs on `device`. Throws `ComputeDeviceError`, naming what is missing. */
export async function checkDevice(device: ComputeDevice): Promise<void> {
  const program = await compile((x: JaxArray) => x.add(x), [tensor([1], [1])], { device });
  await program.run(tensor([1], [1]));
  await program.dispose();
}
