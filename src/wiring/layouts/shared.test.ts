/** The published larva and worm, where they lie beside the checkout: counts against those of the papers' tables. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWiring } from "../describe.ts";
import { readWiring } from "./read.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "..", "shared", "wiring");
const larva = join(folder, "larval-drosophila-s1.zip");
const worm = join(folder, "celegans-hermaphrodite-edges.csv");

it.skipIf(!existsSync(larva))(
  "the larva's archive (skipped where it is not beside the checkout)",
  async () => {
    const { cells, connections, synapses, layers, signs, labels, pairs } = describeWiring(
      await readWiring(larva),
    );
    expect({ cells, connections, synapses }).toEqual({ cells: 2952, connections: 74_519, synapses: 261_811 });
    expect(Object.fromEntries(layers.map((layer) => [layer.name, layer.synapses]))).toEqual({
      ...{
        "axo-axonic": 90_800,
        "axo-dendritic": 234_958,
        "dendro-axonic": 6438,
        "dendro-dendritic": 20_415,
      },
    });
    expect(labels["class"].common).toMatchObject({ KC: 144, MBON: 48 });
    expect(labels["class"].unsaid).toBe(346);
    expect(labels["fine"].common).toMatchObject({ KC: 144, LN: 108 });
    expect(signs.none).toBe(28);
    expect(pairs).toBeGreaterThan(1200);
  },
);

it.skipIf(!existsSync(worm))("the worm's table (skipped where it is not beside the checkout)", async () => {
  const { cells, layers, signs } = describeWiring(await readWiring(worm));
  expect(cells).toBe(448);
  expect(layers[0]).toMatchObject({ connections: 4681, synapses: 27_019, ontoItself: 34 });
  // 2,698 rows in both directions, 14 of them onto the cell itself.
  expect(layers[1].connections).toBeLessThan(1360);
  expect(signs.inhibit).toBe(26);
});
