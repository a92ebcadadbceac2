/** Control: the runs that there are, some of them compared, and a form to start another. */
import { useEffect, useState } from "preact/hooks";
import { MOST_COMPARED } from "../../../protocol.ts";
import { send } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { go, hashOf, type Route } from "../../state/route.ts";
import { Comparison } from "./comparison.tsx";
import { FirstRuns } from "./first-runs.tsx";
import { StartForm } from "./form.tsx";
import { Tune } from "./tune.tsx";

export function ControlView({ model }: { readonly model: Model; readonly route: Route }) {
  const [compared, compare] = useState<readonly string[]>([]);
  useEffect(() => {
    if (compared.length > 1) send({ kind: "compare", names: [...compared] });
  }, [compared]);
  const { comparison } = model;
  return (
    <div class="cards control">
      <div class="stack">
        <RunList model={model} compared={compared} compare={compare} />
        <Tune model={model} />
      </div>
      <div class="stack wide">
        {compared.length > 1 && comparison ? <Comparison runs={comparison.runs} /> : null}
        <FirstRuns isBusy={model.runs?.live != null} />
        <StartForm model={model} />
      </div>
    </div>
  );
}

function RunList({
  model,
  compared,
  compare,
}: {
  readonly model: Model;
  /** Names of the runs that are laid over each other. */
  readonly compared: readonly string[];
  readonly compare: (names: readonly string[]) => void;
}) {
  const runs = model.runs?.runs ?? [];
  return (
    <section class="card" aria-labelledby="runs-title">
      <div class="head">
        <h2 id="runs-title">Runs</h2>
      </div>
      {model.runs === null ? <p class="empty">Looking for runs ...</p> : null}
      {model.runs !== null && runs.length === 0 ? (
        <p class="empty">No run here yet: start one beside this.</p>
      ) : null}
      <ul class="runs">
        {runs.map(({ name, state, series, headline, modifiedMs }) => (
          <li key={name}>
            {state === "finished" ? (
              <input
                type="checkbox"
                aria-label={`Compare ${name}`}
                title="Lay it over others"
                checked={compared.includes(name)}
                disabled={!compared.includes(name) && compared.length >= MOST_COMPARED}
                onChange={({ currentTarget: { checked } }) =>
                  compare(checked ? [...compared, name] : compared.filter((other) => other !== name))
                }
              />
            ) : null}
            <a
              href={hashOf({ view: state === "finished" ? "experiment" : "culture", run: name, chosen: {} })}
              aria-current={model.run?.name === name ? "true" : undefined}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                go({ view: state === "finished" ? "experiment" : "culture", run: name, chosen: {} });
              }}
            >
              {name}
            </a>
            <span class="soft">{series}</span>
            <time class="soft" dateTime={new Date(modifiedMs).toISOString()}>
              {new Date(modifiedMs).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}
            </time>
            <span class={`pill ${state}`}>{state}</span>
            {headline ? <span class="headline soft">{headline}</span> : null}
            {state === "unfinished" && !model.runs?.live ? (
              <button type="button" onClick={() => send({ kind: "continue", name })}>
                Continue
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
