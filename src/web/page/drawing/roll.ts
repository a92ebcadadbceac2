/** What a dish says, note by note, as a piano roll: where the tune goes, and where the tissue went. */

import type { Heard } from "../../dish.ts";
import { NOTES } from "../../dish.ts";
import type { Palette } from "./palette.ts";
import { inPixels } from "./pixels.ts";

/** Notes that are shown. */
const SHOWN = 32;

export function drawRoll(canvas: HTMLCanvasElement, heard: readonly Heard[], palette: Palette): void {
  const fitted = inPixels(canvas);
  if (!fitted) return;
  const { context, width, height, ratio } = fitted;
  context.clearRect(0, 0, width, height);
  const [dx, dy] = [width / SHOWN, height / NOTES];
  const gap = Math.max(1, dy * 0.14);
  context.fillStyle = palette.dish;
  context.fillRect(0, 0, width, height);
  const shown = heard.slice(-SHOWN);
  context.lineWidth = Math.max(1, ratio);
  shown.forEach(({ next, said, isWritten }, i) => {
    const box = (note: number) =>
      [i * dx + gap / 2, height - (note + 1) * dy + gap / 2, dx - gap, dy - gap] as const;
    if (isWritten) {
      context.fillStyle = palette.write;
      context.fillRect(...box(next));
      return;
    }
    context.fillStyle = said === next ? palette.right : palette.wrong;
    context.fillRect(...box(said));
    if (said === next) return;
    context.strokeStyle = palette.soft;
    context.strokeRect(...box(next));
  });
}
