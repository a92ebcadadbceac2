/** The task: the series beside the culture's prediction, the court that it plays on, the vat that it is part of, the page that it reads. */
import { useEffect } from "preact/hooks";
import { inOrder, labelOf } from "../../../../report/names.ts";
import { colourClass } from "../../../../report/page/style.ts";
import { seriesPlot } from "../../../../report/plot/series.ts";
import { WHOLE } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Empty, Figure, Fitted, SAVED_WIDTH } from "../../figures/figure.tsx";
import { want } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { CultureChooser, chosenCulture } from "../chooser.tsx";
import { Drawn } from "../drawn.tsx";
import type { ViewProps } from "../props.ts";
import { ReadingView } from "../reader/reading.tsx";
import { WritingView } from "../reader/writing.tsx";
import { Court } from "./court.tsx";
import { PlayedAgain } from "./played-again.tsx";
import { Screen } from "./screen.tsx";
import { Vat } from "./vat.tsx";

interface Predictions {
  readonly firstStep: number;
  readonly truth: readonly number[];
  readonly unit: string;
  readonly of: string;
  readonly predicted: Readonly<Record<string, readonly number[]>>;
}

export function TaskView(props: ViewProps) {
  const { experiment } = props.run;
  if (experiment === "reading") return <ReadingView {...props} />;
  if (experiment === "writing") return <WritingView {...props} />;
  return <WorldView {...props} />;
}

function WorldView({ model, route, run }: ViewProps) {
  const culture = chosenCulture(model, route);
  const isLive = run.state !== "saved";
  useEffect(() => {
    want(isLive ? [culture, WHOLE] : []);
    return () => want([]);
  }, [culture, run.name, isLive]);
  const series = predictionsOf(model, culture, run.cultures[culture]?.label ?? "");
  const court = model.courtOf(culture);
  const screen = model.screenOf(culture);
  const isReplayed = !court && model.played.size > 0;
  const hasNothing = !series && !court && !isReplayed && !screen && !model.population && !model.drawn;
  return (
    <>
      <CultureChooser model={model} run={run} culture={culture} />
      {hasNothing ? (
        <Empty>
          {run.experiment === "vat"
            ? "The brains are growing: they appear here, with how well they predict each other, once they step."
            : isLive
              ? "No probe yet: what the culture predicts of data that it has never seen appears here after the first."
              : "This run has no probe yet."}
        </Empty>
      ) : null}
      <div class="cards">
        {model.population ? <Vat model={model} run={run} /> : null}
        {court ? <Court model={model} culture={culture} /> : null}
        {isReplayed ? <PlayedAgain model={model} route={route} /> : null}
        {screen ? <Screen model={model} culture={culture} /> : null}
        {isLive ? null : <Drawn model={model} />}
        {series ? <Prediction series={series} task={String(run.config["series"] ?? "series")} /> : null}
      </div>
    </>
  );
}

/** Of this culture where it has been probed while we watch; else the ones that the report shows. */
function predictionsOf(model: Model, culture: number, label: string): Predictions | null {
  const probes = [...model.probes.values()].flatMap(({ culture: of, arm, shown }) =>
    of === culture && arm !== "common" && shown ? [{ arm, shown }] : [],
  );
  const first = probes[0]?.shown;
  if (first) {
    const predicted = Object.fromEntries(probes.map(({ arm, shown }) => [arm, shown.predicted]));
    return { firstStep: first.firstStep, truth: first.truth, unit: "value", of: label, predicted };
  }
  const figures = model.report?.report.series?.[0]?.figures;
  return figures?.series ? { ...figures.series, of: `seed ${figures.seed}` } : null;
}

function Prediction({ series, task }: { readonly series: Predictions; readonly task: string }) {
  const arms = inOrder(series.predicted);
  const draw = (width: number) =>
    seriesPlot({
      title: `Predicted and true next values of ${task}`,
      description: `Held-out steps, one strip for each of ${arms.map((name) => labelOf(name)).join(", ")}.`,
      width,
      firstStep: series.firstStep,
      truth: series.truth,
      xLabel: "step",
      yLabel: series.unit,
      strips: arms.map((arm) => ({
        label: labelOf(arm),
        class: colourClass(arm),
        values: series.predicted[arm] ?? [],
      })),
      stepped: series.unit === "class",
    });
  return (
    <Figure
      name="prediction"
      title="What the culture predicts"
      class="wide-card"
      aside={<span class="soft">{series.of}</span>}
      caption="Grey: the true next value. Dots: what the culture answered before it came, after training by each arm. Held-out steps, nothing is written."
      svg={() => draw(SAVED_WIDTH)}
      csv={() =>
        csv(
          ["step", `true (${series.unit})`, ...arms.map((arm) => `${arm} (${series.unit})`)],
          series.truth.map((value, t) => [
            series.firstStep + t,
            value,
            ...arms.map((arm) => series.predicted[arm]?.[t]),
          ]),
        )
      }
    >
      <Fitted draw={draw} />
    </Figure>
  );
}
