/** What each culture did when: one bar per stage of the experiment. */
import { frame } from "../../../report/plot/frame.ts";
import { legend, legendHeight } from "../../../report/plot/legend.ts";
import { element, svg, text, textWidth, tooltip } from "../../../report/plot/svg.ts";
import type { RunMessage } from "../../protocol.ts";
import { csv } from "../figures/export.ts";
import { Figure, Fitted, Missing, SAVED_WIDTH } from "../figures/figure.tsx";
import type { Model } from "../state/model.ts";

/** Stage names, as the journal has them, and the colour that stands for each. */
const KINDS: readonly [RegExp, string, string][] = [
  [/^begin/, "babble and fit", "k1"],
  [/^before/, "probe before", "k4"],
  [/^descent/, "descent", "descent"],
  [/^teacher/, "teacher", "teacher"],
  [/^yoked/, "yoked", "yoked"],
  [/^random/, "random", "random"],
  [/^frozen/, "frozen", "frozen"],
  [/^sham/, "sham", "sham"],
  [/^afterwards/, "afterwards", "k6"],
];

/** The same for the stretches of a recording. */
const PHASES: readonly [RegExp, string][] = [
  [/^babble$/, "begin"],
  [/^probe$/, "before"],
  [/^(untrained|spontaneous|retention)$/, "afterwards"],
];

interface Bar {
  readonly culture: number;
  readonly stage: string;
  readonly kind: string;
  readonly colour: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export function Timeline({ model, run }: { readonly model: Model; readonly run: RunMessage }) {
  const bars = barsOf(model);
  if (bars.length === 0)
    return (
      <Missing title="Cycle timeline" class="wide-card">
        {run.experiment === "vat"
          ? "Stages of a vat are told under Events."
          : run.state === "saved"
            ? "This run has no recording yet."
            : "No stage has ended yet: the first is babbling, with the fit of emulator and bridge."}
      </Missing>
    );
  const isRecorded = run.state === "saved";
  const drawn = (width: number) => draw(bars, run, width, isRecorded ? "device time" : "wall time");
  return (
    <Figure
      name="timeline"
      title="Cycle timeline"
      class="wide-card"
      caption={
        isRecorded
          ? "Each row is a culture, each bar a recorded stretch, in the order in which they were lived through. Every arm begins from the same culture; time is that of the device."
          : "Each row is a culture, each bar a stage that is done and saved: babbling with the fit of emulator and bridge, every cycle of the descent, each control arm."
      }
      svg={() => drawn(SAVED_WIDTH)}
      csv={() =>
        csv(
          ["culture", "stage", "from (s)", "to (s)"],
          bars.map(({ culture, stage, fromMs, toMs }) => [
            run.cultures[culture]?.label ?? culture,
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

function barsOf(model: Model): Bar[] {
  if (model.run?.state === "saved") return recordedBars(model);
  return model.stages.flatMap(({ culture, name, seconds, atMs }) => {
    const stage = name.replace(/^\d+-[a-z]+-/, "");
    const found = KINDS.find(([pattern]) => pattern.test(stage));
    if (!found || name.startsWith("outcome")) return [];
    return [{ culture, stage, kind: found[1], colour: found[2], fromMs: atMs - 1000 * seconds, toMs: atMs }];
  });
}

/** The recorded stretches of each culture, one after the other. */
function recordedBars(model: Model): Bar[] {
  const ends = new Map<number, number>();
  return model.segments.flatMap(({ culture, arm, cycle, phase, startSeconds, stopSeconds }) => {
    const stage = arm === "common" ? (PHASES.find(([name]) => name.test(phase))?.[1] ?? phase) : arm;
    const found =
      phase === "retention" || phase === "spontaneous" || arm === "scrambled"
        ? KINDS.find(([, kind]) => kind === "afterwards")
        : KINDS.find(([pattern]) => pattern.test(stage));
    if (!found) return [];
    const fromMs = ends.get(culture) ?? 0;
    const toMs = fromMs + 1000 * (stopSeconds - startSeconds);
    ends.set(culture, toMs);
    const name = cycle < 0 ? phase : `${arm}, cycle ${cycle + 1}, ${phase}`;
    return [{ culture, stage: name, kind: found[1], colour: found[2], fromMs, toMs }];
  });
}

const start = (bars: readonly Bar[]) => Math.min(...bars.map(({ fromMs }) => fromMs));

function draw(bars: readonly Bar[], run: RunMessage, width: number, clock: string): string {
  const rows = run.cultures.length;
  const row = rows > 12 ? 14 : 24;
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
  const bottom = top + rows * row;
  const area = frame(
    width,
    bottom + 46,
    { top, right: 14, bottom: 46, left },
    {
      domain: [0, length / unit],
      label: `${clock} (${inMinutes ? "min" : "s"})`,
      tickCount: width > 600 ? 8 : 4,
    },
    { domain: [0, 1], label: "", tickCount: 0 },
  );
  const names = run.cultures.map(({ label }, i) =>
    text(left - 10, top + (i + 0.5) * row + 4, label, { class: "tick", "text-anchor": "end" }),
  );
  const marks = bars.map(({ culture, stage, kind, colour, fromMs, toMs }) => {
    const x = area.x((fromMs - began) / unit);
    const y = top + culture * row;
    const room = Math.max(1, area.x((toMs - began) / unit) - x - 1);
    const name = room > textWidth(kind, 11) + 8 && row > 20 ? kind : "";
    return (
      element(
        "rect",
        { x, y: y + 3, height: row - 6, class: `fill ${colour}`, width: room },
        tooltip(`${run.cultures[culture]?.label}: ${stage}, ${((toMs - fromMs) / 1000).toFixed(1)} s`),
      ) +
      (name
        ? text(x + 5, y + row / 2 + 4, name, {
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
    description: `${bars.length} stages of ${rows} cultures.`,
  };
  return svg(drawing, area.markup, ...names, ...marks, legend(kinds, left, bottom + 50, width - left));
}
