/** A small mushroom body, for tests: receptors drive Kenyon cells, these output neurons; dopamine cells contact output neurons alone. */
import { Random } from "../../math/random.ts";
import { labelsOf, type Wiring } from "../contract.ts";
import { Edges } from "../edges.ts";

/** Classes R (8 cells), KC (40), MBON (`outputs`), DAN (4; the first two contact even output neurons, the others odd ones). */
export function mushroom(seed = 1, outputs = 6): Wiring {
  const random = Random.of(seed, "mushroom");
  const kinds = ["R", "KC", "MBON", "DAN"].flatMap((kind, k) =>
    new Array<string>([8, 40, outputs, 4][k]).fill(kind),
  );
  const first = (kind: string) => kinds.indexOf(kind);
  const edges = new Edges();
  for (let cell = 0; cell < 40; cell++) {
    for (let n = 0; n < 3; n++) edges.add(random.integer(8), first("KC") + cell, 60);
    for (let m = 0; m < outputs; m++) edges.add(first("KC") + cell, first("MBON") + m, 12);
  }
  for (let d = 0; d < 4; d++)
    for (let m = 0; m < outputs; m++)
      if (d >> 1 === m % 2) edges.add(first("DAN") + d, first("MBON") + m, 10);
  return {
    names: kinds.map((kind, cell) => `${kind}${cell}`),
    signs: Int8Array.from(kinds, (kind) => (kind === "DAN" ? 0 : 1)),
    layers: [{ name: "chemical", drives: true, ...edges.connections(kinds.length) }],
    labels: [labelsOf("class", kinds), labelsOf("type", kinds)],
    facts: { source: "made", licence: "none", signRule: "made", notes: [] },
  };
}
