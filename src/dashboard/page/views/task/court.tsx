/** The Pong court as the culture plays it. */
import type { ComponentChildren } from "preact";
import { useCallback, useRef } from "preact/hooks";
import type { Court as CourtState } from "../../../../experiment/live/frames.ts";
import { element, svg, text } from "../../../../report/plot/svg.ts";
import { csv } from "../../figures/export.ts";
import { Figure } from "../../figures/figure.tsx";
import { GlCanvas } from "../../gl/canvas.tsx";
import { type Capsules, FLOATS } from "../../gl/capsules.ts";
import { colourRow } from "../../gl/palette.ts";
import type { Model } from "../../state/model.ts";

export function Court({ model, culture }: { readonly model: Model; readonly culture: number }) {
  const court = model.courtOf(culture)?.court;
  return court ? <CourtFigure court={court} /> : null;
}

/** `beside`: what else the figure shows below the court. */
export function CourtFigure({
  court,
  beside,
}: {
  readonly court: CourtState;
  readonly beside?: ComponentChildren;
}) {
  const source = useRef(court);
  source.current = court;
  const make = useCallback((capsules: Capsules) => drawer(capsules, () => source.current), []);
  const { hits, misses, rally } = court;
  const score = `${counted(hits, "hit")}, ${counted(misses, "miss")}`;
  return (
    <Figure
      name="court"
      title="Pong"
      class={beside ? "" : "least"}
      aside={<span class="soft">{score}</span>}
      caption={`The ball and the culture's paddle. This rally: ${counted(rally, "hit")}.`}
      svg={() => courtSvg(court)}
      csv={() => csv(Object.keys(court), [Object.values(court) as number[]])}
    >
      <GlCanvas class="square" make={make} label={`Pong court. ${score}.`} />
      {beside}
    </Figure>
  );
}

function counted(n: number, what: "hit" | "miss"): string {
  return `${n} ${n === 1 ? what : what === "hit" ? "hits" : "misses"}`;
}

function drawer(capsules: Capsules, source: () => CourtState) {
  const buffer = capsules.buffer(16);
  /** Where the ball is drawn: it glides to where it is. */
  let ball = { x: 0.5, y: 0.5 };
  let paddle = 0.5;
  return (_: Capsules, width: number, height: number) => {
    const court = source();
    capsules.begin(width, height);
    const jump = Math.abs(court.ballX - ball.x) > 0.3 ? 1 : 0.4;
    ball = { x: ball.x + jump * (court.ballX - ball.x), y: ball.y + jump * (court.ballY - ball.y) };
    paddle += 0.4 * (court.paddleY - paddle);
    const half = court.paddleSize / 2;
    const rows = [
      [0, 0, 1, 0, 1, 0, colourRow.rule, 1],
      [0, 1, 1, 1, 1, 0, colourRow.rule, 1],
      [1, 0, 1, 1, 1, 0, colourRow.rule, 1],
      [0.02, paddle - half, 0.02, paddle + half, 5, 0, colourRow.descent, 1],
      [ball.x, ball.y, ball.x, ball.y, 8, 0, colourRow.teacher, 1],
    ];
    rows.forEach((row, i) => void buffer.data.set(row, i * FLOATS));
    capsules.upload(buffer, 0, rows.length);
    capsules.draw(buffer, 0, rows.length, { scale: [width - 24, height - 24], offset: [12, 12] });
  };
}

function courtSvg({ ballX, ballY, paddleY, paddleSize, hits, misses }: CourtState): string {
  const at = (share: number) => 20 + 360 * share;
  return svg(
    {
      width: 400,
      height: 430,
      title: "Pong",
      description: `${counted(hits, "hit")}, ${counted(misses, "miss")}`,
    },
    element("rect", { x: 20, y: 20, width: 360, height: 360, class: "field" }),
    element("rect", {
      x: 22,
      y: at(paddleY - paddleSize / 2),
      width: 8,
      height: 360 * paddleSize,
      class: "fill descent",
    }),
    element("circle", { cx: at(ballX), cy: at(ballY), r: 8, class: "dot teacher" }),
    text(20, 410, `${counted(hits, "hit")}, ${counted(misses, "miss")}`, { class: "label" }),
  );
}
