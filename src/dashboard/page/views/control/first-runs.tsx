/** Three first runs, each begun by one press: what is taught, and about how long it takes on two idle cores. */
import { organoidConfig, QUICK } from "../../../../experiment/organoid/config.ts";
import { QUICK_VAT, vatConfig } from "../../../../experiment/vat/config.ts";
import type { ExperimentKind } from "../../../protocol.ts";
import { send } from "../../state/connection.ts";
import type { Values } from "./form-fields.tsx";

interface FirstRun {
  readonly name: string;
  readonly text: string;
  readonly time: string;
  readonly experiment: ExperimentKind;
  readonly config: () => Values;
}

/** Read first, written to where it is needed: a method that has Henon right for half after 40 s. */
const HENON = {
  ...{ series: "henon", method: "learned-descent", rule: "depression-dominated" },
  ...{ seeds: 2, cycles: 3, passes: 3, presentations: 400, probeTrials: 120, babbleTrials: 300 },
  ...{ fitSteps: 150, retentionSeconds: 0, codes: ["assigned"], arms: ["descent", "sham"] },
};

const FIRST_RUNS: readonly FirstRun[] = [
  {
    name: "Noisy cycle",
    text: "Six cultures learn eight symbols that come in a circle and slip one time in five.",
    time: "20 s",
    experiment: "organoid",
    config: () => organoidConfig.parse({ ...QUICK }),
  },
  {
    name: "Henon",
    text: "Two cultures learn a chaotic map: each datum is read first, and written to where descent finds a need.",
    time: "40 s",
    experiment: "organoid",
    config: () => organoidConfig.parse(HENON),
  },
  {
    name: "Pong",
    text: "Eight cultures as one learn to return the ball; the court is drawn while they play.",
    time: "30 s",
    experiment: "vat",
    config: () => vatConfig.parse({ ...QUICK_VAT, task: "pong" }),
  },
];

export function FirstRuns({ isBusy }: { readonly isBusy: boolean }) {
  return (
    <section class="card" aria-labelledby="first-title">
      <div class="head">
        <h2 id="first-title">First runs</h2>
      </div>
      <div class="first-runs">
        {FIRST_RUNS.map(({ name, text, time, experiment, config }) => (
          <button
            key={name}
            type="button"
            disabled={isBusy}
            onClick={() => send({ kind: "start", experiment, config: JSON.parse(JSON.stringify(config())) })}
          >
            <b>{name}</b>
            <span>{text}</span>
            <span class="soft">{time}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
