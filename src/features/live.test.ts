import { expect, test } from "vitest";
import { encodeSafetensors } from "../compute/tensors/safetensors.ts";
import { tensor } from "../compute/tensors/tensor.ts";
import { channelsOfColumns, liveFeatures } from "./live.ts";

const json = (method: string) =>
  JSON.stringify({
    ...{ kind: "wetgrad features", method, windowSeconds: 0.1 },
    channels: [{ name: "ch_3" }, { name: "ch_1" }],
    features: [{ isKept: true }, { isKept: false }, { isKept: true }],
  });
const weights = encodeSafetensors({
  W_enc: tensor([2, 3], [1, 0, -1, 0, 2, 1]),
  b_enc: tensor([3], [0, -1, 0]),
  threshold: tensor([3], [1.5, 0, 0]),
});

test("codes of a window are relu(t(x) We + be) above the threshold", () => {
  const live = liveFeatures(weights, json("em"));
  expect([...live.encode(Float32Array.of(2, 1))]).toEqual([2, 1, 0]);
  expect([...live.encode(Float32Array.of(1, 2))]).toEqual([0, 3, 1]);
  const root = (y: number) => 2 * Math.sqrt(y + 3 / 8) - 2 * Math.sqrt(3 / 8);
  const rooted = liveFeatures(weights, json("batchtopk")).encode(Float32Array.of(1, 2));
  expect(rooted[1]).toBeCloseTo(2 * root(2) - 1, 5);
  expect(() => liveFeatures(weights, "{}")).toThrow(/expected what `wetgrad features fit` wrote/);
});

test("columns find their electrodes by the number in their names, or stand in order", () => {
  expect(channelsOfColumns(["ch_3", "ch_1"], [0, 1, 2, 3])).toEqual([3, 1]);
  expect(channelsOfColumns(["a", "b"], [7, 8, 9])).toEqual([7, 8]);
});
