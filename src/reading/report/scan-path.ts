/** Sentences as they stand on the page, and where the eyes went: a circle for each fixation, as large as it was long, joined in their order. */
import { element, line, pathThrough, svg, text, tooltip } from "../../report/plot/svg.ts";
import type { ReadExample } from "../brain/culture-reading.ts";

const LINE_HEIGHT = 62;
const MOST_LETTER_WIDTH = 11;
/** Of a fixed-width letter, by its size. */
const WIDTH_BY_SIZE = 0.602;

export function scanPath(read: readonly ReadExample[], width: number): string {
  const letters = Math.max(...read.map(({ text: sentence }) => sentence.length));
  const letterWidth = Math.min(MOST_LETTER_WIDTH, (width - 8) / letters);
  const lines = read.map((sentence, n) => drawLine(sentence, 24 + n * LINE_HEIGHT, letterWidth));
  return svg(
    {
      width,
      height: read.length * LINE_HEIGHT + 4,
      title: "Where the eyes went",
      description: read
        .map(({ text: sentence, fixations }) => `${sentence} ${fixations.length} fixations`)
        .join("; "),
    },
    ...lines,
  );
}

function drawLine({ text: sentence, fixations }: ReadExample, y: number, letterWidth: number): string {
  const at = ({ place }: { place: number }) => 4 + Math.max(0, place) * letterWidth;
  const under = y + 22;
  const size = letterWidth / WIDTH_BY_SIZE;
  const style = `font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:${size.toFixed(2)}px`;
  const letters = text(4, y, sentence, {
    style,
    textLength: sentence.length * letterWidth,
    "xml:space": "preserve",
  });
  const path = element("path", {
    d: pathThrough(fixations.map((fixation) => [at(fixation), under] as const)),
    class: "line thin descent",
  });
  const circles = fixations.map((fixation, i) => {
    const radius = Math.sqrt(fixation.durationMs) / 2.2;
    return element(
      "g",
      {},
      tooltip(
        `fixation ${i + 1}: ${Math.round(fixation.onsetMs)} ms, for ${Math.round(fixation.durationMs)} ms`,
      ),
      element("circle", { cx: at(fixation), cy: under, r: radius, class: "band descent" }),
      element("circle", { cx: at(fixation), cy: under, r: 2, class: "dot descent" }),
    );
  });
  const rule = line([0, under], [sentence.length * letterWidth + 4, under], { class: "grid" });
  return element("g", {}, rule, letters, path, ...circles);
}
