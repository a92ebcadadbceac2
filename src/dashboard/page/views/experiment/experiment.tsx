/** The experiment: arms and seeds side by side, when what was done, what was stimulated, and how fast it goes. */

import { useEffect } from "preact/hooks";
import { inOrder } from "../../../../report/names.ts";
import type { CodeReport } from "../../../../report/schema/series.ts";
import type { Report } from "../../../../report/schema.ts";
import { learningPlot } from "../../../../report/series/learning.ts";
import { accuracyPlot } from "../../../../report/series/scores.ts";
import { csv } from "../../figures/export.ts";
import { Drawing, Empty, Figure } from "../../figures/figure.tsx";
import { isSite, want } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { choose } from "../../state/route.ts";
import { CultureChooser, chosenCulture } from "../chooser.tsx";
import { Drawn } from "../drawn.tsx";
import type { ViewProps } from "../props.ts";
import { Arms } from "./arms.tsx";
import { Latency } from "./latency.tsx";
import { Ledger } from "./ledger.tsx";
import { Timeline } from "./timeline.tsx";

export function ExperimentView({ model, route, run }: ViewProps) {
  const culture = chosenCulture(model, route);
  const isLive = run.state !== "saved";
  useEffect(() => {
    want(isLive ? [culture] : []);
    return () => want([]);
  }, [culture, run.name, isLive]);
  const codes = codesOf(model);
  const code = codes.find(({ code: name }) => name === route.chosen["code"]) ?? codes[0];
  return (
    <>
      {codes.length > 1 ? (
        <div class="chooser">
          <label class="choice">
            code{" "}
            <select value={code?.code} onChange={(event) => choose("code", event.currentTarget.value)}>
              {codes.map(({ code: name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
      ) : null}
      <div class="cards">
        {code && model.report ? (
          <Scores
            code={code}
            report={model.report.report}
            finished={model.report.finished}
            of={model.report.of}
            name={run.name}
            state={run.state}
          />
        ) : null}
        <Drawn model={model} />
        <Arms model={model} run={run} />
        <Timeline model={model} run={run} />
        <Ledger
          model={model}
          culture={culture}
          chooser={<CultureChooser model={model} run={run} culture={culture} />}
        />
        <Latency model={model} run={run} />
        <Log model={model} />
      </div>
    </>
  );
}

function codesOf({ report }: Model): CodeReport[] {
  if (!report) return [];
  return report.report.series ?? [];
}

interface ScoresProps {
  readonly code: CodeReport;
  readonly report: Report;
  readonly finished: number;
  readonly of: number;
  readonly name: string;
  readonly state: string;
}

function Scores({ code, report, finished, of, name, state }: ScoresProps) {
  const count =
    finished < of
      ? `${finished} of ${of} cultures have finished; intervals narrow as more do.`
      : `All ${of} cultures have finished.`;
  return (
    <>
      <Figure
        name="scores"
        title="What the culture alone predicts"
        caption={`Dots: means over seeds; bars: 95 % intervals; faint ticks: single seeds. ${count}`}
        svg={() => accuracyPlot(report, code)}
        csv={() => scoresCsv(code)}
        aside={
          state === "saved" || state === "finished" ? (
            <a
              class="soft"
              href={isSite ? "report.html" : `report/${encodeURIComponent(name)}`}
              target="_blank"
              rel="noreferrer"
            >
              whole report
            </a>
          ) : null
        }
      >
        <Drawing svg={accuracyPlot(report, code)} />
      </Figure>
      <Figure
        name="learning"
        title="Learning"
        caption={`Accuracy of the culture alone in the probe after each cycle; bands: 95 % intervals over seeds. ${count}`}
        svg={() => learningPlot(report, code)}
        csv={() => learningCsv(code)}
      >
        <Drawing svg={learningPlot(report, code)} />
      </Figure>
    </>
  );
}

function scoresCsv({ arms, baselines }: CodeReport): string {
  const all = {
    ...Object.fromEntries(Object.entries(arms).map(([name, { probe }]) => [name, probe])),
    ...baselines,
  };
  return csv(
    ["name", "accuracy", "95 % low", "95 % high", "NLL (nats)", "seeds"],
    inOrder(all).map((name) => {
      const { accuracy, nllNats } = all[name];
      return [name, accuracy.mean, ...accuracy.ci95, nllNats.mean, accuracy.perSeed.length];
    }),
  );
}

function learningCsv({ curves }: CodeReport): string {
  return csv(
    ["arm", "presentations", "accuracy", "95 % low", "95 % high"],
    inOrder(curves).flatMap((arm) => {
      const { presentations, accuracy } = curves[arm];
      return presentations.map((at, i) => [arm, at, accuracy.mean[i], accuracy.lo[i], accuracy.hi[i]]);
    }),
  );
}

function Log({ model }: { readonly model: Model }) {
  const lines = model.log.slice(-200).reverse();
  return (
    <section class="card" aria-labelledby="log-title">
      <div class="head">
        <h2 id="log-title">Events</h2>
      </div>
      {lines.length === 0 ? (
        <Empty>
          {model.run?.state === "saved"
            ? "The journal of this run has no events."
            : "Nothing has happened yet."}
        </Empty>
      ) : null}
      <ol class="log" reversed tabIndex={0} aria-label="Events, the latest first">
        {lines.map(({ atMs, level, text }, i) => (
          <li key={`${atMs}-${lines.length - i}`} class={level}>
            {atMs !== undefined ? (
              <time dateTime={new Date(atMs).toISOString()}>
                {new Date(atMs).toLocaleTimeString("en-GB")}
              </time>
            ) : null}{" "}
            {text}
          </li>
        ))}
      </ol>
    </section>
  );
}
