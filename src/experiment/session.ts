/** What the recording of a run says of itself. */
import { simulatedProfile } from "../device/simulated/array.ts";
import type { NwbSession } from "../recording/nwb/session.ts";
import type { OrganoidConfig } from "./config.ts";
import { zonesOf } from "./subject.ts";

/** A simulated culture has no date: its time begins here. */
const SIMULATED_EPOCH = "2000-01-01T00:00:00+00:00";

export function nwbSession(config: OrganoidConfig): NwbSession {
  const profile = simulatedProfile;
  const zones = zonesOf(profile, config.firstSeed);
  return {
    identifier: `wetgrad-organoid-${config.series}-${config.firstSeed}-${config.seeds}`,
    description: `Organoid cycle on ${config.series}: ${config.arms.join(", ")}; seeds ${config.firstSeed} to ${config.firstSeed + config.seeds - 1}. Simulated cultures: time is simulated, the date is not.`,
    startTime: SIMULATED_EPOCH,
    framesPerSecond: profile.framesPerSecond,
    device: {
      name: profile.name,
      description: `${profile.electrodes.length} electrodes, ${profile.preparation}`,
    },
    electrodes: profile.electrodes.map(({ channel, xUm, yUm }) => ({
      xUm,
      yUm,
      location: zones.sensory.includes(channel) ? "sensory zone" : "prediction zone",
    })),
    subject: {
      id: `seeds-${config.firstSeed}-${config.firstSeed + config.seeds - 1}`,
      description: `simulated culture, ${config.neurons} neurons, preset ${config.preset}`,
      age: `P${Math.round(config.div)}D`,
      species: "in silico",
    },
    keywords: ["simulated culture", "closed loop", "wetgrad"],
  };
}
