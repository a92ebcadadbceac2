/** The door of compute. Model code writes functions on `np`, `nn`, ... (jax.ts says how); everyone else compiles them. */

export { arithmetic } from "./arithmetic.ts";
export {
  type ArrayTree,
  COMPUTE_DEVICES,
  type CompileOptions,
  type ComputeDevice,
  type Program,
  type Tensor,
  type TensorData,
  type Tensors,
  type TensorTree,
} from "./contract.ts";
export { ComputeDeviceError } from "./executor/device-error.ts";
export { Noise, type NoiseState } from "./noise.ts";
export { compile } from "./programs/compile.ts";
export { checkDevice } from "./programs/device.ts";
export { type PlainModel, plainModel } from "./programs/export.ts";
export { type ResidentProgram, residentProgram } from "./programs/resident.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type SafetensorsFile,
  writeSafetensors,
} from "./tensors/safetensors.ts";
export { elementType, full, scalar, sizeOf, tensor, zeros } from "./tensors/tensor.ts";
export { flattenTensors, isTensor, leafPaths, mapTensors } from "./tensors/tree.ts";
export type { OptimiserOptions } from "./training/optimiser.ts";
export { type WarmupCosine, warmupCosine } from "./training/schedules.ts";
export {
  type LossResult,
  type StepResult,
  type TrainState,
  type TrainStep,
  type TrainStepSpec,
  trainStep,
} from "./training/train.ts";
