/** The AdaVAE that a command works with: `--model DIR`, or the shipped one. */
import type { Command } from "commander";

export function withModelOption(command: Command): Command {
  return command.option("--model <dir>", "folder of a trained model (default: the one that is shipped)");
}

export async function openModel(folder: string | undefined) {
  const { openCodec, savedText } = await import("../../text/shipped.ts");
  const saved = savedText(folder);
  return { saved, codec: openCodec(saved) };
}
