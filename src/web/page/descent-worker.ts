/** A dish that is taught by gradient descent, beside the page; loaded only when the reader asks for it. */
import { TAB_DESCENT, teachByDescent } from "../descent.ts";
import { Dish, type Heard } from "../dish.ts";

export interface DescentAsk {
  readonly seed: number;
  readonly play: { readonly from: number; readonly notes: number };
}

/** `ready`: it hears what it is asked from now on: its code waits for WebAssembly before. */
export type DescentTell =
  | { readonly kind: "ready" }
  | { readonly kind: "stage"; readonly stage: "compiling" | "growing" | "babbling" | "fitting" | "writing" }
  | {
      readonly kind: "written";
      readonly crossEntropy: number;
      readonly overlap: number;
      readonly share: number;
    }
  | { readonly kind: "played"; readonly heard: readonly Heard[] }
  | { readonly kind: "failed"; readonly message: string };

const tell = (message: DescentTell) => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<DescentAsk>) => {
  run(data).catch((error: unknown) =>
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
  );
});

async function run({ seed, play }: DescentAsk): Promise<void> {
  tell({ kind: "stage", stage: "growing" });
  const dish = await Dish.grow({ seed });
  tell({ kind: "stage", stage: "compiling" });
  let written = 0;
  for await (const step of teachByDescent(dish, TAB_DESCENT, "jaxjs"))
    if (step.kind === "compiled") tell({ kind: "stage", stage: "babbling" });
    else if (step.kind === "babbled") tell({ kind: "stage", stage: "fitting" });
    else if (step.kind === "fitted") tell({ kind: "stage", stage: "writing" });
    else {
      const { crossEntropy, overlap } = step;
      tell({ kind: "written", crossEntropy, overlap, share: ++written / TAB_DESCENT.notes });
    }
  const heard: Heard[] = [];
  for await (const note of dish.perform({ kind: "play", ...play })) heard.push(note);
  tell({ kind: "played", heard });
}

tell({ kind: "ready" });
