/** A run of the experiment that takes seconds; also run as the child that gets killed. */
import { openCodec, savedText } from "../text/shipped.ts";
import { corpusOf } from "../text/training/train-in-folder.ts";
import { writingConfig } from "./config.ts";
import { writeWriting } from "./report/files.ts";
import { reportOf } from "./report/report.ts";
import type { WritingReport } from "./report/schema.ts";
import { runWriting } from "./run.ts";

export const SMALL = writingConfig.parse({
  seeds: 1,
  pairs: 2,
  babbles: 200,
  presentations: 12,
  probes: 1,
  fitSteps: 10,
  arms: ["descent", "hand", "yoked", "sham", "write-only", "scrambled", "descent-patches"],
});

/** Runs it in `folder`, telling of each arm that is done; `stopAfter` one it is stopped. */
export async function runSmall(
  folder: string,
  { stopAfter, onArm }: { stopAfter?: string; onArm?: (arm: string) => void } = {},
): Promise<WritingReport> {
  const saved = savedText();
  const codec = openCodec(saved);
  const { training, heldOut } = corpusOf(saved.corpus, saved.settings.seed);
  const controller = new AbortController();
  try {
    const results = await runWriting(SMALL, {
      folder,
      codec,
      training: training.slice(0, 300),
      heldOut: heldOut.slice(0, 150),
      signal: controller.signal,
      onProgress: (_done, _total, message) => {
        const [arm = ""] = message.split(",");
        onArm?.(arm);
        if (arm === stopAfter) controller.abort();
      },
    });
    const decode = (latents: Float32Array) => codec.decode(latents);
    const report = await reportOf(results, { wetgradVersion: "0", decode });
    writeWriting(folder, report);
    return report;
  } finally {
    await codec.dispose();
  }
}
