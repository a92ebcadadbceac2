/** What a reader of the report has to know, and what it says in one line. */
import { fixed } from "../../report/format.ts";
import { type ArmName, CONTROLS } from "../arms.ts";
import { CONTEXT_SIZE, WRITE_SIZE } from "../codes.ts";
import type { WritingResults } from "../run.ts";
import type { MeasuredReport, WritingReport } from "./schema.ts";

export function notesOf({ config, strings }: WritingResults): string[] {
  const { numbers, pairs, babbles, presentations, plasticity } = config;
  return [
    `What is written are the first ${numbers} principal numbers of z, each of variance 1; they hold ${(100 * strings.explained).toFixed(0)} % of its variance. So a sentence cannot be written whole: "target, by its numbers" is the most that any arm could say.`,
    `A context is the code of a string on ${CONTEXT_SIZE} sensory electrodes, three volleys 25 ms apart, not a text read word by word; a write is ${WRITE_SIZE} of the others, 4 ms after each volley.`,
    `${babbles} babbled presentations, plasticity off, of contexts and codes drawn independently; ${strings.targets ? "the targets were chosen and never babbled, contexts come" : "contexts and targets come"} from text held out of babbling and of the text model's training.`,
    `${presentations} presentations of ${pairs} pairs, plasticity ${plasticity} of the culture's own; tests with plasticity off, which a dish cannot do.`,
    "What is tested is what was trained, contexts too: this is association. Untaught contexts stand beside it.",
    "While it is written, what a pulse evokes at its own electrode is hidden from the array by the artifact and is put back as a copy of the pulse, as in every experiment here; what the array itself read stands beside it.",
    "Every arm begins from the same snapshot of each culture, which a dish has not. A frozen culture is written to as well: it is a control of what is left, not of what is seen while it is written.",
  ];
}

/** Controls whose interval reaches that of the descent. */
export function notBeaten({ arms }: WritingReport, when: "while" | "after"): ArmName[] {
  const mine = arms.descent?.[when];
  if (!mine) return [];
  return CONTROLS[when].filter((arm) => {
    const theirs = arms[arm]?.[when];
    return theirs !== undefined && theirs.cosine.ci95[1] >= mine.cosine.ci95[0];
  });
}

export function verdictOf(report: WritingReport): string {
  const { arms, config, againstHand } = report;
  const { descent } = arms;
  if (!descent?.while) return `${config.seeds} cultures, no descent`;
  const show = ({ cosine }: MeasuredReport) =>
    `${fixed(cosine.mean, 2)} [${cosine.ci95.map((end) => fixed(end, 2)).join(", ")}]`;
  const left = notBeaten(report, "after");
  const against = againstHand
    ? `, ${(100 * againstHand.after.share).toFixed(0)} % of what writes by hand leave`
    : "";
  const controls =
    config.seeds < 2
      ? "one culture: nothing is claimed"
      : left.length === 0
        ? "above every control"
        : `not above ${left.join(" and ")}`;
  return `Written by descent, the tissue's latent comes to ${show(descent.while)} of its target, and keeps ${show(descent.after)} with nothing written${against}: ${controls}`;
}
