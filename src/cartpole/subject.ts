/** The culture of a seed behind its gate, quieted, with its places: where every arm begins. */
import { quiet } from "../culture/parameters.ts";
import type { Device } from "../device/contract.ts";
import { openDevice } from "../device/gate/open.ts";
import { quietCulture } from "../device/protocols/quieting.ts";
import type { SimulatedControls, SimulatedSnapshot } from "../device/simulated/controls.ts";
import { growSimulated } from "../device/simulated/grow.ts";
import type { CartpoleConfig } from "./config.ts";
import { type Places, rankedPlaces, squarePlaces, trainingElectrodes } from "./places.ts";
import { sweep } from "./sweep.ts";

const [AGE_DAYS, SETTLE_SECONDS, OTHERS] = [21, 3, 5];
/** Room for what is taught: in leak conductances. */
const STRONGEST = 1;

export interface Subject {
  readonly seed: number;
  readonly device: Device;
  readonly simulated: SimulatedControls;
  readonly places: Places;
  /** With which the published trainer teaches. */
  readonly others: readonly number[];
  readonly begin: SimulatedSnapshot;
}

export async function openSubject(
  config: CartpoleConfig,
  seed: number,
  isStopped: () => boolean,
): Promise<Subject> {
  const { plasticity: rate, neurons, places: kind, sweepRepeats } = config;
  const { potentiation, depression } = quiet.plasticity;
  const device = openDevice(
    growSimulated({
      ...{ preset: "default", seed, div: AGE_DAYS, neurons, isStopped },
      plasticity: {
        maximumWeight: STRONGEST,
        potentiation: rate * potentiation,
        depression: rate * depression,
      },
    }),
  );
  const { simulated, profile } = device;
  if (!simulated) throw new Error("internal: a grown culture is a simulated one");
  await device.read(SETTLE_SECONDS * profile.framesPerSecond);
  await quietCulture(device, { seed });
  simulated.plasticity(1);
  const evoked = await sweep(device, sweepRepeats, seed);
  const places = kind === "square" ? squarePlaces(profile, seed) : rankedPlaces(evoked);
  const others = trainingElectrodes(evoked, places, OTHERS);
  return { seed, device, simulated, places, others, begin: simulated.snapshot() };
}
