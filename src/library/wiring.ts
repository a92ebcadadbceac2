/**
 * `wetgrad/wiring`: wiring diagrams of whole brains. `readWiring` opens the published layouts and tables of one's own, `loadWiring` the
 * format that `saveWiring` writes; a diagram is described, cut, rewired or made anew; `Engine` runs its cells, driven by events.
 *
 *     const wiring = loadWiring("larva.safetensors");
 *     const kenyon = selectCells(wiring, "class=KC");
 *     const engine = new Engine(drivingConnections(wiring), wiring.signs, { driven: kenyon });
 */
export { type CutOptions, cutWiring } from "../wiring/change/cut.ts";
export { type GenerateOptions, generateWiring } from "../wiring/change/generate.ts";
export { REWIRINGS, type RewireOptions, type Rewiring, rewire } from "../wiring/change/rewire.ts";
export {
  type Connections,
  drivingConnections,
  type Labels,
  type Layer,
  labelsNamed,
  type Wiring,
  WiringError,
  type WiringFacts,
} from "../wiring/contract.ts";
export { describeWiring, type WiringDescription } from "../wiring/describe.ts";
export { Engine, type EngineOptions, type EngineState } from "../wiring/engine/engine.ts";
export { type CellModel, SHIU } from "../wiring/engine/model.ts";
export { loadWiring } from "../wiring/file/load.ts";
export { saveWiring } from "../wiring/file/save.ts";
export { type ReadWiringOptions, readWiring } from "../wiring/layouts/read.ts";
export { selectCells } from "../wiring/select.ts";
export { parseSignRule, type Sign, type SignRule } from "../wiring/signs.ts";
