/** `wetgrad wiring tune`: the working point of a wiring diagram, and gains that bring it to a wanted one. */
import { Command } from "commander";
import type { WorkingPoint } from "../../odours/working-point.ts";
import { significant } from "../../report/format.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";

interface TuneTexts {
  readonly synapseMv: string;
  readonly kenyonShare?: string;
  readonly outputSpikes?: string;
  readonly json?: boolean;
}

export function tuneCommand(): Command {
  return new Command("tune")
    .description(
      "measure how a brain answers odours; with goals, find the gains onto Kenyon cells and output neurons that reach them",
    )
    .argument(
      "<wiring.safetensors>",
      "a larva's brain, or any with the same names of classes, as convert wrote it",
    )
    .option("--synapse-mv <mV>", "what one synapse gives", "0.8")
    .option("--kenyon-share <share>", "goal: part of the Kenyon cells that answer an odour")
    .option("--output-spikes <n>", "goal: spikes of an output neuron in an odour")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad wiring tune rewired.safetensors --kenyon-share 0.157 --output-spikes 7.1\n",
    )
    .action(tuneWiring);
}

async function tuneWiring(
  path: string,
  { synapseMv, kenyonShare, outputSpikes, json }: TuneTexts,
): Promise<void> {
  const { loadWiring } = await import("../../wiring/file/load.ts");
  const { circuitOf, LARVA } = await import("../../odours/circuit.ts");
  const { workingPoint } = await import("../../odours/working-point.ts");
  const { tune } = await import("../../odours/tune.ts");
  const source = { path, wiring: loadWiring(path), words: LARVA };
  const setting = { synapseMv: numberOf(synapseMv, "--synapse-mv", { min: 0.001, max: 1000 }), rule: {} };
  const point = await workingPoint(circuitOf(source, setting));
  const goal = {
    kenyonShare:
      kenyonShare === undefined
        ? point.kenyonShare
        : numberOf(kenyonShare, "--kenyon-share", { min: 0, max: 1 }),
    outputSpikes:
      outputSpikes === undefined
        ? point.outputSpikes
        : numberOf(outputSpikes, "--output-spikes", { min: 0, max: 1000 }),
  };
  if (kenyonShare === undefined && outputSpikes === undefined) {
    if (json) printJson({ point });
    else print(lineOf(point));
    return;
  }
  const progress = createProgress(process.stderr);
  let done = 0;
  const tuned = await tune(
    (gains) => circuitOf(source, { ...setting, gains }),
    goal,
    (seen) => progress.update({ done: ++done, total: 17, unit: "points", message: lineOf(seen) }),
  );
  progress.end();
  if (json) printJson({ goal, ...tuned, before: point });
  else
    print(
      [
        ...tuned.gains.factors.map(({ pair, factor }) => `${pair} x ${significant(factor)}`),
        lineOf(tuned.point),
      ].join("\n"),
    );
}

function lineOf({ kenyonShare, overlap, outputSpikes, sustained }: WorkingPoint): string {
  return `${(100 * kenyonShare).toFixed(1)} % of Kenyon cells answer an odour, overlap of two odours ${overlap.toFixed(2)}, ${outputSpikes.toFixed(1)} spikes an output neuron, ${(100 * sustained).toFixed(1)} % of the activity goes on after it`;
}
