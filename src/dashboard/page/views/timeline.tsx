/** What each culture did when: one bar per stage of the experiment. */
import { frame } from "../../../report/plot/frame.ts";
import { legend, legendHeight } from "../../../report/plot/legend.ts";
import { element, svg, text, tooltip } from "../../../report/plot/svg.ts";
import type { RunMessage } from "../../protocol.ts";
import { csv } from "../figures/export.ts";
import { Drawing, Figure } from "../figures/figure.tsx";
import type { Model } from "../state/model.ts";

/** Stage names, as the journal has them, and the colour that stands for each. */
const KINDS: readonly [RegExp, string, string][] = [
  [/^begin/, "babble and fit", "control"],
  [/^before/, "probe before", "sham"],
  [/^descent/, "descent", "descent"],
  [/^teacher/, "teacher", "teacher"],
  [/^yoked/, "yoked", "yoked"],
  [/^random/, "random", "random"],
  [/^frozen/, "frozen", "frozen"],
  [/^sham/, "sham", "sham"],
  [/^afterwards/, "afterwards", "scrambled"],
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
  if (bars.length === 0) return null;
  const drawing = draw(bars, run);
  return (
    <Figure
      name="timeline"
      title="Cycle timeline"
      class="wide-card"
      caption="Each row is a culture, each bar a stage that is done and saved: babbling with the fit of emulator and bridge, every cycle of the descent, each control arm."
      svg={() => drawing}
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
      <Drawing svg={drawing} />
    </Figure>
  );
}

function barsOf(model: Model): Bar[] {
  return model.stages.flatMap(({ culture, name, seconds, atMs }) => {
    const stage = name.replace(/^\d+-[a-z]+-/, "");
    const found = KINDS.find(([pattern]) => pattern.test(stage));
    if (!found || name.startsWith("outcome")) return [];
    return [{ culture, stage, kind: found[1], colour: found[2], fromMs: atMs - 1000 * seconds, toMs: atMs }];
  });
}

const start = (bars: readonly Bar[]) => Math.min(...bars.map(({ fromMs }) => fromMs));

function draw(bars: readonly Bar[], run: RunMessage): string {
  const rows = run.cultures.length;
  const row = rows > 12 ? 14 : 24;
  const width = 980;
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
    { top, right: 14, bottom: 46, left: 150 },
    { domain: [0, length / unit], label: `wall time (${inMinutes ? "min" : "s"})`, tickCount: 8 },
    { domain: [0, 1], label: "", tickCount: 0 },
  );
  const names = run.cultures.map(({ label }, i) =>
    text(140, top + (i + 0.5) * row + 4, label, { class: "tick", "text-anchor": "end" }),
  );
  const marks = bars.map(({ culture, stage, colour, fromMs, toMs }) => {
    const x = area.x((fromMs - began) / unit);
    return element(
      "rect",
      {
        ...{ x, y: top + culture * row + 3, height: row - 6, class: `fill ${colour}` },
        width: Math.max(1, area.x((toMs - began) / unit) - x - 1),
      },
      tooltip(`${run.cultures[culture]?.label}: ${stage}, ${((toMs - fromMs) / 1000).toFixed(1)} s`),
    );
  });
  const foot = legendHeight(kinds, width - 150);
  const drawing = {
    width,
    height: bottom + 54 + foot,
    title: "Cycle timeline",
    description: `${bars.length} stages of ${rows} cultures.`,
  };
  return svg(drawing, area.markup, ...names, ...marks, legend(kinds, 150, bottom + 50, width - 150));
}
