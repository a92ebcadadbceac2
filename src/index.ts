/**
 * What `import ... from "wetgrad"` gives: the contracts, the ways to add a task or a method, and the experiments themselves.
 * examples/ shows a task and a method in some thirty lines each; docs/contributing says what else can be added, and where.
 */

// Tissue: where cultures are held.
export type { DeviceProfile, Frame, Pulse, Spikes } from "./device/contract.ts";
// What a method works with: the cultures step by step, the emulator, the protocol.
export type { Emulator, Sight } from "./emulator/contract.ts";
// Experiments.
export { RunError } from "./experiment/error.ts";
export type { Extension } from "./experiment/extensions/extension.ts";
export { loadExtensions } from "./experiment/extensions/load.ts";
export { type OrganoidConfig, organoidConfig } from "./experiment/organoid/config.ts";
export { type RunResult, runOrganoid } from "./experiment/organoid/run.ts";
export type { Experiment } from "./experiment/plans.ts";
export type { ProgressEvent } from "./experiment/progress.ts";
export { type Found, type RunHooks, runExperiment } from "./experiment/run.ts";
export { type VatConfig, vatConfig } from "./experiment/vat/config.ts";
export { runVat, type VatRunResult } from "./experiment/vat/run.ts";
export { Random, type RandomState } from "./math/random.ts";
// A method: how tissue is taught.
export {
  type Beginning,
  type Effort,
  type Method,
  type MethodNotes,
  NO_EFFORT,
  type Trained,
  type Training,
  type WriteLog,
} from "./methods/contract.ts";
export type { ArmDescription, MethodDescription, Needs } from "./methods/description.ts";
export { type Lesson, lessonsOf } from "./methods/lessons.ts";
export { FROZEN, LOW_PLASTICITY } from "./methods/plasticity.ts";
export { registerMethod } from "./methods/registry.ts";
export { type Shown, ShownSum, show } from "./methods/showing.ts";
export { channelsOf, type Layout } from "./protocol/layout.ts";
// A task: what cultures are asked.
export type { Datum, Protocol, Write } from "./protocol/protocol.ts";
export type { Roles } from "./protocol/roles.ts";
export { randomPattern } from "./session/babble.ts";
export type { Cultures, Presentation, Presented } from "./session/cultures.ts";
export type { Code, Plan } from "./session/plan.ts";
export { type Act, type Moment, type Walked, type WalkOptions, walk } from "./session/walk.ts";
export type {
  GameSamples,
  GameScore,
  GameView,
  Phase,
  Question,
  Said,
  Task,
  TaskMetric,
  World,
  WorldEvent,
} from "./tasks/contract.ts";
export { seriesOf } from "./tasks/contract.ts";
export { TaskError } from "./tasks/error.ts";
export {
  registerTask,
  type Stream,
  type TaskEntry,
  type TaskOpener,
  type TaskOptions,
} from "./tasks/open.ts";
export { countRallies } from "./tasks/pong/pong-game.ts";
export { type CodedSeries, contextOf, presentationStep } from "./tasks/series/contract.ts";
export type { CultureSpec, RefusedPulse, StepPlan, StepResult, Tissue } from "./tissue/contract.ts";
export type { TissuePlace } from "./tissue/place.ts";
export type { Ability, TissueProfile } from "./tissue/profile.ts";
