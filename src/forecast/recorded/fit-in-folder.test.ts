import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { FIT_FILE, MODEL_FILE } from "./emulator-files.ts";
import { fitInFolder } from "./fit-in-folder.ts";

const random = Random.of(2, "fit in folder");
const recording = {
  counts: {
    binSeconds: 0.02,
    channels: 2,
    sequences: [
      Uint8Array.from({ length: 2 * 1500 }, (_, i) =>
        drawPoisson(random, Math.floor(i / 2) % 20 < 4 ? 1 : 0.1),
      ),
    ],
  },
  channelNames: ["a", "b"],
};
const options = { seed: 1, budget: { steps: 24 } };
const newFolder = () => mkdtempSync(join(tmpdir(), "wetgrad-fit-"));

test("a fit that was stopped is saved and ends with the same bits; a finished one is only read", {
  timeout: 600_000,
}, async () => {
  const [whole, halved] = [newFolder(), newFolder()];
  const shares: number[] = [];
  await fitInFolder(whole, recording, { ...options, onProgress: ({ share }) => shares.push(share) });
  expect(shares).toEqual([...shares].sort((a, b) => a - b));

  const abort = new AbortController();
  const stopped = fitInFolder(halved, recording, {
    ...options,
    signal: abort.signal,
    onProgress: () => abort.abort(new Error("enough")),
  });
  await expect(stopped).rejects.toThrow("enough");
  expect(readdirSync(halved)).toEqual([FIT_FILE]);
  await fitInFolder(halved, recording, options);
  expect(readdirSync(halved)).toEqual([MODEL_FILE]);
  const bytes = readFileSync(join(whole, MODEL_FILE));
  expect(readFileSync(join(halved, MODEL_FILE))).toEqual(bytes);

  const again = await fitInFolder(whole, recording, { ...options, budget: { steps: 1e6 } });
  expect(again.channelNames).toEqual(recording.channelNames);
  const others = { ...recording, channelNames: ["a", "c"] };
  await expect(fitInFolder(whole, others, options)).rejects.toThrow("got one of others");
});
