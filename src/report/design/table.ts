/** An experiment over dishes and days on a terminal. */
import { type Cell, columns, type Paint } from "../columns.ts";
import { percent } from "../format.ts";
import { type DesignReport, MEASURE_LABELS, MEASURES } from "./schema.ts";
import { chances, headlineOf, isTold, points } from "./words.ts";

export function designTable(report: DesignReport, paint: Paint): string {
  const { name, arms, measures, sessions, control, chance } = report;
  const present = MEASURES.filter((measure) => measures[measure]);
  const head = ["", "sessions", ...present.map((measure) => `${MEASURE_LABELS[measure]}, %`)];
  const rows = arms.map((arm) => [
    arm,
    String(sessions.filter((session) => session.arm === arm && session.excluded === undefined).length),
    ...present.map((measure) => {
      const row = measures[measure].arms[arm];
      return row ? points(row).replace("+", "") : "–";
    }),
  ]);
  const cells = [head, ...rows].map((row, r) =>
    row.map((text): Cell => ({ text, ...(r === 0 && { paint: paint.dim }) })),
  );
  const differences = present.flatMap((measure) =>
    Object.entries(measures[measure].differences).map(
      ([arm, difference]) =>
        `  ${isTold(difference) ? "✓" : "≈"} ${MEASURE_LABELS[measure]}, ${arm} minus ${control}: ${points(difference)} points ${paint.dim(`(${chances(difference)})`)}`,
    ),
  );
  const excluded = sessions.flatMap(({ number, dish, excluded }) =>
    excluded === undefined ? [] : [`  session ${number} on ${dish} does not count: ${excluded}`],
  );
  return [
    paint.bold(headlineOf(report)),
    `${paint.bold(name)} ${paint.dim(`(${report.task}, chance ${percent(chance)} %, 95 % intervals)`)}`,
    columns(cells),
    ...[differences, excluded].flatMap((lines) => (lines.length > 0 ? [lines.join("\n")] : [])),
  ].join("\n\n");
}
