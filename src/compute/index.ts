/** The door of compute. Model code writes functions on `np`, `nn`, ... (jax.ts says how); everyone else compiles them. */
export { compile } from "./compile.ts";
export type {
  ArrayTree,
  CompileOptions,
  ComputeDevice,
  Program,
  Tensor,
  TensorData,
  Tensors,
  TensorTree,
} from "./contract.ts";
export { checkDevice } from "./device.ts";
export { ComputeDeviceError } from "./executor/onnxruntime.ts";
export { type PlainModel, plainModel } from "./export.ts";
export { Noise, type NoiseState } from "./noise.ts";
export type { OptimiserOptions } from "./optimiser.ts";
export { type ResidentProgram, residentProgram } from "./resident.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type SafetensorsFile,
  writeSafetensors,
} from "./safetensors.ts";
export { type WarmupCosine, warmupCosine } from "./schedules.ts";
export { elementType, full, scalar, sizeOf, tensor, zeros } from "./tensor.ts";
export {
  type LossResult,
  type StepResult,
  type TrainState,
  type TrainStep,
  type TrainStepSpec,
  trainStep,
} from "./train.ts";
export { flattenTensors, isTensor, leafPaths, mapTensors } from "./tree.ts";
