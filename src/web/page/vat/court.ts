/** The court: the vat's paddle at the left, the wall or a person's at the right, and what its brains vote for. */
import { HALF_PADDLE } from "../../../tasks/pong/pong-game.ts";
import type { Palette } from "../drawing/palette.ts";
import { inPixels } from "../drawing/pixels.ts";
import { type DuelRun, STEP_MS } from "./duel-run.ts";

/** A ball that has come further than it flies in a step was served anew: it is not drawn on its way. */
const FARTHEST = 0.3;

export function drawCourt(
  canvas: HTMLCanvasElement,
  run: DuelRun,
  { palette, nowMs }: { readonly palette: Palette; readonly nowMs: number },
): void {
  const fitted = inPixels(canvas);
  if (!fitted) return;
  const { context, width, height } = fitted;
  context.fillStyle = palette.dish;
  context.fillRect(0, 0, width, height);
  const edge = 0.09 * width;
  const [left, right] = [edge, width - edge / 2];
  const x = (at: number) => left + at * (right - left);
  const y = (at: number) => (1 - at) * height;
  const thick = Math.max(4, width / 110);
  const paddle = (at: number, centre: number, colour: string) => {
    context.fillStyle = colour;
    context.fillRect(at - thick / 2, y(centre + HALF_PADDLE), thick, 2 * HALF_PADDLE * height);
  };
  drawVotes(context, run.votes, { palette, width: edge, height });
  if (run.isSplit) paddle(right, run.personY, palette.datum);
  else {
    context.fillStyle = palette.rim;
    context.fillRect(right - thick / 2, 0, thick, height);
  }
  const { court, courtBefore } = run;
  if (!court) return;
  const isFlying =
    courtBefore !== null &&
    Math.abs(court.ballX - courtBefore.ballX) + Math.abs(court.ballY - courtBefore.ballY) < FARTHEST;
  const share = isFlying ? Math.min(1, (nowMs - run.courtAtMs) / STEP_MS) : 1;
  const between = (name: "ballX" | "ballY" | "paddleY") =>
    court[name] * share + (courtBefore ?? court)[name] * (1 - share);
  paddle(left, between("paddleY"), palette.right);
  context.fillStyle = palette.ink;
  context.beginPath();
  context.arc(x(between("ballX")), y(between("ballY")), 0.9 * thick, 0, 2 * Math.PI);
  context.fill();
}

/** Up, stay and down, each as long as its share of the spikes. */
function drawVotes(
  context: CanvasRenderingContext2D,
  votes: Float64Array | null,
  { palette, width, height }: { readonly palette: Palette; readonly width: number; readonly height: number },
): void {
  if (!votes) return;
  const most = Math.max(1, ...votes);
  const bar = height / 9;
  votes.forEach((spikes, move) => {
    context.fillStyle = spikes === most ? palette.right : palette.rim;
    context.fillRect(0, height / 2 + (move - 1.5) * 1.3 * bar, 0.7 * width * (spikes / most), bar);
  });
}
