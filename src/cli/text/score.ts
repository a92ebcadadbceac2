/** `wetgrad text score`: how well a model copies sentences that it was not trained on, free running. */
import { Command } from "commander";
import { UsageError } from "../manners/errors.ts";
import { print, printJson } from "../manners/output.ts";
import { openModel, withModelOption } from "./model.ts";

export function scoreCommand(): Command {
  return withModelOption(
    new Command("score")
      .description("say how well a model copies held-out sentences, free running from the mean of z")
      .argument("[file]", "sentences, one a line (default: those held out of the model's own corpus)"),
  )
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad text score --json")
    .action(async (file: string | undefined, { model, json }: { model?: string; json?: boolean }) => {
      const { evaluateText } = await import("../../text/metrics/evaluate.ts");
      const { sentencesIn } = await import("../../text/corpus/corpus.ts");
      const { heldOutOf } = await import("../../text/training/held-out.ts");
      const { saved, codec } = await openModel(model);
      const given = file === undefined ? heldOutOf(saved) : undefined;
      const all = given?.heldOut ?? sentencesIn(file!);
      const fits = [...all.keys()].filter((n) => saved.tokenizer.encode(all[n]).length <= codec.longest);
      if (fits.length < 2)
        throw new UsageError(
          `${file}: expected at least 2 sentences of at most ${codec.longest} tokens, got ${fits.length}`,
        );
      const figures = await evaluateText(
        codec,
        { sentences: fits.map((n) => all[n]), apart: fits.map((n) => given?.apart[n] ?? false) },
        saved.settings.seed,
      );
      const leftOut = all.length - fits.length;
      if (json) return printJson({ ...figures, leftOut });
      const { tokenAccuracy, bleu4, exact, kl, activeShare, baselines } = figures;
      const line = (name: string, f: { tokenAccuracy: number; bleu4: number; exact: number }) =>
        `${name.padEnd(22)} tokens ${f.tokenAccuracy.toFixed(3)}  BLEU-4 ${f.bleu4.toFixed(3)}  exact ${f.exact.toFixed(3)}`;
      print(
        [
          `${figures.sentences} sentences, ${leftOut} too long; KL ${kl.toFixed(1)} nats, ${(100 * activeShare).toFixed(0)} % of z active`,
          line("free running from z", { tokenAccuracy, bleu4, exact }),
          line(`of these ${figures.apart.sentences} apart`, figures.apart),
          line("z of the prior", baselines.priorZ),
          line("z of another sentence", baselines.otherZ),
          line("without z", baselines.baseAlone),
          ...figures.examples.map(({ sentence, said }) => `  ${sentence}\n    ${said}`),
        ].join("\n"),
      );
    });
}
