/** Sentences as they stand on the page, and where the eyes went: a circle for each fixation, as large as it was long, joined in their order. */
import { element, line, pathThrough, svg, text, tooltip } from "../../report/plot/svg.ts";
import type { ReadExample } from "../brain/example.ts";
import type { SimulatedFixation } from "../eyes/ez-reader.ts";

const LINE_HEIGHT = 62;
const MOST_LETTER_WIDTH = 11;
/** Of a fixed-width letter, by its size. */
const WIDTH_BY_SIZE = 0.602;

/** Where the eyes are: in which of the sentences, ms from its beginning. */
export interface Gaze {
  readonly sentence: number;
  readonly ms: number;
}

/** With `now`, the eyes have come so far: the word that is fixated is lit, later fixations are not there yet. */
export function scanPath(read: readonly ReadExample[], width: number, now?: Gaze): string {
  const letters = Math.max(...read.map(({ text: sentence }) => sentence.length));
  const letterWidth = Math.min(MOST_LETTER_WIDTH, (width - 8) / letters);
  const lines = read.map((sentence, n) =>
    drawLine(soFar(sentence, n, now), 24 + n * LINE_HEIGHT, letterWidth),
  );
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

interface Seen extends Pick<ReadExample, "text" | "fixations"> {
  /** The fixation that the eyes are in. */
  readonly current?: SimulatedFixation | undefined;
}

function soFar({ text: sentence, fixations }: ReadExample, n: number, now: Gaze | undefined): Seen {
  if (!now || n < now.sentence) return { text: sentence, fixations };
  if (n > now.sentence) return { text: sentence, fixations: [] };
  const past = fixations.filter(({ onsetMs }) => onsetMs <= now.ms);
  const last = past.at(-1);
  return {
    text: sentence,
    fixations: past,
    current: last && now.ms <= last.onsetMs + last.durationMs ? last : undefined,
  };
}

/** Behind the word at a place of the sentence. */
function lit(sentence: string, { word }: SimulatedFixation, y: number, letterWidth: number): string {
  const words = [...sentence.matchAll(/\S+/g)];
  const found = words[word];
  if (!found) return "";
  const x = 4 + found.index * letterWidth - 3;
  return element("rect", {
    x,
    y: y - 17,
    width: found[0].length * letterWidth + 6,
    height: 24,
    rx: 5,
    class: "target",
  });
}

function drawLine({ text: sentence, fixations, current }: Seen, y: number, letterWidth: number): string {
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
  const gaze = current
    ? [
        lit(sentence, current, y, letterWidth),
        element("circle", { cx: at(current), cy: under, r: 6, class: "dot teacher" }),
      ]
    : [];
  return element("g", {}, gaze[0] ?? "", rule, letters, path, ...circles, gaze[1] ?? "");
}
