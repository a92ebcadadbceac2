/** The compiled programs of one worker: made once, used for every seed and code that it works on. */

import type { ComputeDevice } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { type BridgeParameters, createBridge, initBridge } from "./bridge.ts";
import type { BridgeShape } from "./bridge-model.ts";
import { CYCLE_SHAPE, type EmulatorParameters, type EmulatorShape, initEmulator } from "./emulator.ts";
import { createFitter } from "./fit.ts";
import { createImprover } from "./improve.ts";
import type { NeuralStates } from "./states.ts";

/** An emulator and the bridge fitted on it. */
export type Models = {
  readonly emulator: EmulatorParameters;
  readonly bridge: BridgeParameters;
};

export type ModelPrograms = Awaited<ReturnType<typeof compileModels>>;

/** What the programs of one culture are compiled for. */
export interface OneShape {
  readonly bins: number;
  /** Channels of the device. */
  readonly channels: number;
  /** Places of a datum. */
  readonly places: number;
  readonly classes: number;
}

export async function compileModels({ bins, channels, places, classes }: OneShape, device: ComputeDevice) {
  const shape: EmulatorShape = { ...CYCLE_SHAPE, bins, channels };
  const bridgeShape: BridgeShape = { sensory: places, latents: shape.latents, classes, hidden: 48 };
  const blank: NeuralStates = {
    bins,
    channels,
    counts: new Float32Array(bins * channels),
    written: new Float32Array(1),
  };
  const init = (random: Random, states: NeuralStates): Models => ({
    emulator: initEmulator(random.split("emulator"), shape, states),
    bridge: initBridge(random.split("bridge"), bridgeShape),
  });
  const example = init(Random.of(0), blank);
  const fitter = await createFitter(shape, example.emulator, device);
  const bridge = await createBridge(bridgeShape, example.bridge, device);
  const improver = await createImprover({ shape, classes, device }, example.emulator, example.bridge.decoder);
  return {
    shape,
    device,
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
