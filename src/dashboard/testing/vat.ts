/** A vat of a hundred brains that plays Pong, made up: what a vat shows is drawn the same, whoever shows it. */

import { simulatedProfile } from "../../device/simulated/array.ts";
import { encodeFrame } from "../../experiment/live/frames.ts";
import { Random } from "../../math/random.ts";
import { Feed } from "../feed.ts";
import { WHOLE } from "../protocol.ts";

export const BRAINS = 100;
const LINKS = 400;
const SPIKES = 400;
/** Frames of device time in one step. */
const STEP = 2500;

export function madeUpVat(name: string) {
  const feed = new Feed();
  const random = Random.of(1, "made-up vat");
  const { electrodes, framesPerSecond } = simulatedProfile;
  feed.say({
    kind: "run",
    name,
    state: "running",
    experiment: "vat",
    config: {},
    note: "",
    cultures: Array.from({ length: BRAINS }, (_, i) => ({
      label: `brain ${i}`,
      seed: i + 1,
    })),
    electrodes: electrodes.map(({ channel, xUm, yUm }) => ({ channel, xUm, yUm })),
    device: simulatedProfile.name,
    framesPerSecond,
  });
  let startFrame = 0;
  const numbers = (n: number, most: number) =>
    Float32Array.from({ length: n }, () => most * random.uniform());
  const brains = (n: number) => Uint16Array.from({ length: n }, () => random.integer(BRAINS));
  /** One step of every brain. */
  const step = () => {
    const stamp = { startFrame, endFrame: startFrame + STEP };
    startFrame += STEP;
    feed.show(
      encodeFrame({
        type: "population",
        culture: WHOLE,
        ...stamp,
        rateHz: numbers(BRAINS, 10),
        score: numbers(BRAINS, 1),
        linkFrom: brains(LINKS),
        linkTo: brains(LINKS),
        linkStrength: numbers(LINKS, 1),
      }),
    );
    for (let culture = 0; culture < BRAINS; culture++) {
      feed.show(
        encodeFrame({
          type: "activity",
          culture,
          ...stamp,
          spikeOffsets: Uint32Array.from({ length: SPIKES }, () => random.integer(STEP)).sort(),
          spikeChannels: Uint16Array.from({ length: SPIKES }, () => random.integer(electrodes.length)),
          pulseOffsets: new Uint32Array(),
          pulseChannels: new Uint16Array(),
          pulseChargeNc: new Float32Array(),
        }),
      );
    }
    const [ballX, ballY, paddleY] = numbers(3, 1);
    feed.show(
      encodeFrame({
        type: "court",
        culture: 0,
        ...stamp,
        court: {
          ballX: ballX!,
          ballY: ballY!,
          paddleY: paddleY!,
          paddleSize: 0.2,
          hits: 3,
          misses: 1,
          rally: 2,
        },
      }),
    );
  };
  return { feed, step };
}
