/** An experiment over dishes and days as one self-contained page: every session, every arm, what is told from the control. */
import { percent } from "../format.ts";
import { bullets, facts, figure, NARROW, section, twoWidths, WIDE } from "../page/markup.ts";
import { page } from "../page/page.ts";
import { colourClass } from "../page/style.ts";
import { dotPlot } from "../plot/dots.ts";
import { extentOf } from "../plot/scale.ts";
import { escapeText } from "../plot/svg.ts";
import { type DesignReport, MEASURE_LABELS, MEASURES } from "./schema.ts";
import { chances, headlineOf, isTold, points } from "./words.ts";

export function renderDesign(report: DesignReport): string {
  const { name, sessions, task, chance, notes, isBlind } = report;
  const counted = sessions.filter(({ excluded }) => excluded === undefined).length;
  const body = [
    `<header><p class="kicker">wetgrad experiment · ${escapeText(name)}</p>`,
    `<h1>${escapeText(headlineOf(report))}</h1>`,
    `<p class="lede">Cultures were taught to predict ${escapeText(task)}, an arm a session, on dishes and days that a plan had fixed. What each culture alone had right was read before and after.</p></header>`,
    facts([
      ["sessions", `${counted} of ${sessions.length} count`],
      ["dishes", String(new Set(sessions.map(({ dish }) => dish)).size)],
      ["days", String(new Set(sessions.map(({ day }) => day)).size)],
      ["chance", `${percent(chance)} %`],
      ["arms", isBlind ? "letters, not opened" : "opened"],
    ]),
    section(
      "arms",
      "Arms",
      "Dots are means of the mixed model, bars their 95 % intervals, faint ticks single sessions.",
      armsPlot(report),
    ),
    section(
      "differences",
      "Against the control",
      "A ring is a difference that is not significant after correction for the number of comparisons.",
      differencesPlot(report),
    ),
    section("sessions", "Sessions", "In the order in which they were planned.", sessionTable(report)),
    section("notes", "How this was judged", "", bullets(notes, "notes")),
  ];
  return page(name, body.join("\n"));
}

function armsPlot({ arms, measures, sessions }: DesignReport): string {
  const groups = MEASURES.filter((measure) => measures[measure]).map((measure) => ({
    heading: MEASURE_LABELS[measure],
    rows: arms.map((arm) => {
      const { mean, ci95 } = measures[measure].arms[arm];
      const perSeed = sessions.flatMap((session) => {
        const value = session.measured?.[measure];
        return session.arm === arm && session.excluded === undefined && typeof value === "number"
          ? [value]
          : [];
      });
      return {
        label: arm,
        class: colourClass(arm),
        mean,
        ci95,
        perSeed,
        title: `${arm}: ${points({ mean, ci95 })} %`,
      };
    }),
  }));
  return plot(groups, "What each arm had", "right answers (%)");
}

function differencesPlot({ measures, control }: DesignReport): string {
  const groups = MEASURES.filter(
    (measure) => Object.keys(measures[measure]?.differences ?? {}).length > 0,
  ).map((measure) => ({
    heading: MEASURE_LABELS[measure],
    rows: Object.entries(measures[measure].differences).map(([arm, difference]) => ({
      label: arm,
      class: colourClass(arm),
      mean: difference.mean,
      ci95: difference.ci95,
      perSeed: [],
      isOpen: !isTold(difference),
      title: `${arm} minus ${control}: ${points(difference)} points (${chances(difference)})`,
    })),
  }));
  return plot(groups, `Every arm minus ${control}`, "points");
}

type Groups = Parameters<typeof dotPlot>[0]["groups"];

function plot(groups: Groups, title: string, xLabel: string): string {
  const rows = groups.flatMap((group) => group.rows);
  if (rows.length === 0) return "";
  const [low, high] = extentOf([0, ...rows.flatMap(({ ci95, perSeed }) => [...ci95, ...perSeed])]);
  const draw = (width: number) =>
    dotPlot({
      title,
      description: rows.map((row) => row.title).join("; "),
      groups,
      width,
      labelWidth: 178,
      xLabel,
      xDomain: high > low ? [low, high] : [low - 0.01, high + 0.01],
      xFormat: (value) => percent(value, 0),
      zero: 0,
    });
  return figure(
    twoWidths(draw, WIDE, NARROW),
    `<b>${escapeText(title)}.</b> Point at a row for its numbers.`,
  );
}

function sessionTable({ sessions }: DesignReport): string {
  const share = (value: number | null | undefined) => (typeof value === "number" ? percent(value) : "–");
  const rows = sessions.map(({ number, dish, day, arm, excluded, measured }) => {
    const cells = [
      number,
      dish,
      day,
      arm,
      share(measured?.before),
      share(measured?.after),
      share(measured?.retained),
      excluded ?? "",
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeText(String(cell))}</td>`).join("")}</tr>`;
  });
  const head = ["session", "dish", "day", "arm", "before, %", "after, %", "left, points", "does not count"];
  return `<div class="scroll"><table><thead><tr>${head.map((name) => `<th>${name}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
