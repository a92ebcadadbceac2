/** What a dish and its gate do, down to the bit: run in Node and in browsers, to be compared. */
import { openDevice } from "../../src/device/gate/open.ts";
import { UnsafePulse } from "../../src/device/gate/unsafe-pulse.ts";
import { growSimulated } from "../../src/device/simulated/grow.ts";
import { pulsesFor } from "../../src/device/stimulation.ts";
import { Random } from "../../src/math/random.ts";
import { readDeeds } from "../../src/web/deeds.ts";
import { Dish, NOTES } from "../../src/web/dish.ts";
import { hashBytes, hex } from "./hash.ts";

export interface Bits {
  /** FNV-1a of the steps and cells of all spikes. */
  readonly spikes: string;
  readonly spikeCount: number;
  /** Of the strength of every synapse at the end. */
  readonly strengths: string;
  /** Of the whole state as bytes. */
  readonly snapshot: string;
  readonly said: string;
  /** The gate's books of a thousand pulses drawn at random, and what it refused. */
  readonly gate: string;
}

export async function bitsOf(seed: number, neurons: number, deeds: string): Promise<Bits> {
  let spikes: number | undefined;
  let spikeCount = 0;
  const dish = await Dish.grow({
    seed,
    neurons,
    onSpikes: (train) => {
      spikes = hashBytes(
        new Uint8Array(train.steps.buffer),
        hashBytes(new Uint8Array(train.neurons.buffer), spikes),
      );
      spikeCount += train.steps.length;
    },
  });
  let said = "";
  for (const deed of readDeeds(deeds, NOTES))
    for await (const heard of dish.perform(deed)) said += heard.said;
  const strengths = await dish.strengths();
  return {
    spikes: hex(spikes ?? 0),
    spikeCount,
    strengths: hex(hashBytes(new Uint8Array(strengths.buffer))),
    snapshot: hex(hashBytes(await dish.snapshot())),
    said,
    gate: await gateOf(seed),
  };
}

/** Pulses at random, dense enough that the gate refuses many. */
async function gateOf(seed: number): Promise<string> {
  const device = openDevice(growSimulated({ seed, div: 21, neurons: 120 }));
  const random = Random.of(seed, "gate");
  const refused: string[] = [];
  for (let i = 0; i < 1000; i++) {
    const channel = random.integer(66);
    const [pulse] = pulsesFor([channel % 64], 1, device.now() + random.integer(400), device.profile);
    try {
      await device.stimulate([{ ...pulse, channel }]);
    } catch (error) {
      if (!(error instanceof UnsafePulse)) throw error;
      refused.push(`${error.rule} ${error.channel} ${error.frame}`);
    }
    if (i % 10 === 9) await device.read(device.now() + 25);
  }
  return `${refused.length} ${hex(hashBytes(new TextEncoder().encode(JSON.stringify([refused, device.ledger()]))))}`;
}
