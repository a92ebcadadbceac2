/** Runs that are chosen in the list, laid over each other: how one arm learned in each, and what was right at the end. */
import { useState } from "preact/hooks";
import { percent, significant } from "../../../../report/format.ts";
import { type Line, linePlot } from "../../../../report/plot/lines.ts";
import type { MessageOf } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Figure, Fitted, SAVED_WIDTH, TableFigure } from "../../figures/figure.tsx";

type Runs = MessageOf<"comparison">["runs"];

/** A colour and dash of each run. */
const MARKS = [
  { class: "descent" },
  { class: "teacher" },
  { class: "random" },
  { class: "descent", dash: "7 3" },
  { class: "teacher", dash: "7 3" },
  { class: "random", dash: "7 3" },
] as const;

export function Comparison({ runs }: { readonly runs: Runs }) {
  const arms = [...new Set(runs.flatMap(({ arms: all }) => all.map(({ arm }) => arm)))];
  const [chosen, choose] = useState("descent");
  const arm = arms.includes(chosen) ? chosen : (arms[0] ?? "");
  // One axis has one measure: that of the run chosen first.
  const drawn = runs.filter(({ metric }) => metric === runs[0]?.metric);
  const { metric = "", isShare = true } = drawn[0] ?? {};
  const plot = (width: number) => overlay(drawn, { arm, isShare, width });
  const left = runs.length - drawn.length;
  return (
    <>
      <Figure
        name="comparison"
        title="Runs compared"
        caption={`${metric}${isShare ? " (%)" : ""}; bands: 95 % intervals over seeds.${left > 0 ? ` ${left} of the runs count something else and stand in the table alone.` : ""} Runs may differ in more than one setting.`}
        svg={() => plot(SAVED_WIDTH)}
        csv={() => curvesCsv(drawn, arm)}
        aside={
          <label class="choice">
            arm{" "}
            <select value={arm} onChange={(event) => choose(event.currentTarget.value)}>
              {arms.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        }
      >
        <Fitted draw={plot} />
      </Figure>
      <TableFigure
        name="comparison-table"
        title="At the end, by arm"
        columns={["arm", ...runs.map((run) => `${run.label}: ${run.metric}${run.isShare ? ", %" : ""}`)]}
        rows={arms.map((name) => [
          name,
          ...runs.map((run) => {
            const end = run.arms.find((one) => one.arm === name)?.end;
            if (!end) return "–";
            const show = (value: number) => (run.isShare ? percent(value, 0) : significant(value));
            return end.lo === end.hi
              ? show(end.mean)
              : `${show(end.mean)} [${show(end.lo)}, ${show(end.hi)}]`;
          }),
        ])}
      />
    </>
  );
}

function overlay(
  runs: Runs,
  { arm, isShare, width }: { readonly arm: string; readonly isShare: boolean; readonly width: number },
): string {
  const lines = runs.flatMap(({ label, arms }, i): Line[] => {
    const curve = arms.find((one) => one.arm === arm)?.curve ?? [];
    if (curve.length === 0) return [];
    const column = (name: "mean" | "lo" | "hi") => curve.map((point) => point[name]);
    const x = curve.map(({ presentations }) => presentations);
    return [
      { label, ...MARKS[i % MARKS.length], x, mean: column("mean"), lo: column("lo"), hi: column("hi") },
    ];
  });
  if (lines.length === 0) return "";
  return linePlot({
    title: "Runs compared",
    description: `${arm} in each run, by presentations of training.`,
    width,
    height: 360,
    lines,
    xLabel: "presentations",
    yLabel: isShare ? "right (%)" : (runs[0]?.metric ?? ""),
    ...(isShare ? { yDomain: [0, 1] as const, yFormat: (value: number) => percent(value, 0) } : {}),
  });
}

function curvesCsv(runs: Runs, arm: string): string {
  return csv(
    ["run", "measure", "presentations", "mean", "95 % low", "95 % high"],
    runs.flatMap(({ label, metric, arms }) =>
      (arms.find((one) => one.arm === arm)?.curve ?? []).map(({ presentations, mean, lo, hi }) => [
        label,
        metric,
        presentations,
        mean,
        lo,
        hi,
      ]),
    ),
  );
}
