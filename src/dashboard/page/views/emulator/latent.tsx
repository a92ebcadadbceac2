/** The way of a probe through the emulator's latent space, step by step, on its principal axes: in a plane or in space. */
import { useCallback, useRef } from "preact/hooks";
import { classShade, domainsOf, pathPlot } from "../../../../report/plot/paths.ts";
import type { MessageOf } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Drawing, Figure } from "../../figures/figure.tsx";
import { GlCanvas } from "../../gl/canvas.tsx";
import { type CapsuleBuffer, type Capsules, FLOATS } from "../../gl/capsules.ts";
import { classRow, colourRow } from "../../gl/palette.ts";
import type { Model } from "../../state/model.ts";
import { choose, useRoute } from "../../state/route.ts";

type Probe = NonNullable<MessageOf<"probe">["shown"]>;

export function Latent({ model, culture }: { readonly model: Model; readonly culture: number }) {
  const route = useRoute();
  const probe = ["descent", "common"]
    .map((arm) => model.probes.get(`${culture}:${arm}`)?.shown)
    .find((shown) => shown && shown.latent.length > 0);
  const isFlat = route.chosen["space"] === "2d";
  const source = useRef({ probe, isFlat, turn: 0.6, tilt: 0.35, isHeld: false });
  source.current.probe = probe;
  source.current.isFlat = isFlat;
  const make = useCallback((capsules: Capsules) => drawer(capsules, source.current), []);
  const figure = model.report?.report.series?.[0]?.figures.latent;
  if (!probe && !figure) return null;
  const classes = 1 + Math.max(1, ...(probe?.labels ?? figure?.after.map(({ label }) => label) ?? []));
  const explained = probe?.explained ?? figure?.explained ?? [];
  const axis = (i: number) =>
    `principal axis ${i + 1} (${(100 * (explained[i] ?? 0)).toFixed(0)} % of variance)`;
  const drawing = () => {
    const paths = probe
      ? probe.latent.map(([x = 0, y = 0], i) => ({ label: probe.labels[i] ?? 0, points: [[x, y] as const] }))
      : (figure?.after ?? []);
    return pathPlot({
      title: "Latent states",
      description: "Probe presentations in the emulator's latent space, coloured by class.",
      width: 470,
      height: 400,
      classes,
      xLabel: axis(0),
      yLabel: axis(1),
      paths,
      ...domainsOf(paths),
    });
  };
  return (
    <Figure
      name="latent"
      class="tall"
      title="Latent trajectory"
      aside={
        probe ? (
          <label class="choice">
            in{" "}
            <select
              value={isFlat ? "2d" : "3d"}
              onChange={(event) => choose("space", event.currentTarget.value)}
            >
              <option value="2d">2-D</option>
              <option value="3d">3-D</option>
            </select>
          </label>
        ) : null
      }
      caption={
        probe
          ? `The culture's states in a probe, one dot a step, joined in order; colour: the class that comes next, from low (blue) to high (yellow). Axes: ${probe.explained.map((share) => `${(100 * share).toFixed(0)} %`).join(", ")} of the variance.${isFlat ? "" : " Drag to turn."}`
          : "After training: each line is one presentation's way through the latent space; the number is the class that comes next."
      }
      svg={drawing}
      csv={() =>
        csv(
          ["step", "class of next value", axis(0), axis(1), axis(2)],
          (probe?.latent ?? []).map((point, i) => [
            (probe?.firstStep ?? 0) + i,
            (probe?.labels[i] ?? 0) + 1,
            ...point,
          ]),
        )
      }
    >
      {probe ? (
        <div
          class="turnable"
          onPointerDown={(event) => {
            source.current.isHeld = true;
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerUp={() => {
            source.current.isHeld = false;
          }}
          onPointerMove={(event) => {
            if (!source.current.isHeld) return;
            source.current.turn += event.movementX / 120;
            source.current.tilt = Math.max(-1.5, Math.min(1.5, source.current.tilt + event.movementY / 120));
          }}
        >
          <GlCanvas
            class="square"
            make={make}
            label={`Latent states of ${probe.latent.length} probe steps on three principal axes.`}
          />
        </div>
      ) : (
        <Drawing svg={drawing()} />
      )}
    </Figure>
  );
}

interface Source {
  probe: Probe | undefined;
  isFlat: boolean;
  turn: number;
  tilt: number;
  isHeld: boolean;
}

const still = matchMedia("(prefers-reduced-motion: reduce)");

function drawer(capsules: Capsules, source: Source) {
  let buffer: CapsuleBuffer | null = null;
  let last = 0;
  return (_: Capsules, width: number, height: number, nowMs: number) => {
    const { probe, isFlat } = source;
    if (!probe) return;
    capsules.begin(width, height);
    buffer ??= capsules.buffer(1024);
    if (!source.isHeld && !still.matches && !isFlat) source.turn += Math.min(100, nowMs - last) * 1.2e-4;
    last = nowMs;
    const size = Math.max(1e-6, ...probe.latent.flat().map(Math.abs));
    const scale = (0.46 * Math.min(width, height)) / size;
    const [cos, sin] = isFlat ? [1, 0] : [Math.cos(source.turn), Math.sin(source.turn)];
    const [cosTilt, sinTilt] = isFlat ? [1, 0] : [Math.cos(source.tilt), Math.sin(source.tilt)];
    const project = ([x = 0, y = 0, z = 0]: readonly number[]) => {
      const depth = -x * sin + z * cos;
      return {
        x: x * cos + z * sin,
        y: -(y * cosTilt - depth * sinTilt),
        depth: (y * sinTilt + depth * cosTilt) / size,
      };
    };
    const points = probe.latent.map(project);
    const classes = 1 + Math.max(1, ...probe.labels);
    const data = buffer.data;
    let n = 0;
    const axes = isFlat
      ? [
          [1, 0, 0],
          [0, 1, 0],
        ]
      : [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ];
    for (const axis of axes) {
      const end = project(axis.map((value) => value * size));
      data.set([-end.x, -end.y, end.x, end.y, 0.5, 0, colourRow.rule, 0.5], n++ * FLOATS);
    }
    for (let i = 1; i < points.length; i++)
      data.set(
        [points[i - 1].x, points[i - 1].y, points[i].x, points[i].y, 0.4, 0, colourRow.soft, 0.3],
        n++ * FLOATS,
      );
    points.forEach(({ x, y, depth }, i) => {
      const row = classRow(classShade(probe.labels[i] ?? 0, classes));
      data.set(
        [x, y, x, y, isFlat ? 4 : 4 + 1.6 * depth, 0, row, isFlat ? 0.95 : 0.75 + 0.25 * depth],
        n++ * FLOATS,
      );
    });
    capsules.upload(buffer, 0, n);
    capsules.draw(buffer, 0, n, { scale: [scale, scale], offset: [width / 2, height / 2] });
  };
}
