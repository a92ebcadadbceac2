/** What each culture did when: one bar per stage of the experiment. */
import { labelOf } from "../../../../report/names.ts";
import { colourClass } from "../../../../report/page/style.ts";
import { frame } from "../../../../report/plot/frame.ts";
import { legend, legendHeight } from "../../../../report/plot/legend.ts";
import { element, svg, text, textWidth, tooltip } from "../../../../report/plot/svg.ts";
import { placeText } from "../../../place.ts";
import type { RunMessage } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Figure, Fitted, Missing, SAVED_WIDTH } from "../../figures/figure.tsx";
import type { Model } from "../../state/model.ts";

/** Parts of the work beside the arms, what they are called, and the colour that stands for each. */
const PARTS: Readonly<Record<string, readonly [string, string]>> = {
  begin: ["babble and fit", "k1"],
  before: ["probe before", "k4"],
  untrained: ["untrained", "k5"],
  after: ["afterwards", "k6"],
  opponents: ["opponents", "k7"],
};

/** The part that a stretch of a recording belongs to, where that is not its arm. */
const PHASES: Readonly<Record<string, string>> = {
  babble: "begin",
  probe: "before",
  spontaneous: "after",
  retention: "after",
};

function kindOf(name: string): readonly [string, string] {
  return PARTS[name] ?? [labelOf(name), colourClass(name)];
}

interface Bar {
  readonly row: number;
  readonly stage: string;
  readonly kind: string;
  readonly colour: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export function Timeline({ model, run }: { readonly model: Model; readonly run: RunMessage }) {
  const rows = rowsOf(run);
  const bars = barsOf(model, run);
  if (bars.length === 0)
    return (
      <Missing title="Cycle timeline" class="wide-card">
        {run.state === "saved"
          ? "This run has no recording."
          : "No stage has ended yet: the first is babbling, with the fit of emulator and bridge."}
      </Missing>
    );
  const isRecorded = run.state === "saved";
  const what = run.experiment === "vat" ? "vat" : "culture";
  const drawn = (width: number) => draw(bars, rows, width, isRecorded ? "device time" : "wall time");
  return (
    <Figure
      name="timeline"
      title="Cycle timeline"
      class="wide-card"
      caption={
        isRecorded
          ? `Each row is a ${what}, each bar a recorded stretch, in the order in which they were lived through. Every arm begins from the same cultures; time is that of the device.`
          : `Each row is a ${what}, each bar a stage that is done and saved: babbling with the fit of emulator and bridge, every cycle of each arm.`
      }
      svg={() => drawn(SAVED_WIDTH)}
      csv={() =>
        csv(
          [what, "stage", "from (s)", "to (s)"],
          bars.map(({ row, stage, fromMs, toMs }) => [
            rows[row],
            stage,
            ((fromMs - start(bars)) / 1000).toFixed(1),
            ((toMs - start(bars)) / 1000).toFixed(1),
          ]),
        )
      }
    >
      <Fitted draw={drawn} />
    </Figure>
  );
}

/** A vat's brains do everything together: it is one row. */
function rowsOf({ experiment, cultures, config }: RunMessage): string[] {
  if (experiment === "organoid") return cultures.map(({ label }) => label);
  return Array.from({ length: Number(config["seeds"]) }, (_, i) => `seed ${Number(config["firstSeed"]) + i}`);
}

function barsOf(model: Model, run: RunMessage): Bar[] {
  if (run.state === "saved") return recordedBars(model, run);
  return model.stages.map(({ culture, seed, name, cycle, seconds, atMs }) => {
    const [kind, colour] = kindOf(name);
    const stage = cycle === undefined ? kind : `${kind}, cycle ${cycle + 1}`;
    const row = seed === undefined ? culture : seed - Number(run.config["firstSeed"]);
    return { row, stage, kind, colour, fromMs: atMs - 1000 * seconds, toMs: atMs };
  });
}

/** The recorded stretches of each row, one after the other; of a vat those of the first brain. */
function recordedBars(model: Model, run: RunMessage): Bar[] {
  const ends = new Map<number, number>();
  const firsts = run.cultures.map(({ vat }) => run.cultures.findIndex((culture) => culture.vat === vat));
  return model.segments.flatMap(({ culture, arm, cycle, phase, startSeconds, stopSeconds }) => {
    const vat = run.cultures[culture]?.vat;
    if (vat !== undefined && firsts[culture] !== culture) return [];
    const row = vat === undefined ? culture : vat - Number(run.config["firstSeed"]);
    const isAfter = arm === "scrambled" || phase === "spontaneous" || phase === "retention";
    const [kind, colour] = kindOf(isAfter ? "after" : arm === "common" ? (PHASES[phase] ?? phase) : arm);
    const fromMs = ends.get(row) ?? 0;
    const toMs = fromMs + 1000 * (stopSeconds - startSeconds);
    ends.set(row, toMs);
    return [{ row, stage: placeText({ arm, cycle, phase }), kind, colour, fromMs, toMs }];
  });
}

const start = (bars: readonly Bar[]) => Math.min(...bars.map(({ fromMs }) => fromMs));

function draw(bars: readonly Bar[], rows: readonly string[], width: number, clock: string): string {
  const height = rows.length > 12 ? 14 : 24;
  const left = width > 600 ? 150 : 118;
  const began = start(bars);
  const length = Math.max(...bars.map(({ toMs }) => toMs)) - began;
  const inMinutes = length > 180_000;
  const unit = inMinutes ? 60_000 : 1000;
  const kinds = [
    ...new Map(
      bars.map(({ kind, colour }) => [kind, { label: kind, class: colour, mark: "bar" as const }]),
    ).values(),
  ];
  const top = 6;
  const bottom = top + rows.length * height;
  const area = frame(
    { width, height: bottom + 46, margins: { top, right: 14, bottom: 46, left } },
    {
      domain: [0, length / unit],
      label: `${clock} (${inMinutes ? "min" : "s"})`,
      tickCount: width > 600 ? 8 : 4,
    },
    { domain: [0, 1], label: "", tickCount: 0 },
  );
  const names = rows.map((label, i) =>
    text(left - 10, top + (i + 0.5) * height + 4, label, { class: "tick", "text-anchor": "end" }),
  );
  const marks = bars.map(({ row, stage, kind, colour, fromMs, toMs }) => {
    const x = area.x((fromMs - began) / unit);
    const y = top + row * height;
    const room = Math.max(1, area.x((toMs - began) / unit) - x - 1);
    const name = room > textWidth(kind, 11) + 8 && height > 20 ? kind : "";
    return (
      element(
        "rect",
        { x, y: y + 3, height: height - 6, class: `fill ${colour}`, width: room },
        tooltip(`${rows[row]}: ${stage}, ${((toMs - fromMs) / 1000).toFixed(1)} s`),
      ) +
      (name
        ? text(x + 5, y + height / 2 + 4, name, {
            "font-size": 11,
            style: "fill: var(--card)",
            "pointer-events": "none",
          })
        : "")
    );
  });
  const foot = legendHeight(kinds, width - left);
  const drawing = {
    width,
    height: bottom + 54 + foot,
    title: "Cycle timeline",
    description: `${bars.length} stages of ${rows.length} rows.`,
  };
  return svg(drawing, area.markup, ...names, ...marks, legend(kinds, left, bottom + 50, width - left));
}
