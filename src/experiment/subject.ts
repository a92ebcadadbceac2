/** The subject of an experiment: one seed's culture on its device, and its task laid over the scaffold. */
import { Culture } from "../culture/culture.ts";
import type { CultureParameters } from "../culture/parameters.ts";
import { growCulture } from "../culture/presets.ts";
import type { Device, DeviceProfile } from "../device/contract.ts";
import { openDevice } from "../device/gate/open.ts";
import { quietCulture } from "../device/protocols/quieting.ts";
import type { SimulatedControls, SimulatedSnapshot } from "../device/simulated/controls.ts";
import { SimulatedMea } from "../device/simulated/driver.ts";
import { CONTEXT_SIZE, ELIGIBILITY_MS, FRAMES_PER_MS, PATTERN_SIZE } from "../protocol/protocol.ts";
import { type CodedTask, contextOf, presentationStep, type StepRange } from "../tasks/contract.ts";
import { openTask } from "../tasks/open.ts";
import { divideScaffold, type Zones } from "../tasks/zones.ts";
import type { OrganoidConfig } from "./config.ts";
import type { Live } from "./live/live.ts";

export interface Subject {
  readonly seed: number;
  readonly device: Device;
  readonly simulated: SimulatedControls;
  readonly task: CodedTask;
  readonly zones: Zones;
  /** The culture as it was before anything was asked of it. */
  readonly grown: SimulatedSnapshot;
}

/** A datum as it is presented: its places, the electrodes that carry them, and what comes next. */
export interface Datum {
  readonly places: readonly number[];
  readonly context: readonly number[];
  readonly nextClass: number;
  readonly step: number;
}

/** Grows the culture of a seed, lets it settle, and quiets it if it bursts: nothing can be taught through bursts. */
export async function prepareSubject(config: OrganoidConfig, seed: number, live: Live): Promise<Subject> {
  const tissue = growCulture({
    div: config.div,
    seed,
    neurons: config.neurons,
    preset: config.preset,
  });
  const culture = new Culture(tissue.anatomy, inTraining(tissue.parameters, config), seed);
  const isStopped = () => live.control.isStopped;
  const device = live.watch(
    openDevice(new SimulatedMea(culture, { seed, isStopped }), {
      ...(config.limits ? { limits: config.limits } : {}),
      isStopped,
    }),
  );
  const { simulated } = device;
  if (!simulated) throw new Error(`device ${device.profile.name}: expected a simulated culture`);
  const zones = zonesOf(device.profile, seed);
  const task = (await openTask({ series: config.series, column: config.column })).code(seed, {
    trainCount: config.cycles * config.presentations,
    testCount: config.probeTrials,
    sensoryCount: zones.sensory.length,
    activeCount: CONTEXT_SIZE,
  });
  await device.read(SETTLE_MS * FRAMES_PER_MS);
  if (config.preset === "default") await quietCulture(device, { seed });
  return { seed, device, simulated, task, zones, grown: simulated.snapshot() };
}

const SETTLE_MS = 3000;

/** The zones of a seed on an array of this profile. */
export function zonesOf({ electrodes, reservedChannels }: DeviceProfile, seed: number): Zones {
  return divideScaffold(electrodes, seed, {
    classCount: 8,
    electrodesPerClass: PATTERN_SIZE,
    reservedChannels,
  });
}

export function datumAt({ task, zones }: Pick<Subject, "task" | "zones">, step: number): Datum {
  const places = [...contextOf(task, step)];
  return { places, context: places.map((place) => zones.sensory[place]), nextClass: task.labels[step], step };
}

/** The data of presentations `[from, to)`, in the order of the series. */
export function presentations(subject: Subject, from: number, to: number): Datum[] {
  return Array.from({ length: to - from }, (_, i) =>
    datumAt(subject, presentationStep(subject.task, from + i)),
  );
}

/** The held-out data. */
export function heldOut(subject: Subject): Datum[] {
  return stepsOf(subject.task.test).map((step) => datumAt(subject, step));
}

function stepsOf({ start, end }: StepRange): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

/** Data `[n, S]`: 1 where the datum's place is pulsed. */
export function placeMatrix(data: readonly Datum[], sensoryCount: number): Float32Array {
  const matrix = new Float32Array(data.length * sensoryCount);
  data.forEach(({ places }, n) => {
    for (const place of places) matrix[n * sensoryCount + place] = 1;
  });
  return matrix;
}

/** Strongest excitatory synapse of the default culture in training, in leak conductances; alone it is half of that. */
export const TRAINING_MAXIMUM_WEIGHT = 1;

/**
 * The default culture, fitted to spontaneous activity, lets synapses grow to 0.5. In training they may grow to twice
 * that, so that three context electrodes can make a class fire; the report says so. Method `reward` has plasticity of
 * three factors.
 */
function inTraining(parameters: CultureParameters, { preset, method }: OrganoidConfig): CultureParameters {
  const plasticity = {
    ...parameters.plasticity,
    ...(preset === "default" ? { maximumWeight: TRAINING_MAXIMUM_WEIGHT } : {}),
    ...(method === "reward" ? { eligibility: { traceMs: ELIGIBILITY_MS } } : {}),
  };
  return { ...parameters, plasticity };
}
