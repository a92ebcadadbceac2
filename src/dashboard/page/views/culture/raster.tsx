/** Spikes and pulses as they come in, one row per electrode by what it stands for, scrolling with the device's time. */
import { useCallback, useRef } from "preact/hooks";
import { frame } from "../../../../report/plot/frame.ts";
import { element, svg } from "../../../../report/plot/svg.ts";
import { Axes } from "../../figures/axes.tsx";
import { csv } from "../../figures/export.ts";
import { Figure } from "../../figures/figure.tsx";
import { changes, GlCanvas } from "../../gl/canvas.tsx";
import { type CapsuleBuffer, type Capsules, FLOATS } from "../../gl/capsules.ts";
import { type Colour, colourRow, currentPalette } from "../../gl/palette.ts";
import { type CultureActivity, EventRing } from "../../state/activity.ts";
import { choose, chosenNumber, useRoute } from "../../state/route.ts";
import type { RasterRows } from "./rows.ts";

export const WINDOWS = [1, 2, 5, 10];
const TOP = 4;

export interface RasterProps {
  readonly rows: RasterRows;
  readonly activity: () => CultureActivity;
  /** Where the picture ends, seconds on the activity's clock; its `now` while it is live. */
  readonly playhead?: (() => number) | undefined;
  readonly aside?: preact.ComponentChildren;
}

export function Raster({ rows, activity, playhead, aside }: RasterProps) {
  const windowSeconds = chosenNumber(useRoute(), "window", 2);
  const seconds = useRef(windowSeconds);
  seconds.current = windowSeconds;
  const source = useRef({ activity, playhead });
  source.current = { activity, playhead };
  const make = useCallback(
    (capsules: Capsules) =>
      drawer(
        capsules,
        rows,
        () => source.current,
        () => seconds.current,
      ),
    [rows],
  );
  const ticks = Array.from({ length: 5 }, (_, i) => (windowSeconds * (i - 4)) / 4);
  return (
    <Figure
      name="raster"
      title="Spikes"
      class="most"
      aside={
        <>
          {aside}
          <label class="choice">
            window{" "}
            <select value={windowSeconds} onChange={(event) => choose("window", event.currentTarget.value)}>
              {WINDOWS.map((n) => (
                <option key={n} value={n}>
                  {n} s
                </option>
              ))}
            </select>
          </label>
        </>
      }
      caption={
        rows.hasRoles ? (
          <>
            One row per electrode: places of a datum, then each class's group, then the rest. Ticks: detected
            spikes, <b class="key good">answers</b> on the electrodes of a class. Dots: pulses that the safety
            gate let through, <b class="key descent">data</b> and <b class="key teacher">writes</b>.
          </>
        ) : (
          "One row per electrode. Ticks: detected spikes. Orange dots: pulses that the safety gate let through."
        )
      }
      svg={() => rasterSvg(activity(), playhead?.() ?? activity().now, windowSeconds, rows)}
      csv={() => rasterCsv(activity(), playhead?.() ?? activity().now, windowSeconds)}
    >
      <Axes
        class="raster"
        x={ticks.map((tick, i) => ({
          at: i / 4,
          label: i === 4 ? "now" : tick.toFixed(windowSeconds < 4 ? 1 : 0).replace("-", "−"),
        }))}
        y={rows.ticks}
        xName="device time before now (s)"
        yName={rows.hasRoles ? "electrode, by role" : "electrode"}
      >
        <GlCanvas
          make={make}
          label={`Raster of the spikes of ${rows.count} electrodes over the last ${windowSeconds} seconds of device time.`}
        />
      </Axes>
    </Figure>
  );
}

interface Source {
  readonly activity: () => CultureActivity;
  readonly playhead?: (() => number) | undefined;
}

function drawer(capsules: Capsules, rows: RasterRows, source: () => Source, windowSeconds: () => number) {
  const spikes = new Ring(capsules, rows, { colourOf: rows.spikeColour, radius: 0.75, half: 0.34 });
  const pulses = new Ring(capsules, rows, { colourOf: rows.pulseColour, radius: 2.2, half: 0 });
  const isNew = changes();
  let edge = 0;
  let last = 0;
  return (_: Capsules, width: number, height: number, nowMs: number) => {
    const { activity: of, playhead } = source();
    const activity = of();
    const target = playhead?.() ?? activity.now;
    // Data come in lumps; the picture scrolls evenly, a little behind them.
    const share = 1 - Math.exp(-Math.min(100, nowMs - last) / 90);
    last = nowMs;
    const gap = target - edge;
    edge = playhead || Math.abs(gap) > 2 * windowSeconds() || gap < 0 ? target : edge + gap * share;
    if (Math.abs(target - edge) < 1e-3) edge = target;
    const { spikes: all, pulses: some } = activity;
    if (!isNew(edge, activity, all.count, some.count, windowSeconds(), width, height, currentPalette()))
      return;
    capsules.begin(width, height);
    const from = edge - windowSeconds();
    const view = (origin: number) => ({
      scale: [width / windowSeconds(), (height - 2 * TOP) / rows.count] as const,
      offset: [((origin - from) * width) / windowSeconds(), TOP] as const,
    });
    const seen = { owner: activity, from, to: edge };
    spikes.draw(activity.spikes, seen, view);
    pulses.draw(activity.pulses, seen, view);
  };
}

/** An `EventRing` on the graphics card: what is new is sent, what is seen is drawn. */
class Ring {
  private readonly buffer: CapsuleBuffer;
  private sent = 0;
  private of: CultureActivity | null = null;
  private origin = 0;

  constructor(
    private readonly capsules: Capsules,
    private readonly rows: RasterRows,
    private readonly mark: {
      readonly colourOf: (channel: number) => Colour;
      readonly radius: number;
      readonly half: number;
    },
  ) {
    this.buffer = capsules.buffer(EventRing.capacity);
  }

  draw(
    events: EventRing,
    /** Seconds of device time of a culture. */
    { owner, from, to }: { readonly owner: CultureActivity; readonly from: number; readonly to: number },
    view: (origin: number) => Parameters<Capsules["draw"]>[3],
  ): void {
    // Single floats hold a millisecond up to some thousand seconds from where they are counted.
    if (this.of !== owner || from - this.origin > 1000) {
      this.of = owner;
      this.origin = Math.max(0, from);
      this.sent = events.from(this.origin);
    }
    this.send(events);
    const first = events.from(from);
    const end = events.from(to);
    const at = first % EventRing.capacity;
    const one = Math.min(end - first, EventRing.capacity - at);
    this.capsules.draw(this.buffer, at, one, view(this.origin));
    this.capsules.draw(this.buffer, 0, end - first - one, view(this.origin));
  }

  private send(events: EventRing): void {
    const from = Math.max(this.sent, events.first);
    if (from === events.count) return;
    const { data } = this.buffer;
    for (let i = from; i < events.count; i++) {
      const at = i % EventRing.capacity;
      const x = events.seconds[at] - this.origin;
      const channel = events.channels[at];
      const y = this.rows.rowOf(channel) + 0.5;
      const { colourOf, radius, half } = this.mark;
      data.set([x, y - half, x, y + half, radius, 0, colourRow[colourOf(channel)], 0.9], at * FLOATS);
    }
    const [a, b] = [from % EventRing.capacity, events.count % EventRing.capacity];
    if (a < b) this.capsules.upload(this.buffer, a, b);
    else {
      this.capsules.upload(this.buffer, a, EventRing.capacity);
      if (b > 0) this.capsules.upload(this.buffer, 0, b);
    }
    this.sent = events.count;
  }
}

function* eventsIn(ring: EventRing, from: number, to: number) {
  for (let i = ring.from(from); i < ring.count; i++) {
    const at = i % EventRing.capacity;
    if (ring.seconds[at] > to) return;
    yield { seconds: ring.seconds[at], channel: ring.channels[at], value: ring.values[at] };
  }
}

function rasterSvg(activity: CultureActivity, now: number, windowSeconds: number, rows: RasterRows): string {
  const [width, height] = [900, 460];
  const area = frame(
    { width, height, margins: { top: 34, right: 14, bottom: 46, left: 46 } },
    { domain: [-windowSeconds, 0], label: "device time before now (s)" },
    { domain: [rows.count, 0], label: rows.hasRoles ? "electrode, by role" : "electrode" },
  );
  const step = (area.bottom - area.top) / rows.count;
  const ticks: Partial<Record<Colour, string>> = {};
  for (const { seconds, channel } of eventsIn(activity.spikes, now - windowSeconds, now)) {
    const colour = rows.spikeColour(channel);
    const y = area.top + step * (rows.rowOf(channel) + 0.15);
    ticks[colour] =
      `${ticks[colour] ?? ""}M${area.x(seconds - now).toFixed(1)} ${y.toFixed(1)}v${(0.7 * step).toFixed(1)}`;
  }
  const spikes = Object.entries(ticks).map(([colour, d]) => element("path", { d, class: `spike ${colour}` }));
  const pulses = [...eventsIn(activity.pulses, now - windowSeconds, now)].map(({ seconds, channel }) =>
    element("circle", {
      cx: area.x(seconds - now),
      cy: area.top + step * (rows.rowOf(channel) + 0.5),
      r: 2,
      class: `dot ${rows.pulseColour(channel)}`,
    }),
  );
  const drawing = { width, height, title: "Spikes", description: "One row per electrode; dots are pulses." };
  return svg(drawing, area.markup, ...spikes, ...pulses);
}

function rasterCsv(activity: CultureActivity, now: number, windowSeconds: number): string {
  const rows: (string | number)[][] = [];
  for (const { seconds, channel } of eventsIn(activity.spikes, now - windowSeconds, now))
    rows.push([(seconds - now).toFixed(5), channel, "spike", ""]);
  for (const { seconds, channel, value } of eventsIn(activity.pulses, now - windowSeconds, now))
    rows.push([(seconds - now).toFixed(5), channel, "pulse", value.toFixed(3)]);
  return csv(["seconds before now", "electrode", "event", "charge per phase (nC)"], rows);
}
