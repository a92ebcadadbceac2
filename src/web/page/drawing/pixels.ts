/** Gives a canvas as many pixels as it has on the screen, two for one at most. */
export interface Fitted {
  readonly context: CanvasRenderingContext2D;
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
}

/** Null where the browser draws nothing. */
export function inPixels(canvas: HTMLCanvasElement): Fitted | null {
  const ratio = Math.min(2, devicePixelRatio);
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio].map(Math.round) as [
    number,
    number,
  ];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  return context && { context, ratio, width, height };
}
