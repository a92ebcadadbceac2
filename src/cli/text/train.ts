/** `wetgrad text train`: a text AdaVAE from nothing. */
import { Command } from "commander";
import type { TrainRequest } from "../../text/training/train-in-folder.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";

const NUMBERS = {
  seed: ["1", "seed", 0, 2 ** 32 - 1, true],
  words: ["1000", "only sentences of this many commonest words; 0 for all", 0, 1e7, true],
  longest: ["8", "words of a sentence at most, where --words is not 0", 1, 1000, true],
  heldOut: ["1000", "sentences held out to score it", 10, 1e6, true],
  vocabulary: ["1536", "tokens", 300, 2 ** 20, true],
  context: ["20", "tokens of a sentence at most, its end among them", 4, 1024, true],
  width: ["128", "width of the transformer", 8, 4096, true],
  layers: ["3", "its layers", 1, 64, true],
  latents: ["64", "numbers of z", 1, 4096, true],
  prefixPairs: ["4", "key and value pairs by which z enters a layer", 1, 64, true],
  beta: ["0.1", "weight of KL once it has risen", 0, 100, false],
  freeBits: ["0", "least KL of a number of z that counts, nats", 0, 100, false],
  cycles: ["1", "how often the weight of KL rises anew", 1, 100, true],
  hide: ["0.2", "share of the decoder's inputs hidden", 0, 0.99, false],
  learningRate: ["0.003", "peak learning rate", 1e-7, 1, false],
  baseShare: ["0.1", "share of the training for the base alone", 0, 0.95, false],
  threads: ["2", "threads of the training program", 1, 64, true],
} as const;
type Numbers = Record<keyof typeof NUMBERS, number>;

interface TrainOptions extends Record<keyof typeof NUMBERS, string> {
  readonly corpus?: string;
  readonly base?: string;
  readonly minutes: string;
  readonly steps?: string;
  readonly out: string;
  readonly json?: boolean;
}

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

export function trainCommand(): Command {
  const command = new Command("train")
    .description(
      "train tokenizer, language model and AdaVAE from nothing, in ten minutes unless told otherwise",
    )
    .option("--corpus <file>", "sentences, one a line, plain or gzipped (default: the shipped ones)")
    .option(
      "--base <dir>",
      "your own model (config.json, tokenizer.json, safetensors); only adapters train on it",
    )
    .option("--minutes <n>", "minutes to train for", "10")
    .option("--steps <n>", "steps to train for instead: the same bits every time")
    .option("--out <dir>", "folder of the model", "text");
  for (const [name, [standard, about]] of Object.entries(NUMBERS))
    command.option(`${flagOf(name)} <n>`, about, standard);
  return command
    .option("--json", "print what was trained as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ wetgrad text train --out text/small\n  $ wetgrad text score --model text/small\n\nCtrl-C saves and exits; the same command continues.",
    )
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const budget = options.steps
    ? { steps: numberOf(options.steps, "--steps", { min: 10, max: 1e8, whole: true }) }
    : { seconds: 60 * numberOf(options.minutes, "--minutes", { min: 0.1, max: 1e6 }) };
  const numbers = Object.fromEntries(
    Object.entries(NUMBERS).map(([name, [, , min, max, whole]]) => [
      name,
      numberOf(options[name as keyof Numbers], flagOf(name), { min, max, whole }),
    ]),
  ) as Numbers;
  writableFolder(options.out, "--out");
  const { trainInFolder } = await import("../../text/training/train-in-folder.ts");
  const request = await requestOf(numbers, options);
  const progress = createProgress(process.stderr);
  const figuresSeen = { kl: 0, reconstruction: 0 };
  try {
    const saved = await interruptible(
      (signal) =>
        trainInFolder(options.out, request, {
          budget,
          signal,
          threads: numbers.threads,
          onProgress: ({ stage, share, figures }) => {
            Object.assign(figuresSeen, figures);
            progress.update({
              done: Math.min(99, Math.floor(100 * share)),
              total: 100,
              unit: "%",
              message: `${stage}, ${Object.entries(figures)
                .map(([name, value]) => `${name} ${name === "steps" ? value : value.toFixed(2)}`)
                .join(", ")}`,
            });
          },
        }),
      progress.say,
    );
    if (!saved) return;
    if (options.json) printJson({ folder: options.out, corpus: saved.corpus, ...figuresSeen });
    else
      print(
        `${options.out}: ${saved.corpus.sentences} sentences; score it with wetgrad text score --model ${options.out}`,
      );
  } finally {
    progress.end();
  }
}

async function requestOf(
  numbers: Numbers,
  { corpus, base }: Pick<TrainOptions, "corpus" | "base">,
): Promise<TrainRequest> {
  const { TEXT_DEFAULTS } = await import("../../text/training/settings.ts");
  const { ownConfig } = await import("../../text/model/config.ts");
  const { SHIPPED_CORPUS } = await import("../../text/training/train-in-folder.ts");
  const { width, vocabulary, context, layers, latents, prefixPairs } = numbers;
  if (width % 4 !== 0) throw new UsageError(`--width: expected a multiple of 4, got ${width}`);
  const { seed, beta, freeBits, cycles, hide, learningRate, baseShare } = numbers;
  return {
    settings: {
      ...TEXT_DEFAULTS,
      ...{ seed, beta, freeBits, cycles, hide, learningRate, baseShare },
      config: ownConfig({ vocabulary, context, width, layers }),
      shape: { ...TEXT_DEFAULTS.shape, latents, prefixPairs },
    },
    ...(base === undefined ? {} : { base }),
    corpus: {
      name: corpus ?? SHIPPED_CORPUS,
      vocabulary: numbers.words,
      longest: numbers.words > 0 ? numbers.longest : 0,
      heldOut: numbers.heldOut,
    },
  };
}
