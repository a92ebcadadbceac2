/** The ring of notes around the dish: which is told, which is written, which the tissue says. */

import type { Tune } from "../../deeds.ts";
import { NOTES } from "../../dish.ts";
import { NAMES } from "../sound.ts";
import type { Palette } from "./palette.ts";

/** Light of each note, 0 to 1, by what it was. */
export interface Pads {
  readonly datum: Float32Array;
  readonly write: Float32Array;
  readonly right: Float32Array;
  readonly wrong: Float32Array;
  tune: Tune;
  /** Whether the pads ask to be tapped. */
  isInviting: boolean;
}

/** To a third in so many ms. */
const FADE_MS = 140;
const RING = 0.437;
const PAD = 0.05;

/** Centre of a note's pad, of the canvas's side. */
export function padAt(note: number): { x: number; y: number } {
  const angle = (2 * Math.PI * note) / NOTES - Math.PI / 2;
  return { x: 0.5 + RING * Math.cos(angle), y: 0.5 + RING * Math.sin(angle) };
}

/** Fades the lights by `dt` ms and draws them. */
export function drawPads(
  context: CanvasRenderingContext2D,
  pads: Pads,
  { size, palette, dt }: { readonly size: number; readonly palette: Palette; readonly dt: number },
): void {
  const fade = Math.exp(-dt / FADE_MS);
  const radius = PAD * size;
  context.lineWidth = Math.max(1, size / 350);
  context.strokeStyle = palette.rim;
  context.setLineDash([size / 200, size / 90]);
  context.beginPath();
  for (let i = 0; i < NOTES; i++) joinPads(context, pads.tune[i], pads.tune[(i + 1) % NOTES], size);
  context.stroke();
  context.setLineDash([]);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 ${Math.round(radius * 0.8)}px system-ui, sans-serif`;
  for (let note = 0; note < NOTES; note++) {
    const at = padAt(note);
    const [x, y] = [at.x * size, at.y * size];
    const disc = (scale: number) => {
      context.beginPath();
      context.arc(x, y, radius * scale, 0, 2 * Math.PI);
    };
    context.fillStyle = palette.page;
    disc(1);
    context.fill();
    for (const [light, colour] of [
      [pads.datum, palette.datum],
      [pads.write, palette.write],
      [pads.right, palette.right],
      [pads.wrong, palette.wrong],
    ] as const) {
      context.globalAlpha = light[note];
      context.fillStyle = colour;
      disc(1 + 0.18 * light[note]);
      context.fill();
      light[note] *= fade;
    }
    context.globalAlpha = 1;
    const isLit = [pads.datum, pads.write, pads.right, pads.wrong].some((light) => light[note] > 0.4);
    context.lineWidth = Math.max(1, size / (pads.isInviting ? 170 : 320));
    context.strokeStyle = pads.isInviting ? palette.right : palette.rim;
    disc(1);
    context.stroke();
    context.fillStyle = isLit ? palette.page : palette.ink;
    context.fillText(NAMES[note], x, y);
  }
}

/** The way of the tune from one pad to the next: along the ring to a neighbour, otherwise straight. */
function joinPads(context: CanvasRenderingContext2D, from: number, to: number, size: number): void {
  const [a, b] = [padAt(from), padAt(to)];
  context.moveTo(a.x * size, a.y * size);
  const apart = Math.abs(from - to);
  if (apart !== 1 && apart !== NOTES - 1) {
    context.lineTo(b.x * size, b.y * size);
    return;
  }
  const middle = { x: (a.x + b.x) / 2 - 0.5, y: (a.y + b.y) / 2 - 0.5 };
  context.quadraticCurveTo(
    (0.5 + 1.16 * middle.x) * size,
    (0.5 + 1.16 * middle.y) * size,
    b.x * size,
    b.y * size,
  );
}
