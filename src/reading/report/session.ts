/** What an NWB file says of simulated cultures that read. */
import { DEFAULT_SCAFFOLD, type ScaffoldName, scaffolds } from "../../device/simulated/scaffolds.ts";
import { layoutFor } from "../../protocol/layout.ts";
import { type NwbSession, SIMULATED_EPOCH } from "../../recording/nwb/session.ts";
import { readingCulture } from "../brain/culture-reading.ts";

export interface ReadingSession
  extends Pick<NwbSession, "identifier" | "description" | "experimentDescription"> {
  readonly seeds: readonly number[];
  readonly scaffold?: ScaffoldName;
  /** What the halves of the chessboard are there for. */
  readonly zones: { readonly sensory: string; readonly prediction: string };
}

export function readingSession({
  seeds,
  scaffold = DEFAULT_SCAFFOLD,
  zones,
  description,
  ...session
}: ReadingSession): NwbSession {
  const { profile } = scaffolds[scaffold];
  const [first] = seeds;
  const { roles } = layoutFor(profile, first, 8);
  const { neurons, div } = readingCulture(first, scaffold);
  return {
    ...session,
    description: `${description} Time is simulated, the date is not.`,
    startTime: SIMULATED_EPOCH,
    framesPerSecond: profile.framesPerSecond,
    device: {
      name: profile.name,
      description: `${profile.electrodes.length} electrodes, ${profile.preparation}`,
    },
    electrodes: profile.electrodes.map(({ channel, xUm, yUm }) => ({
      xUm,
      yUm,
      location: roles.sensory.includes(channel)
        ? zones.sensory
        : roles.prediction.includes(channel)
          ? zones.prediction
          : "read only",
    })),
    subject: {
      id: seeds.length > 1 ? `seeds-${first}-${seeds[seeds.length - 1]}` : `seed-${first}`,
      description: `simulated ${seeds.length > 1 ? "cultures" : "culture"}, ${neurons} neurons`,
      age: `P${Math.round(div)}D`,
      species: "In silico",
    },
    keywords: ["simulated culture", "reading", "wetgrad"],
  };
}
