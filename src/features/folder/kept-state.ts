/** The state of learning, kept in a file: a command that was killed goes on from it. */
import { existsSync, readFileSync } from "node:fs";
import type { Tensor } from "../../compute/contract.ts";
import { decodeSafetensors, encodeSafetensors } from "../../compute/tensors/safetensors.ts";
import { tensor } from "../../compute/tensors/tensor.ts";
import { writeWhole } from "../../files/whole.ts";
import type { LearnerState } from "../contract.ts";

export interface KeptState {
  /** Undefined where there is none, or one of other settings. */
  load(): LearnerState | undefined;
  save(state: LearnerState): void;
}

/** Kept at `path`; what was kept with other `settings` (the data's hash among them) is not gone on from. */
export function keptState(path: string, settings: object): KeptState {
  const wanted = JSON.stringify(settings);
  return {
    load() {
      if (!existsSync(path)) return undefined;
      try {
        const { tensors, metadata } = decodeSafetensors(readFileSync(path));
        if (metadata["settings"] !== wanted) return undefined;
        const arrays = Object.entries(tensors as Record<string, Tensor>).map(
          ([name, { data }]) => [name, data as Float32Array] as const,
        );
        return { numbers: JSON.parse(metadata["numbers"]), arrays: Object.fromEntries(arrays) };
      } catch {
        return undefined; // damaged: learned again
      }
    },
    save({ numbers, arrays }) {
      const tree = Object.fromEntries(
        Object.entries(arrays).map(([name, data]) => [name, tensor([data.length], data)]),
      );
      writeWhole(path, encodeSafetensors(tree, { settings: wanted, numbers: JSON.stringify(numbers) }));
    },
  };
}
