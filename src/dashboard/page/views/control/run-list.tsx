/** The runs that there are: opened, compared, continued, and called something. */
import { useState } from "preact/hooks";
import { type MessageOf, MOST_COMPARED } from "../../../protocol.ts";
import { send } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { go, hashOf } from "../../state/route.ts";
import { NoteForm } from "./note-form.tsx";

type Run = MessageOf<"runs">["runs"][number];

export function RunList({
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
        {runs.map((run) => (
          <Row
            key={run.name}
            run={run}
            isOpen={model.run?.name === run.name}
            canContinue={run.state === "unfinished" && !model.runs?.live}
            isCompared={compared.includes(run.name)}
            canCompare={compared.length < MOST_COMPARED}
            onCompare={(checked) =>
              compare(checked ? [...compared, run.name] : compared.filter((other) => other !== run.name))
            }
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly run: Run;
  readonly isOpen: boolean;
  readonly canContinue: boolean;
  readonly isCompared: boolean;
  readonly canCompare: boolean;
  readonly onCompare: (checked: boolean) => void;
}

function Row({ run, isOpen, canContinue, isCompared, canCompare, onCompare }: RowProps) {
  const { name, title, note, state, experiment, series, headline, modifiedMs } = run;
  const isReader = experiment === "reading" || experiment === "writing";
  const [isNoting, setNoting] = useState(false);
  const view = isReader ? "task" : state === "finished" ? "experiment" : "culture";
  const to = { view, run: name, chosen: {} } as const;
  return (
    <li>
      {state === "finished" && !isReader ? (
        <input
          type="checkbox"
          aria-label={`Compare ${name}`}
          title="Lay it over others"
          checked={isCompared}
          disabled={!isCompared && !canCompare}
          onChange={({ currentTarget: { checked } }) => onCompare(checked)}
        />
      ) : null}
      <a
        href={hashOf(to)}
        aria-current={isOpen ? "true" : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go(to);
        }}
      >
        {title || name}
      </a>
      {title ? <span class="soft">{name}</span> : null}
      <span class="soft">{series}</span>
      <time class="soft" dateTime={new Date(modifiedMs).toISOString()}>
        {new Date(modifiedMs).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}
      </time>
      <span class={`pill ${state}`}>{state}</span>
      <span class="headline soft">{headline}</span>
      <button type="button" class="small" aria-label={`Name ${name}`} onClick={() => setNoting(!isNoting)}>
        Name
      </button>
      {note && !isNoting ? <span class="note">{note}</span> : null}
      {isNoting ? <NoteForm run={run} close={() => setNoting(false)} /> : null}
      {canContinue && !isReader ? (
        <button type="button" onClick={() => send({ kind: "continue", name })}>
          Continue
        </button>
      ) : null}
    </li>
  );
}
