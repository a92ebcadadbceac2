/** `wetgrad/features`: sparse features of windows of spikes: found, kept in SAELens's layout, and what finding them is worth. */
export {
  type Consensus,
  type ConsensusFeature,
  type ConsensusOptions,
  findConsensus,
} from "../features/consensus.ts";
export {
  type Dictionary,
  type FitOptions,
  type Learner,
  type LearnerState,
  METHODS,
  type Method,
} from "../features/contract.ts";
export { FeatureError } from "../features/error.ts";
export { type FitWatch, fitDictionary, learnerFor } from "../features/fit.ts";
export { type KeptState, keptState } from "../features/folder/kept-state.ts";
export { loadDictionary, saveDictionary } from "../features/folder/saelens.ts";
export { type Matched, matchRows, type Rows } from "../features/scores/directions.ts";
export { type PlantedParts, type PlantedScore, scorePlanted } from "../features/scores/planted.ts";
export { type RecordingWindows, windowsOfRecording } from "../features/windows/recording.ts";
export { rolledWindows } from "../features/windows/surrogate.ts";
export { type Windows, windowsInMemory } from "../features/windows/windows.ts";
export type { PlantedWorld } from "../features/worlds/planted.ts";
export { type ToyOptions, toyWorld } from "../features/worlds/toy.ts";
