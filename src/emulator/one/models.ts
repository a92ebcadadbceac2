/** The compiled programs of one worker: made once, used for every seed and code that it works on. */

import type { ComputeDevice } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { type BridgeParameters, createBridge, initBridge } from "./bridge.ts";
import type { BridgeShape } from "./bridge-model.ts";
import { CYCLE_SHAPE, type EmulatorParameters, initEmulator } from "./emulator.ts";
import { createFitter } from "./fit.ts";
import { createImprover } from "./improve.ts";
import type { NeuralStates } from "./states.ts";

export const EMULATOR_SHAPE = CYCLE_SHAPE;

/** An emulator and the bridge fitted on it. */
export interface Models {
  readonly emulator: EmulatorParameters;
  readonly bridge: BridgeParameters;
}

export type ModelPrograms = Awaited<ReturnType<typeof compileModels>>;

export async function compileModels(sensory: number, classes: number, device: ComputeDevice) {
  const { bins, channels, latents } = EMULATOR_SHAPE;
  const bridgeShape: BridgeShape = { sensory, latents, classes, hidden: 48 };
  const blank: NeuralStates = {
    bins,
    channels,
    counts: new Float32Array(bins * channels),
    written: new Float32Array(1),
  };
  const init = (random: Random, states: NeuralStates): Models => ({
    emulator: initEmulator(random.split("emulator"), EMULATOR_SHAPE, states),
    bridge: initBridge(random.split("bridge"), bridgeShape),
  });
  const example = init(Random.of(0), blank);
  const fitter = await createFitter(EMULATOR_SHAPE, example.emulator, device);
  const bridge = await createBridge(bridgeShape, example.bridge, device);
  const improver = await createImprover(
    EMULATOR_SHAPE,
    example.emulator,
    example.bridge.decoder,
    classes,
    device,
  );
  return {
    bridgeShape,
    init,
    fitter,
    coder: fitter.coder,
    bridge,
    improver,
    async dispose() {
      await fitter.dispose();
      await bridge.dispose();
      await improver.dispose();
    },
  };
}
