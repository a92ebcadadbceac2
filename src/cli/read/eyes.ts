/** `wetgrad read eyes`: which word of a page was read when. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";

interface EyesOptions {
  readonly gaze?: string;
  readonly columns: string;
  readonly left: string;
  readonly top: string;
  readonly letterWidth: string;
  readonly lineHeight: string;
  readonly pixelsPerDegree: string;
  readonly seed: string;
  readonly json?: boolean;
}

export function eyesCommand(): Command {
  return new Command("eyes")
    .description("say which word of a page was read when: by E-Z Reader, or from the gaze of a tracker")
    .argument("<page>", "plain English text; set in lines of --columns letters")
    .option("--gaze <file>", "an EyeLink recording (.asc), or samples (.csv with timeMs, x, y in pixels)")
    .option("--columns <n>", "letters of a line at most", "70")
    .option("--left <px>", "where the text stands on the screen: left edge of the first letter", "0")
    .option("--top <px>", "middle of the first line", "0")
    .option("--letter-width <px>", "width of a letter", "10")
    .option("--line-height <px>", "from line to line", "30")
    .option("--pixels-per-degree <n>", "of the visual angle", "30")
    .option("--seed <n>", "of the simulated eyes", "1")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ wetgrad read eyes page.txt\n  $ wetgrad read eyes page.txt --gaze reader.asc --left 100 --top 80 --letter-width 12 --line-height 40",
    )
    .action(eyes);
}

async function eyes(path: string, options: EyesOptions): Promise<void> {
  const number = (name: keyof EyesOptions, flag: string, min: number, whole = false) =>
    numberOf(String(options[name]), flag, { min, max: 1e6, whole });
  const columns = number("columns", "--columns", 10, true);
  const geometry = {
    left: number("left", "--left", -1e6),
    top: number("top", "--top", -1e6),
    letterWidth: number("letterWidth", "--letter-width", 0.1),
    lineHeight: number("lineHeight", "--line-height", 0.1),
  };
  const pixelsPerDegree = number("pixelsPerDegree", "--pixels-per-degree", 0.1);
  const seed = number("seed", "--seed", 0, true);
  const { layPage } = await import("../../reading/eyes/page.ts");
  const { sentencesOf } = await import("../../reading/eyes/page-text.ts");
  const { readSoFar } = await import("../../reading/gaze/read-so-far.ts");
  const page = layPage(sentencesOf(readFileSync(path, "utf8"), path), { columns });
  const fixations = options.gaze
    ? await tracked(options.gaze, page, geometry, pixelsPerDegree)
    : await simulated(page, seed);
  const read = readSoFar(fixations).map(({ word, onsetMs, offsetMs }) => ({
    word,
    text: page[word].text,
    line: page[word].line,
    onsetMs: Math.round(onsetMs),
    offsetMs: Math.round(offsetMs),
  }));
  const last = fixations.at(-1)!;
  const minutes = (last.onsetMs + last.durationMs - fixations[0].onsetMs) / 60_000;
  const wordsPerMinute = read.length / minutes;
  if (options.json) printJson({ words: page.length, fixations: fixations.length, wordsPerMinute, read });
  else {
    for (const { text, onsetMs } of read) print(`${String(onsetMs).padStart(8)} ms  ${text}`);
    print(
      `${read.length} of ${page.length} words, ${fixations.length} fixations, ${wordsPerMinute.toFixed(0)} words a minute`,
    );
  }
}

type Page = ReturnType<typeof import("../../reading/eyes/page.ts").layPage>;
type Geometry = import("../../reading/gaze/fixation.ts").PageGeometry;

async function tracked(file: string, page: Page, geometry: Geometry, pixelsPerDegree: number) {
  const { openGaze } = await import("../../reading/gaze/open-gaze.ts");
  const { toGrid } = await import("../../reading/gaze/fixation.ts");
  const { assignWords } = await import("../../reading/gaze/words.ts");
  return assignWords(toGrid(await openGaze(file, pixelsPerDegree), geometry), page);
}

async function simulated(page: Page, seed: number) {
  const { Random } = await import("../../math/random.ts");
  const { EZ_READER } = await import("../../reading/eyes/ez-reader-parameters.ts");
  const { frequencyPerMillion } = await import("../../reading/eyes/frequency.ts");
  const { trackPage } = await import("../../reading/gaze/simulated-page.ts");
  const { words, true: places } = trackPage(
    page,
    ({ text }) => ({ letters: text.length, perMillion: frequencyPerMillion(text), predictability: 0 }),
    {
      random: Random.of(seed, "eyes"),
      error: { offsetLetters: 0, driftLetters: 0, lineLetters: 3 },
      parameters: EZ_READER,
    },
  );
  return places.map((fixation, i) => ({ ...fixation, word: words[i] }));
}
