/** What a descent does, down to the bit: run in Node and in browsers, to be compared. */
import { flattenTensors } from "../../src/compute/tensors/tree.ts";
import { type DescentSettings, teachByDescent } from "../../src/web/descent.ts";
import { Dish } from "../../src/web/dish.ts";
import { hashBytes, hex } from "./hash.ts";

export interface DescentBits {
  /** Of every weight of emulator and bridge as fitted, and how many there are. */
  readonly weights: string;
  readonly weightCount: number;
  readonly fitLosses: readonly number[];
  /** Of every note that was descended on (nats). */
  readonly crossEntropy: readonly number[];
  /** The channels that were written to, note by note. */
  readonly writes: string;
  /** Of the strength of every synapse at the end. */
  readonly strengths: string;
}

export async function descentBitsOf(
  seed: number,
  neurons: number,
  settings: DescentSettings,
): Promise<DescentBits> {
  const dish = await Dish.grow({ seed, neurons });
  let [weights, weightCount] = ["", 0];
  const fitLosses: number[] = [];
  const crossEntropy: number[] = [];
  const writes: string[] = [];
  for await (const step of teachByDescent(dish, settings, "jaxjs"))
    if (step.kind === "fitted") {
      fitLosses.push(step.autoencoderLoss, step.dynamicsLoss);
      let sum: number | undefined;
      for (const { data } of flattenTensors(step.models).leaves) {
        const numbers = Float32Array.from(data as Float32Array);
        sum = hashBytes(new Uint8Array(numbers.buffer), sum);
        weightCount += numbers.length;
      }
      weights = hex(sum ?? 0);
    } else if (step.kind === "written") {
      crossEntropy.push(step.crossEntropy);
      writes.push(step.heard.pulsed.write.join(","));
    }
  const strengths = await dish.strengths();
  return {
    ...{ weights, weightCount, fitLosses, crossEntropy, writes: writes.join(" ") },
    strengths: hex(hashBytes(new Uint8Array(strengths.buffer))),
  };
}
