/** The experiment as one self-contained page. */
import { bullets, facts, figure, NARROW, section, twoWidths, WIDE } from "../report/page/markup.ts";
import { page } from "../report/page/page.ts";
import { colourClass } from "../report/page/style.ts";
import { type DotRow, dotPlot } from "../report/plot/dots.ts";
import { escapeText } from "../report/plot/svg.ts";
import { ARMS, PLAYERS } from "./arms.ts";
import { type CartpoleReport, type TestReport, verdictOf } from "./report.ts";

export function renderCartpole(report: CartpoleReport): string {
  const { config, notes, arms } = report;
  const later = (pick: "blocked" | "rested") =>
    Object.entries(arms).flatMap(([name, arm]) => (arm[pick] ? [rowOf(name, arm[pick])] : []));
  const groups = [
    {
      heading: "tested after the session",
      rows: Object.entries(arms).map(([name, { test }]) => rowOf(name, test)),
    },
    { heading: "while synapses are blocked", rows: later("blocked") },
    { heading: `after ${config.restMinutes} min alone`, rows: later("rested") },
    {
      heading: "without tissue",
      rows: Object.entries(report.players).map(([name, { test }]) => rowOf(name, test)),
    },
  ];
  const draw = (width: number) =>
    dotPlot({
      title: "Episodes that stood longer than 100 steps",
      description: groups.flatMap(({ rows }) => rows.map(({ title }) => title)).join("; "),
      groups,
      width,
      labelWidth: 178,
      xLabel: "episodes over 100 steps (%)",
      xDomain: [0, 1],
      xFormat: (value) => `${Math.round(100 * value)}`,
      ...(arms.descent && { against: arms.descent.test.over100.ci95 }),
    });
  const body = [
    `<header><p class="kicker">wetgrad cartpole · ${escapeText(config.places)} places</p><h1>${escapeText(verdictOf(report))}</h1>`,
    '<p class="lede">A culture is given the lean of a pole as pulses on two groups of electrodes, and pushes the cart by what two others fire. After falls it may be trained by 400 ms of paired pulses; then it plays a test that nobody trains.</p></header>',
    section(
      "test",
      "Who stands",
      "",
      figure(
        twoWidths(draw, WIDE, NARROW),
        "<b>Share of episodes longer than 100 steps.</b> Dots: means over cultures; bars: 95 % intervals; faint ticks: single cultures; band: the descent's interval.",
      ),
    ),
    section(
      "how",
      "How it was measured",
      "",
      facts([
        ["cultures", `${config.seeds}, seeds from ${config.firstSeed} on`],
        ["session", `${config.seconds} s, then a test of ${config.testSeconds} s`],
        ...Object.entries(ARMS).map(([name, { says }]) => [name, says] as const),
        ...Object.entries(PLAYERS).map(([name, says]) => [name, says] as const),
      ]),
    ),
    section("notes", "What to know", "", bullets(notes, "notes")),
  ];
  return page("wetgrad cartpole", body.join("\n"));
}

function rowOf(name: string, { over100, stepsPerFall }: TestReport): DotRow {
  return {
    label: name,
    class: colourClass(name),
    mean: over100.mean,
    ci95: over100.ci95,
    perSeed: over100.perSeed,
    title: `${name}: ${(100 * over100.mean).toFixed(0)} % over 100 steps, ${stepsPerFall.mean.toFixed(0)} steps a fall`,
  };
}
