/** A small brain with the classes and names of the larva's, for tests: 14 glomeruli, 80 Kenyon cells, six compartments. */
import { Random } from "../../math/random.ts";
import { labelsOf, type Wiring } from "../contract.ts";
import { Edges } from "../edges.ts";

const GLOMERULI = 14;
const KENYON = 80;
/** Compartments with dopamine cells; h has output neurons alone. */
const COMPARTMENTS = [..."dfgijk"];
const OUTPUTS = COMPARTMENTS.length + 1;

export function smallLarva(seed = 1): Wiring {
  const random = Random.of(seed, "small larva");
  const cells: (readonly [kind: string, type: string, fine: string])[] = [
    ...Array.from({ length: GLOMERULI }, () => ["sensory", "olfactory", "sensory olfactory"] as const),
    ...Array.from({ length: GLOMERULI }, (_, g) => ["PN", `${g}a PN; uPN`, "uPN"] as const),
    ...Array.from({ length: KENYON }, () => ["KC", "KC", "KC"] as const),
    ...[...COMPARTMENTS, "h"].map((letter) => ["MBON", `MBON-${letter}1`, "MBON"] as const),
    ...COMPARTMENTS.map((letter) => ["MBIN", `DAN-${letter}1`, "MBIN"] as const),
  ];
  const [projections, kenyon, outputs, dopamine] = [
    GLOMERULI,
    2 * GLOMERULI,
    2 * GLOMERULI + KENYON,
    2 * GLOMERULI + KENYON + OUTPUTS,
  ];
  const edges = new Edges();
  for (let g = 0; g < GLOMERULI; g++) edges.add(g, projections + g, 60);
  for (let k = 0; k < KENYON; k++) {
    for (const g of random.permutation(GLOMERULI).slice(0, 3)) edges.add(projections + g, kenyon + k, 14);
    for (let m = 0; m < OUTPUTS; m++) edges.add(kenyon + k, outputs + m, 4 * (1 + random.integer(3)));
  }
  for (let c = 0; c < COMPARTMENTS.length; c++) edges.add(dopamine + c, outputs + c, 10);
  return {
    names: cells.map((_, cell) => `${1000 + cell}`),
    signs: Int8Array.from(cells, ([kind]) => (kind === "MBIN" ? 0 : 1)),
    layers: [{ name: "chemical", drives: true, ...edges.connections(cells.length) }],
    labels: ["class", "type", "fine"].map((name, column) =>
      labelsOf(
        name,
        cells.map((labels) => labels[column]),
      ),
    ),
    facts: { source: "made", licence: "none", signRule: "made", notes: [] },
  };
}
