/** The experiment on a terminal. */
import { type Cell, columns, type Paint } from "../../report/columns.ts";
import { fixed, pValue, withInterval } from "../../report/format.ts";
import { verdictOf } from "./notes.ts";
import type { MeasuredReport, WritingReport } from "./schema.ts";

const two = (value: number) => fixed(value, 2);
const one = (value: number) => fixed(value, 1);
const cosineOf = (measured: MeasuredReport | undefined) =>
  measured ? withInterval(measured.cosine, two) : "";

export function writingTable(report: WritingReport, paint: Paint): string {
  const { arms, before, untaught, ablation, config } = report;
  const row = (name: string, after: MeasuredReport, rest: readonly string[] = ["", "", ""]) => [
    name,
    rest[0],
    rest[1],
    cosineOf(after),
    withInterval(after.rank, one),
    withInterval(after.top1, two),
    rest[2],
  ];
  const head = [
    "",
    "while written",
    "by spikes alone",
    "after, no write",
    "rank of 50",
    "first of 50",
    "descent minus it",
  ];
  const rows = [
    head,
    row("before", before),
    ...Object.entries(arms).map(([name, arm]) =>
      row(name, arm.after, [
        cosineOf(arm.while),
        cosineOf(arm.whileRead),
        arm.behindDescent
          ? `${two(arm.behindDescent.mean)} [${arm.behindDescent.ci95.map(two).join(", ")}], p ${pValue(arm.behindDescent.correctedP)}`
          : "",
      ]),
    ),
    ...(untaught
      ? [row("untaught, near contexts", untaught.near), row("untaught, any contexts", untaught.far)]
      : []),
  ];
  const ablated = Object.values(ablation).map((cell) => [
    `density over ${cell.density}, decoder of ${cell.reads}`,
    cosineOf(cell.while),
    cosineOf(cell.after),
    withInterval(cell.emulatorCosine, two),
    withInterval(cell.codeOverlap, two),
  ]);
  const ablationHead = ["", "while written", "after, no write", "emulator's own", "target's electrodes"];
  const cells = (texts: readonly (readonly string[])[]) =>
    texts.map((line, i) => line.map((text): Cell => ({ text, ...(i === 0 && { paint: paint.dim }) })));
  return [
    paint.bold(verdictOf(report)),
    `${paint.bold("cosine to the target's program")} ${paint.dim(`(${config.seeds} ${config.seeds === 1 ? "culture" : "cultures"}, 95 % intervals; rank 25.5 by chance)`)}`,
    columns(cells(rows)),
    ...(ablated.length > 1 ? [columns(cells([ablationHead, ...ablated]))] : []),
  ].join("\n\n");
}
