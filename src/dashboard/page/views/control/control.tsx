/** Control: the runs that there are, and a form to start another. */
import { send } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { go, hashOf, type Route } from "../../state/route.ts";
import { StartForm } from "./form.tsx";
import { Tune } from "./tune.tsx";

export function ControlView({ model }: { readonly model: Model; readonly route: Route }) {
  return (
    <div class="cards control">
      <div class="stack">
        <RunList model={model} />
        <Tune model={model} />
      </div>
      <StartForm model={model} />
    </div>
  );
}

function RunList({ model }: { readonly model: Model }) {
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
