/** A made-up report of a vat, for tests and for looking at the page. */
import { bootstrapInterval } from "../../math/interval.ts";
import type { GamePart, Scores, VatArmReport, VatPart } from "../schema/vat.ts";
import { REPORT_FORMAT, type VatReport } from "../schema.ts";
import { vatVerdict } from "../verdict/vat.ts";

export interface ExampleVatOptions {
  readonly seeds?: number;
  readonly isGame?: boolean;
}

export function exampleVat({ seeds = 4, isGame = false }: ExampleVatOptions = {}): VatReport {
  const near = (centre: number, step = 3) =>
    bootstrapInterval(Array.from({ length: seeds }, (_, seed) => centre + 0.004 * ((seed * step) % 4)));
  const scores = (right: number, step = 3): Scores => ({
    joint: near(right, step),
    majority: near(right - 0.1),
    bestBrain: near(right - 0.01),
    meanBrain: near(right - 0.2),
    ...(isGame ? { hitsPerRally: near(2 * right), aces: near(0.2), longRallies: near(0.3) } : {}),
  });
  const arm = (right: number, step = 3): VatArmReport => ({
    before: scores(0.3),
    after: scores(right, step),
    curve: [near(0.3), near(right)],
    ablation: [1, 2, 3].map((brains) => ({ brains, accuracy: near(0.2 + (brains * (right - 0.2)) / 3) })),
    pulses: 100,
    refused: 0,
  });
  const vat: VatPart = {
    brains: 3,
    neurons: 400,
    presentations: 200,
    mainMetrics: isGame ? ["hitsPerRally"] : ["joint"],
    arms: { descent: arm(0.6), unconnected: arm(0.595, 1), sham: arm(0.3) },
    baselines: { persistence: near(0.4) },
    questions: [1, 2].map((n) => ({
      name: `stream ${n}`,
      brains: 2,
      baselines: { chance: 0.25, persistence: 0.4 },
      arms: { descent: { joint: near(0.6), majority: near(0.5), bestBrain: near(0.55) } },
    })),
    carries: { accuracy: [0.4, 0.5, 0.45], loss: [0.01, 0.05, 0.02] },
    descent: { crossEntropy: [1.4, 1.2, 1, 0.8], overlap: [0.3, 0.4, 0.5, 0.6] },
  };
  const game: GamePart = {
    training: { descent: { first: near(0.8), rest: near(1) } },
    opponents: { dqn: { hitsPerRally: near(0.9) } },
  };
  return {
    formatVersion: REPORT_FORMAT,
    kind: "experiment",
    wetgradVersion: "0.1.0",
    arithmetic: ["made up (0)"],
    config: { task: "peers", seeds, brains: 3 },
    task: {
      name: isGame ? "pong" : "peers",
      kind: isGame ? "game" : "symbols",
      source: "made-up numbers",
      classes: 4,
      chance: 0.25,
    },
    arms: {
      descent: { label: "descent", meaning: "writes chosen by gradient descent" },
      unconnected: { label: "unconnected twin", meaning: "nothing goes from one brain to another" },
      sham: { label: "sham", meaning: "the data alone, no writes" },
    },
    verdict: vatVerdict(vat, isGame ? game : undefined, seeds),
    vat,
    ...(isGame ? { game } : {}),
    notes: ["A note."],
  };
}
