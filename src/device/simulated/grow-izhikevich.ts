/**
 * The second tissue (culture/izhikevich) on an array: what the protocol of a dish meets when nothing was fitted to it. It has no
 * controls: its plasticity cannot be turned down, it cannot be saved or put back, nobody can see or set its synapses.
 */
import { IzhikevichNetwork } from "../../culture/izhikevich/network.ts";
import { izhikevichDefaults } from "../../culture/izhikevich/parameters.ts";
import { CellsOnArray, type SimulatedMeaOptions } from "./cells-on-array.ts";
import { DEFAULT_SCAFFOLD, neuronsOn, type ScaffoldName, scaffolds } from "./scaffolds.ts";

export interface GrowIzhikevichOptions extends Pick<SimulatedMeaOptions, "seed" | "isStopped" | "onSpikes"> {
  /** `mea64` if not given. */
  readonly scaffold?: ScaffoldName | undefined;
  /** Minutes that it lives before it is put on the array: 20 bring its rates and weights to rest (cells of 1.75 Hz). */
  readonly settleMinutes?: number;
  /** Called after each of them. */
  readonly onMinute?: ((minute: number) => void) | undefined;
}

const MS_PER_MINUTE = 60_000;

/** The seed is that of places, synapses, input, and the array's noise. */
export function growIzhikevich({
  seed,
  scaffold = DEFAULT_SCAFFOLD,
  settleMinutes = 20,
  onMinute = () => {},
  isStopped,
  onSpikes,
}: GrowIzhikevichOptions): CellsOnArray {
  const { profile, sheet } = scaffolds[scaffold];
  const { widthMm, heightMm } = sheet;
  const parameters = { ...izhikevichDefaults, cells: neuronsOn(scaffold), widthMm, heightMm };
  const network = new IzhikevichNetwork(parameters, seed);
  for (let minute = 1; minute <= settleMinutes; minute++) {
    network.advance(MS_PER_MINUTE);
    onMinute(minute);
  }
  const about = {
    stepFrames: profile.framesPerSecond / 1000,
    places: network.wiring,
  };
  return new CellsOnArray(network, about, {
    seed,
    profile: { ...profile, name: `${profile.name}, second tissue` },
    onSpikes,
    ...(isStopped && { isStopped }),
  });
}
