/** The growth of the culture as a film: its somata, and its synapses as they are born, day by day. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { DEFAULT_SCAFFOLD, SCAFFOLDS } from "../../../../device/simulated/scaffolds.ts";
import { element, line, svg, text } from "../../../../report/plot/svg.ts";
import type { RunMessage } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Figure } from "../../figures/figure.tsx";
import { changes, GlCanvas } from "../../gl/canvas.tsx";
import { type Capsules, FLOATS } from "../../gl/capsules.ts";
import { colourRow, currentPalette } from "../../gl/palette.ts";
import type { GrowthFilm, GrowthQuestion } from "./growth-worker.ts";
import { startGrowthWorker } from "./start-growth-worker.ts";

const DAYS_PER_SECOND = 3;
/** Days in which a new synapse fades in. */
const FADE_DAYS = 1.5;

export function Growth({ run, culture }: { readonly run: RunMessage; readonly culture: number }) {
  const seed = run.cultures[culture]?.seed ?? 1;
  const [film, setFilm] = useState<GrowthFilm | null>(null);
  const [isAsked, ask] = useState(false);
  const [isPlaying, play] = useState(true);
  const [day, setDay] = useState(1);
  const neurons = Number(run.config["neurons"]);
  const preset = run.config["preset"] === "quiet" ? "quiet" : "default";
  const scaffold = SCAFFOLDS.find((name) => name === run.config["scaffold"]) ?? DEFAULT_SCAFFOLD;
  useEffect(() => {
    setFilm(null);
    if (!isAsked) return;
    const worker = startGrowthWorker();
    worker.onmessage = ({ data }: MessageEvent<GrowthFilm>) => {
      setFilm(data);
      setDay(1);
    };
    worker.postMessage({ seed, neurons, preset, scaffold } satisfies GrowthQuestion);
    return () => worker.terminate();
  }, [isAsked, seed, neurons, preset, scaffold]);
  useEffect(() => {
    if (!film || !isPlaying) return;
    const timer = setInterval(
      () => setDay((now) => (now >= film.days.length ? 1 : now + DAYS_PER_SECOND / 20)),
      50,
    );
    return () => clearInterval(timer);
  }, [film, isPlaying]);
  const shown = useRef({ film, day });
  shown.current = { film, day };
  const make = useCallback((capsules: Capsules) => drawer(capsules, () => shown.current), []);
  if (!film)
    return (
      <section class="card" aria-labelledby="growth-title">
        <div class="head">
          <h2 id="growth-title">Growth</h2>
          <span class="soft">seed {seed}</span>
        </div>
        <p>The life of this culture's wiring, from the first day in vitro to the thirty-fifth.</p>
        <button type="button" disabled={isAsked} onClick={() => ask(true)}>
          {isAsked ? "Growing …" : "Show the film"}
        </button>
      </section>
    );
  const now = film.days[Math.min(film.days.length, Math.floor(day)) - 1];
  return (
    <Figure
      name="growth"
      title="Growth"
      aside={<span class="soft">day {Math.floor(day)} in vitro</span>}
      caption={`${now.synapses.toLocaleString("en")} synapses, ${now.meanOutDegree.toFixed(0)} per cell; axons reach ${(1000 * now.reachMm).toFixed(0)} µm; GABA reverses at ${now.gabaReversalMv.toFixed(0).replace("-", "−")} mV. Blue: excitatory cells, orange: inhibitory. ${film.pre.length.toLocaleString("en")} of ${film.synapses.toLocaleString("en")} synapses are drawn, in ${film.widthMm} × ${film.heightMm} mm.`}
      svg={() => growthSvg(film, day)}
      csv={() =>
        csv(
          [
            "day in vitro",
            "synapses",
            "synapses per cell",
            "new synapses",
            "axon reach (mm)",
            "GABA reversal (mV)",
          ],
          film.days.map((d) => [
            d.day,
            d.synapses,
            d.meanOutDegree,
            d.newSynapses,
            d.reachMm,
            d.gabaReversalMv,
          ]),
        )
      }
    >
      <GlCanvas
        class="square"
        make={make}
        label={`The culture on day ${Math.floor(day)}: ${now.synapses} synapses.`}
      />
      <p class="chooser player">
        <button type="button" onClick={() => play(!isPlaying)}>
          {isPlaying ? "Hold" : "Play"}
        </button>
        <input
          type="range"
          min={1}
          max={film.days.length}
          step={0.1}
          value={day}
          aria-label="Day in vitro"
          onInput={(event) => {
            play(false);
            setDay(Number(event.currentTarget.value));
          }}
        />
      </p>
    </Figure>
  );
}

function drawer(capsules: Capsules, source: () => { film: GrowthFilm | null; day: number }) {
  const buffer = capsules.buffer(32_768);
  const isNew = changes();
  return (_: Capsules, width: number, height: number) => {
    const { film, day } = source();
    if (!film || !isNew(film, day, width, height, currentPalette())) return;
    capsules.begin(width, height);
    const { positionsMm, pre, post, bornDay, excitatoryCount } = film;
    const { data } = buffer;
    let n = 0;
    const room = 32_768 - positionsMm.length / 2;
    for (let k = 0; k < pre.length && n < room; k++) {
      const age = day - bornDay[k];
      if (age <= 0) continue;
      const [i, j] = [pre[k], post[k]];
      const row = i < excitatoryCount ? colourRow.descent : colourRow.teacher;
      const opacity = 0.16 * Math.min(1, age / FADE_DAYS);
      data.set(
        [
          positionsMm[2 * i],
          positionsMm[2 * i + 1],
          positionsMm[2 * j],
          positionsMm[2 * j + 1],
          0.3,
          0,
          row,
          opacity,
        ],
        n++ * FLOATS,
      );
    }
    for (let i = 0; i < positionsMm.length / 2; i++) {
      const [x, y] = [positionsMm[2 * i], positionsMm[2 * i + 1]];
      data.set(
        [x, y, x, y, 1.7, 0, i < excitatoryCount ? colourRow.descent : colourRow.teacher, 0.95],
        n++ * FLOATS,
      );
    }
    capsules.upload(buffer, 0, n);
    const scale = Math.min((width - 8) / film.widthMm, (height - 8) / film.heightMm);
    capsules.draw(buffer, 0, n, {
      scale: [scale, scale],
      offset: [(width - film.widthMm * scale) / 2, (height - film.heightMm * scale) / 2],
    });
  };
}

function growthSvg(
  { positionsMm, pre, post, bornDay, excitatoryCount, widthMm, heightMm }: GrowthFilm,
  day: number,
): string {
  const scale = 580 / Math.max(widthMm, heightMm);
  const at = (cell: number) =>
    [0, 1].map((axis) => 10 + scale * positionsMm[2 * cell + axis]) as [number, number];
  const name = (cell: number) => (cell < excitatoryCount ? "descent" : "teacher");
  const lines = [...pre.keys()].flatMap((k) =>
    bornDay[k] < day
      ? [
          line(at(pre[k]), at(post[k]), {
            class: `line ${name(pre[k])}`,
            "stroke-width": 0.4,
            opacity: 0.2,
          }),
        ]
      : [],
  );
  const cells = Array.from({ length: positionsMm.length / 2 }, (_, cell) => {
    const [cx, cy] = at(cell);
    return element("circle", { cx, cy, r: 1.8, class: `dot ${name(cell)}` });
  });
  const note = text(10, 620, `day ${Math.floor(day)} in vitro; ${widthMm} mm wide`, { class: "tick" });
  return svg(
    { width: 600, height: 630, title: "Growth", description: `The culture on day ${Math.floor(day)}` },
    ...lines,
    ...cells,
    note,
  );
}
