/** A fixation as a tracker gives it, on the screen. */
export interface GazeFixation {
  /** From the start of the recording, ms. */
  readonly onsetMs: number;
  readonly durationMs: number;
  /** Pixels, y downwards. */
  readonly x: number;
  readonly y: number;
}

/** Where a page of text stands on the screen, pixels. */
export interface PageGeometry {
  /** Left edge of the first letter, and middle of the first line. */
  readonly left: number;
  readonly top: number;
  readonly letterWidth: number;
  readonly lineHeight: number;
}

/** The same on the grid of letters: columns from the left margin, lines from the first. */
export interface GridFixation {
  readonly onsetMs: number;
  readonly durationMs: number;
  readonly column: number;
  readonly line: number;
}

export function toGrid(fixations: readonly GazeFixation[], geometry: PageGeometry): GridFixation[] {
  const { left, top, letterWidth, lineHeight } = geometry;
  return fixations.map(({ onsetMs, durationMs, x, y }) => ({
    onsetMs,
    durationMs,
    column: (x - left) / letterWidth,
    line: (y - top) / lineHeight,
  }));
}
