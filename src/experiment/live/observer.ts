/** What is told of one culture's experiment while it goes: the observer (../observer.ts) that speaks through `Live`. */
import type { Cultures } from "../../session/cultures.ts";
import type { Observer } from "../job/observer.ts";
import type { Live } from "./live.ts";
import { probeMessage } from "./probe.ts";
import { weightMap } from "./weights.ts";
import { showWrite } from "./write.ts";

export function liveObserver(live: Live): Observer {
  return {
    place({ arm, cycle, phase }) {
      live.say({ about: "place", arm, cycle, phase });
    },
    async left(_, cultures) {
      live.flush();
      live.tellLedger();
      await showWeights(live, cultures);
    },
    fit(cycle, { autoencoderLoss, dynamicsLoss }) {
      live.say({ about: "fit", cycle, autoencoderLoss, dynamicsLoss });
    },
    write(cycle, write, cultures) {
      showWrite(live, cycle, write, cultures);
    },
    probed(place, probe, task) {
      const message = probeMessage(task, place, probe);
      if (message) live.say(message);
    },
  };
}

/** Sends the map of the weights, if anybody watches and they can be read. */
async function showWeights(live: Live, cultures: Cultures): Promise<void> {
  const { tissue, layouts } = cultures;
  const profile = tissue.profile(0);
  if (!live.isWatched || layouts.length > 1 || !profile.abilities.includes("synapses")) return;
  const image = await tissue.perform(0, { kind: "read-tissue" });
  const { side, mean } = weightMap(image, profile.electrodes);
  const frame = cultures.frameOf(0);
  live.show({
    type: "weights",
    culture: live.culture,
    startFrame: frame,
    endFrame: frame,
    from: side,
    to: side,
    mean,
  });
}
