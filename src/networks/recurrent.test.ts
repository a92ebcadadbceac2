import { expect, test } from "vitest";
import { compile, tensor, zeros } from "../compute/index.ts";
import type { Array as JaxArray } from "../compute/jax.ts";
import { Random } from "../math/random.ts";
import { type Gru, gruLogRates, initGru, joinGrus } from "./recurrent.ts";

test("joined networks give the mean of their log rates", async () => {
  const random = Random.of(1, "join");
  const all = [1, 2, 3].map((seed) => {
    const gru = initGru(Random.of(seed), { inputs: 7, futureBins: 4, width: 6 }, Float32Array.of(-1, 0.5));
    // Biases that are not all alike, so that none can be mixed up.
    for (const { bias } of Object.values(gru))
      (bias.data as Float32Array).set(random.normals(bias.data.length));
    return gru;
  });
  const x = tensor([2, 5, 7], random.normals(70));
  const logRates = async (gru: (typeof all)[0]) => {
    const program = await compile(
      (p: Gru<JaxArray>, input: JaxArray) => gruLogRates(p, input, 2),
      [gru, zeros([2, 5, 7])],
    );
    const { data } = await program.run(gru, x);
    await program.dispose();
    return [...data] as number[];
  };
  const each = await Promise.all(all.map(logRates));
  (await logRates(joinGrus(all))).forEach((joined, i) => {
    expect(joined).toBeCloseTo(each.reduce((sum, one) => sum + one[i], 0) / 3, 4);
  });
});
