/** A report on a series in words for anyone: what was done, and what came of it. Nothing is judged here. */
import { percent } from "../format.ts";
import { labelOf } from "../names.ts";
import type { CodeReport } from "../schema/series.ts";
import type { SeriesReport } from "../schema.ts";

export interface Story {
  /** One sentence. */
  readonly headline: string;
  /** What was done, in two or three. */
  readonly story: string;
}

/** Methods by which tissue is taught with pulses on electrodes alone. */
const BY_STIMULATION = ["stimulate", "error-correcting", "learned-descent"];

export function storyOf(report: SeriesReport, code: CodeReport): Story {
  return { headline: headlineOf(report, code), story: whatWasDone(report, code) };
}

function headlineOf({ task, verdict, config }: SeriesReport, { arms }: CodeReport): string {
  const { descent, sham } = arms;
  if (!descent)
    return `${task.name}: ${Object.keys(arms)
      .map((name) => labelOf(name))
      .join(", ")}.`;
  const isOne = verdict.seeds === 1;
  const how = BY_STIMULATION.includes(String(config["method"] ?? "stimulate"))
    ? "Taught by stimulation alone"
    : "Once taught";
  const [one, many] = config["tissue"] === undefined ? ["culture", "cultures"] : ["brain", "brains"];
  const says = `${isOne ? `one ${one} says` : `${many} say`} what comes next ${rate(descent)} of the time`;
  const beside = sham
    ? `${isOne ? "its untaught twin is" : "untaught ones are"} right ${rate(sham)}`
    : `guessing is right ${percent(task.chance)} %`;
  return `${how}, ${says}; ${beside}.`;
}

function rate({ probe }: CodeReport["arms"][string]): string {
  return `${percent(probe.accuracy.mean, 0)} %`;
}

function whatWasDone({ task, verdict, config }: SeriesReport, { arms }: CodeReport): string {
  const { seeds } = verdict;
  const who = `${whoOf(config, seeds)}${seeds === 1 ? " was" : " were"}`;
  const lessons = Number(config["presentations"]) * Number(config["cycles"]);
  const often = lessons > 0 ? ` ${lessons.toLocaleString("en")} data` : " the data";
  const written = arms["descent"]
    ? `, each followed by ${config["tissue"] === undefined ? "pulses" : "light on groups of cells"} that gradient descent on a model of ${seeds === 1 ? "it" : "the culture"} had chosen`
    : "";
  return `${who} shown${often} of ${task.name}${written}. Then the writing stopped: data that were held out go in, and the culture's own spikes are the answer. Guessing is right ${percent(task.chance)} % of the time.`;
}

/** Cultures, or brains of a wiring diagram. */
function whoOf({ tissue, rewire, neurons }: SeriesReport["config"], seeds: number): string {
  if (typeof tissue !== "string")
    return `${seeds === 1 ? "A culture" : `${seeds} cultures`}${ofNeurons(neurons)}`;
  const file = tissue.replace(/^wiring:(.*[/\\])?/, "");
  const changed = typeof rewire === "string" ? `, its ${rewire} dealt out anew,` : "";
  return `${seeds === 1 ? "A simulated brain" : `${seeds} simulated brains`} of the wiring diagram ${file}${changed}`;
}

function ofNeurons(neurons: unknown): string {
  return typeof neurons === "number" ? ` of ${neurons.toLocaleString("en")} neurons` : "";
}
