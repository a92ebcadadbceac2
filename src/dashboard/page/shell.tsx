/** What is around every view: which run, how it goes, where else to look, and STOP. */
import { useEffect } from "preact/hooks";
import { aloneScores } from "./state/alone.ts";
import { connect, isSite, send, stopNow, useModel } from "./state/connection.ts";
import type { Model } from "./state/model.ts";
import { go, hashOf, type Route, useRoute, VIEWS, type View } from "./state/route.ts";
import { ControlView } from "./views/control/control.tsx";
import { CultureView } from "./views/culture/culture.tsx";
import { EmulatorView } from "./views/emulator/emulator.tsx";
import { ExperimentView } from "./views/experiment/experiment.tsx";
import { ReadingCulture } from "./views/reader/reading.tsx";
import { TaskView } from "./views/task/task.tsx";

const NAMES: Readonly<Record<View, string>> = {
  culture: "Culture",
  emulator: "Emulator",
  task: "Task",
  experiment: "Experiment",
  control: "Control",
};

export function Shell() {
  const route = useRoute();
  const model = useModel();
  useEffect(() => connect(route.run), [route.run]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.repeat) return;
      event.preventDefault();
      stopNow();
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  }, []);
  useEffect(() => {
    document.title = `${NAMES[route.view]}${model.run ? ` · ${model.run.name}` : ""} · wetgrad`;
  });
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the figures
      </button>
      <Header model={model} route={route} />
      <main id="main" tabIndex={-1}>
        <Banner model={model} />
        {route.view === "control" || !model.run ? (
          <ControlView model={model} route={route} />
        ) : route.view === "culture" && model.run.experiment === "reading" ? (
          <ReadingCulture model={model} route={route} run={model.run} />
        ) : route.view === "culture" ? (
          <CultureView model={model} route={route} run={model.run} />
        ) : route.view === "emulator" ? (
          <EmulatorView model={model} route={route} run={model.run} />
        ) : route.view === "task" ? (
          <TaskView model={model} route={route} run={model.run} />
        ) : (
          <ExperimentView model={model} route={route} run={model.run} />
        )}
      </main>
    </>
  );
}

function Header({ model, route }: { readonly model: Model; readonly route: Route }) {
  const { run, progress } = model;
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const isOpening = route.run !== "" && run === null && model.refused === null;
  const isLive = run !== null && ["running", "paused", "stopping"].includes(run.state);
  return (
    <header>
      <div class="bar">
        {isSite ? (
          <span class="brand">wetgrad</span>
        ) : (
          <a class="brand" href={hashOf({ view: "control", run: "", chosen: {} })}>
            wetgrad
          </a>
        )}
        <span class="run">
          <b>{run ? run.name : isOpening ? `opening ${route.run} ...` : "no run open"}</b>
          <span class={`pill ${run?.state ?? ""}`} role="status">
            {model.isConnected ? (run?.state ?? "ready") : "not connected"}
          </span>
        </span>
        {isLive && progress ? (
          <span class="progress">
            <progress value={share} max={1} aria-label="Progress of the run" />
            <span>
              {(100 * share).toFixed(0)} % · {progress.message}
            </span>
          </span>
        ) : null}
        <Alone model={model} />
        <span class="actions">
          {isLive && run.state !== "stopping" ? (
            <button type="button" onClick={() => send({ kind: run.state === "paused" ? "resume" : "pause" })}>
              {run.state === "paused" ? "Resume" : "Pause"}
            </button>
          ) : null}
          {isSite ? (
            <a href="report.html">Report</a>
          ) : (
            <button
              type="button"
              class={isLive ? "stop" : "stop idle"}
              onClick={stopNow}
              aria-keyshortcuts="Escape"
              title="Stimulation off at once (Esc)"
            >
              STOP <kbd>Esc</kbd>
            </button>
          )}
        </span>
      </div>
      <nav aria-label="Views">
        {VIEWS.filter((view) => !isSite || view !== "control").map((view) => (
          <a
            key={view}
            href={hashOf({ ...route, view })}
            aria-current={view === (run ? route.view : "control") ? "page" : undefined}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              go({ view });
            }}
          >
            {NAMES[view]}
          </a>
        ))}
      </nav>
    </header>
  );
}

/** What the cultures say right alone, by their last probes, with sham beside it. */
function Alone({ model }: { readonly model: Model }) {
  const { taught, sham } = aloneScores(model);
  if (!taught) return null;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return (
    <span class="alone" title="Mean of the last probes, with no write; the culture alone">
      {taught.arm}, alone <b>{percent(taught.accuracy)}</b>
      {sham ? ` · sham ${percent(sham.accuracy)}` : ""}
    </span>
  );
}

/** What must be seen from every view: a stop, a failure, a request refused. */
function Banner({ model }: { readonly model: Model }) {
  const { run, refused, stopped } = model;
  const delays = [...stopped.values()].flatMap(({ requestedAtMs, lastDeliveredAtMs }) =>
    lastDeliveredAtMs === null ? [] : [Math.max(0, lastDeliveredAtMs - requestedAtMs)],
  );
  const isStopped = run?.state === "stopped" || run?.state === "stopping";
  return (
    <div aria-live="assertive">
      {isStopped ? (
        <p class="banner warning">
          <b>STOP.</b> Stimulation is off
          {delays.length > 0
            ? `; the last pulse passed the gate ${Math.max(...delays).toFixed(0)} ms after it was asked for`
            : ""}
          . {run.note}{" "}
          {run.state === "stopped" ? (
            <button type="button" onClick={() => send({ kind: "continue", name: run.name })}>
              Continue this run
            </button>
          ) : null}
        </p>
      ) : null}
      {run?.state === "failed" || (run?.state === "saved" && run.note) ? (
        <p class="banner warning">{run.note}</p>
      ) : null}
      {refused ? (
        <p class="banner error">
          {refused.path ? `${refused.path}: ` : ""}
          {refused.message}
        </p>
      ) : null}
    </div>
  );
}
