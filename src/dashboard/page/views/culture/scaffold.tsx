/** The scaffold: every electrode where it lies, lit by its firing; a write is a ring that spreads and fades. */
import { useCallback, useRef } from "preact/hooks";
import { element, svg, text } from "../../../../report/plot/svg.ts";
import type { RunMessage } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Figure } from "../../figures/figure.tsx";
import { changes, GlCanvas } from "../../gl/canvas.tsx";
import { type Capsules, FLOATS } from "../../gl/capsules.ts";
import { colourRow, currentPalette } from "../../gl/palette.ts";
import type { CultureActivity } from "../../state/activity.ts";

/** Device time in which the light of a spike falls by e, and in which a ring spreads. */
const GLOW_SECONDS = 0.12;
const RING_SECONDS = 0.35;
/** Edge around the array, as a share of its pitch. */
const MARGIN = 0.75;

export interface ScaffoldProps {
  readonly run: RunMessage;
  readonly activity: () => CultureActivity;
  readonly playhead?: (() => number) | undefined;
}

export function Scaffold({ run, activity, playhead }: ScaffoldProps) {
  const source = useRef({ activity, playhead });
  source.current = { activity, playhead };
  const electrodes = run.electrodes;
  const make = useCallback(
    (capsules: Capsules) => drawer(capsules, electrodes, () => source.current),
    [electrodes],
  );
  const rates = () => ratesOf(activity(), electrodes);
  const box = boxOf(electrodes);
  const millimetres = Math.round(box.width / 100) / 10;
  return (
    <Figure
      name="scaffold"
      class="least"
      title="Scaffold"
      caption={`Electrodes light up as they fire; rings are write pulses. The array is ${millimetres} mm wide.`}
      svg={() => scaffoldSvg(electrodes, rates())}
      csv={() =>
        csv(
          ["electrode", "x (um)", "y (um)", "spikes in the last 10 s", "pulses in the last 10 s"],
          electrodes.map(({ channel, xUm, yUm }) => {
            const { spikes, pulses } = rates().get(channel) ?? { spikes: 0, pulses: 0 };
            return [channel, xUm, yUm, spikes, pulses];
          }),
        )
      }
    >
      <GlCanvas
        class="square"
        make={make}
        label={`${electrodes.length} electrodes, lit by their firing, with rings where pulses are written.`}
      />
    </Figure>
  );
}

interface Disc {
  /** Pixels. */
  readonly radius: number;
  /** Width of the outline in pixels; 0: filled. */
  readonly stroke?: number;
  /** Of the palette. */
  readonly row: number;
  readonly opacity: number;
}

function drawer(
  capsules: Capsules,
  electrodes: RunMessage["electrodes"],
  source: () => Pick<ScaffoldProps, "activity" | "playhead">,
) {
  const buffer = capsules.buffer(electrodes.length * 4);
  const box = boxOf(electrodes);
  const lit = new Map<number, number>();
  const isNew = changes();
  let edge = 0;
  let last = 0;
  let movingMs = 0;
  return (_: Capsules, width: number, height: number, nowMs: number) => {
    const { activity: of, playhead } = source();
    const activity = of();
    const target = playhead?.() ?? activity.now;
    const passedMs = Math.min(100, nowMs - last);
    const share = 1 - Math.exp(-passedMs / 90);
    last = nowMs;
    edge = Math.abs(target - edge) > 4 ? target : edge + (target - edge) * share;
    if (Math.abs(target - edge) < 1e-3) edge = target;
    // Light goes on fading for a while after the last that has come in.
    if (isNew(edge, activity, activity.spikes.count, width, height, currentPalette())) movingMs = 1000;
    if (movingMs <= 0) return;
    movingMs -= passedMs;
    capsules.begin(width, height);
    const scale = Math.min(width / box.width, height / box.height);
    const pixels = box.pitch * scale;
    let n = 0;
    const disc = (x: number, y: number, { radius, stroke = 0, row, opacity }: Disc) => {
      buffer.data.set([x, y, x, y, radius, stroke, row, opacity], n++ * FLOATS);
    };
    for (const { channel, xUm, yUm } of electrodes) {
      const [x, y] = [xUm - box.left, yUm - box.top];
      const since = edge - (activity.lastSpike.get(channel) ?? Number.NEGATIVE_INFINITY);
      // Rises at once and falls slowly, also where the spikes are seen in lumps.
      const glow = Math.max(
        since >= -0.1 ? Math.exp(-Math.max(0, since) / GLOW_SECONDS) : 0,
        (lit.get(channel) ?? 0) * (1 - share),
      );
      lit.set(channel, glow);
      disc(x, y, { radius: pixels * 0.14, row: colourRow.faint, opacity: 1 });
      disc(x, y, { radius: pixels * (0.14 + 0.2 * glow), row: colourRow.descent, opacity: 0.35 * glow });
      disc(x, y, { radius: pixels * 0.14, row: colourRow.descent, opacity: glow });
      const pulsed = (edge - (activity.lastPulse.get(channel) ?? Number.NEGATIVE_INFINITY)) / RING_SECONDS;
      if (pulsed >= -0.2 && pulsed < 1)
        disc(x, y, {
          radius: pixels * (0.2 + 0.2 * Math.max(0, pulsed)),
          stroke: 2,
          row: colourRow.teacher,
          opacity: 1 - Math.max(0, pulsed),
        });
    }
    capsules.upload(buffer, 0, n);
    capsules.draw(buffer, 0, n, {
      scale: [scale, scale],
      offset: [(width - box.width * scale) / 2, (height - box.height * scale) / 2],
    });
  };
}

function boxOf(electrodes: RunMessage["electrodes"]) {
  const xs = electrodes.map(({ xUm }) => xUm);
  const ys = electrodes.map(({ yUm }) => yUm);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const first = electrodes[0];
  const gaps = first
    ? electrodes.slice(1).map(({ xUm, yUm }) => Math.hypot(xUm - first.xUm, yUm - first.yUm))
    : [];
  const pitch = gaps.length > 0 ? Math.min(...gaps.filter((gap) => gap > 0)) : 100;
  const edge = MARGIN * pitch;
  return {
    left: left - edge,
    top: top - edge,
    width: right - left + 2 * edge,
    height: bottom - top + 2 * edge,
    pitch,
  };
}

const RATE_SECONDS = 10;

function ratesOf(activity: CultureActivity, electrodes: RunMessage["electrodes"]) {
  const rates = new Map(electrodes.map(({ channel }) => [channel, { spikes: 0, pulses: 0 }]));
  for (const [ring, kind] of [
    [activity.spikes, "spikes"],
    [activity.pulses, "pulses"],
  ] as const)
    for (let i = ring.from(activity.now - RATE_SECONDS); i < ring.count; i++) {
      const count = rates.get(ring.channels[i % ring.channels.length]);
      if (count) count[kind]++;
    }
  return rates;
}

function scaffoldSvg(electrodes: RunMessage["electrodes"], rates: ReturnType<typeof ratesOf>): string {
  const box = boxOf(electrodes);
  const scale = 420 / box.width;
  const most = Math.max(1, ...[...rates.values()].map(({ spikes }) => spikes));
  const marks = electrodes.flatMap(({ channel, xUm, yUm }) => {
    const { spikes, pulses } = rates.get(channel) ?? { spikes: 0, pulses: 0 };
    const at = { cx: (xUm - box.left) * scale, cy: (yUm - box.top) * scale };
    const r = 0.3 * box.pitch * scale;
    return [
      element("circle", { ...at, r, class: "field" }),
      element("circle", { ...at, r: r * Math.sqrt(spikes / most), class: "dot descent" }),
      ...(pulses > 0 ? [element("circle", { ...at, r: r + 3, class: "line teacher" })] : []),
    ];
  });
  const note = text(8, 440, `area: spikes in 10 s (most ${most}); ring: pulsed`, { class: "tick" });
  const drawing = {
    width: 420,
    height: 450,
    title: "Scaffold",
    description: "Spikes and pulses of the last 10 s by electrode.",
  };
  return svg(drawing, ...marks, note);
}
