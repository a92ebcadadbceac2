/** The experiment on a terminal. */
import { type Cell, columns, type Paint } from "../report/columns.ts";
import { pValue } from "../report/format.ts";
import { type CartpoleReport, type TestReport, verdictOf } from "./report.ts";

export function cartpoleTable(report: CartpoleReport, paint: Paint): string {
  const rows = Object.entries(report.arms).map(([name, arm]) => [
    name,
    ...testCells(arm.test),
    arm.blocked ? share(arm.blocked.over100) : "",
    arm.rested ? share(arm.rested.over100) : "",
    arm.trains.toFixed(0),
    arm.behindDescent ? `${share(arm.behindDescent)}, p ${pValue(arm.behindDescent.correctedP)}` : "",
  ]);
  const players = Object.entries(report.players).map(([name, { test }]) => [
    name,
    ...testCells(test),
    "",
    "",
    "",
    "",
  ]);
  const head = [
    "",
    "over 100 steps, %",
    "steps a fall",
    "blocked",
    "after rest",
    "trains",
    "descent minus it",
  ];
  const cells = [head, ...rows, ["without tissue", "", "", "", "", "", ""], ...players].map((row) =>
    row.map(
      (text): Cell => ({ text, ...((row === head || row[0] === "without tissue") && { paint: paint.dim }) }),
    ),
  );
  const { places, seeds } = report.config;
  return [
    paint.bold(verdictOf(report)),
    `${paint.bold("cart-pole")} ${paint.dim(`(${places} places, ${seeds} ${seeds === 1 ? "culture" : "cultures"}, a test without training, 95 % intervals)`)}`,
    columns(cells),
  ].join("\n\n");
}

function testCells({ over100, stepsPerFall }: TestReport): string[] {
  const [low, high] = stepsPerFall.ci95.map((end) => end.toFixed(0));
  return [share(over100), `${stepsPerFall.mean.toFixed(0)} [${low}, ${high}]`];
}

function share({ mean, ci95 }: { readonly mean: number; readonly ci95: readonly [number, number] }): string {
  return `${(100 * mean).toFixed(0)} [${ci95.map((end) => (100 * end).toFixed(0)).join(", ")}]`;
}
