/** What is compared: training steps written once here and once in PyTorch, and how far the two agree. */
import {
  type ComputeDevice,
  compile,
  flattenTensors,
  type LossResult,
  type Tensors,
  type TrainStepSpec,
  trainStep,
} from "../../src/compute/index.ts";
import { type Array as JaxArray, valueAndGrad } from "../../src/compute/jax.ts";
import { autoencoderCase, dynamicsCase, EMULATOR } from "./emulator.ts";
import { AUTOENCODER_IN_TORCH, DYNAMICS_IN_TORCH } from "./emulator-in-torch.ts";
import { type Stepper, type TorchPeer, torchPeer } from "./peer.ts";
import { TRANSFORMER, TRANSFORMER_IN_TORCH, transformerCase } from "./transformer.ts";

export interface Case {
  ours(device: ComputeDevice, threads: number): Promise<Stepper>;
  torch(threads: number): Promise<TorchPeer | null>;
  /** The loss and its gradients one after another, as `TorchPeer.start`. */
  start(): Promise<Float32Array>;
}

function caseOf<Params, Batch, Out extends LossResult, Frozen>(
  spec: TrainStepSpec<Params, Batch, Frozen, Out>,
  script: string,
  size: object,
): Case {
  const frozen = (spec.frozen ?? {}) as Tensors<Frozen>;
  const trees = [spec.params, spec.batch, frozen];
  const gradient = (params: Params, batch: Batch, given: Frozen) => {
    const scalar = (p: Params): JaxArray => {
      const result = spec.loss(p, batch, given);
      return "loss" in result ? result.loss : result;
    };
    return (valueAndGrad as unknown as (fn: typeof scalar) => (p: Params) => [JaxArray, Params])(scalar)(
      params,
    );
  };
  return {
    async ours(device, threads) {
      const step = await trainStep({ ...spec, device, threads });
      const once = () => step.run(spec.batch, { learningRate: 1e-3 });
      return timed(once, () => step.dispose());
    },
    torch: (threads) => torchPeer(script, size, flattenTensors(trees).leaves, threads),
    async start() {
      const program = await compile(gradient, [spec.params, spec.batch, frozen]);
      const { leaves } = flattenTensors(await program.run(spec.params, spec.batch, frozen));
      await program.dispose();
      return Float32Array.from(leaves.flatMap(({ data }) => [...data]));
    },
  };
}

async function timed(once: () => Promise<unknown>, stop: () => Promise<void>): Promise<Stepper> {
  for (let i = 0; i < 3; i++) await once();
  return {
    async step() {
      const [start, busy] = [performance.now(), process.cpuUsage()];
      await once();
      const { user, system } = process.cpuUsage(busy);
      return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
    },
    stop,
  };
}

export const CASES = {
  trainStep: caseOf(transformerCase(), TRANSFORMER_IN_TORCH, TRANSFORMER),
  emulatorStep: caseOf(autoencoderCase(), AUTOENCODER_IN_TORCH, EMULATOR),
  dynamicsStep: caseOf(dynamicsCase(), DYNAMICS_IN_TORCH, EMULATOR),
} as const satisfies Record<string, Case>;

/** How far two starts are apart: the losses, and the gradients as vectors, each relative to the second. */
export function apart(a: Float32Array, b: Float32Array): { loss: number; gradient: number } {
  let [difference, size] = [0, 0];
  for (let i = 1; i < Math.max(a.length, b.length); i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return { loss: Math.abs(a[0] / b[0] - 1), gradient: Math.sqrt(difference / size) };
}
