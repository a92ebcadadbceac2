/**
 * Layouts of the published releases, by the names of their files in a folder. FlyWire: Dorkenwald et al. 2024, Nature 634, 124-138,
 * https://doi.org/10.1038/s41586-024-07558-y; Shiu et al. 2024, Nature 634, 210-219, https://doi.org/10.1038/s41586-024-07763-9;
 * MaleCNS: https://male-cns.janelia.org; worm: Cook et al. 2019, Nature 571, 63-71, https://doi.org/10.1038/s41586-019-1352-7.
 */
import { join } from "node:path";
import { WiringError } from "../contract.ts";
import { annotationTable, BY_TRANSMITTER, edgeTable, ID, type LayoutPlan } from "./plan.ts";

const FLYWIRE = "FlyWire, Dorkenwald et al. 2024, Nature 634, 124-138";

/** The plan of a folder that holds one of the releases. */
export function planOfFolder(folder: string, files: readonly string[]): LayoutPlan | undefined {
  const find = (pattern: RegExp) => {
    const name = files.find((file) => pattern.test(file));
    return name === undefined ? undefined : join(folder, name);
  };
  const all = (pattern: RegExp) =>
    files.filter((file) => pattern.test(file)).map((file) => join(folder, file));
  const shiu = [find(/^completeness.*\.csv(\.gz)?$/i), find(/^connectivity.*\.parquet$/i)];
  if (shiu[0] && shiu[1]) return shiuPlan(shiu[0], shiu[1]);
  const codex = [find(/^connections.*\.csv(\.gz)?$/i), find(/^(classification|neurons).*\.csv(\.gz)?$/i)];
  if (codex[0] && codex[1])
    return codexPlan(
      codex[0],
      codex[1],
      all(/^(classification|neurons|consolidated_cell_types|coordinates).*\.csv(\.gz)?$/i),
    );
  const male = [find(/connectome-weights.*\.feather$/i), find(/body-annotations.*\.feather$/i)];
  if (male[0] && male[1])
    return malePlan(male[0], male[1], all(/body-(annotations|neurotransmitters).*\.feather$/i));
  const [nodes, edges] = [all(/nodes\.(h5|hdf5|sonata)$/i), all(/edges\.(h5|hdf5|sonata)$/i)];
  if (nodes.length > 0 && edges.length > 0) {
    if (nodes.length + edges.length === 2) return sonataPlan(nodes[0], edges[0]);
    throw new WiringError(
      `${folder}: expected one file of nodes and one of edges (SONATA), got ${[...nodes, ...edges].length}: put one network into a folder of its own`,
    );
  }
  return undefined;
}

/** SONATA: Dai et al. 2020, https://doi.org/10.1371/journal.pcbi.1007696. */
function sonataPlan(nodes: string, edges: string): LayoutPlan {
  const table = annotationTable(nodes);
  return {
    layout: "sonata",
    source: "unknown: a network in SONATA",
    licence: "unknown",
    idsAreIntegers: false,
    cells: { path: nodes, id: ["node_id"] },
    annotations: [
      {
        ...table,
        id: ["node_id"],
        columns: {
          ...table.columns,
          class: [...table.columns["class"], "population"],
          type: [...table.columns["type"], "pop_name", "model_name"],
          ei: ["ei"],
        },
      },
    ],
    edges: { ...edgeTable(edges), kind: [] },
    mostUnlisted: 0,
    signs: "unsaid",
  };
}

function shiuPlan(cells: string, edges: string): LayoutPlan {
  return {
    layout: "shiu",
    source: `${FLYWIRE}, as used by Shiu et al. 2024, Nature 634, 210-219`,
    licence: "CC BY-NC 4.0",
    idsAreIntegers: true,
    cells: { path: cells, id: ["", ...ID] },
    annotations: [],
    edges: {
      path: edges,
      pre: ["Presynaptic_ID"],
      post: ["Postsynaptic_ID"],
      weight: ["Connectivity"],
      sign: ["Excitatory"],
    },
    mostUnlisted: 0,
    signs: "table",
  };
}

function codexPlan(edges: string, cells: string, annotations: readonly string[]): LayoutPlan {
  return {
    layout: "codex",
    source: `${FLYWIRE}, tables of Codex`,
    licence: "CC BY-NC 4.0",
    idsAreIntegers: true,
    cells: { path: cells, id: ID },
    annotations: annotations.map(annotationTable),
    edges: { ...edgeTable(edges), kind: [] },
    mostUnlisted: 0.1,
    signs: BY_TRANSMITTER,
  };
}

function malePlan(edges: string, cells: string, annotations: readonly string[]): LayoutPlan {
  return {
    layout: "male-cns",
    source: "MaleCNS, https://male-cns.janelia.org",
    licence: "CC BY 4.0",
    idsAreIntegers: true,
    cells: { path: cells, id: ID },
    annotations: annotations.map(annotationTable),
    edges: { ...edgeTable(edges), kind: [] },
    mostUnlisted: 0.9, // its table of weights has the fragments, too
    signs: BY_TRANSMITTER,
  };
}

/** GABA in the worm: McIntire et al. 1993, Nature 364, 337-341, https://doi.org/10.1038/364337a0. */
const WORM_SIGNS = "name:DD*=-,VD*=-,RME*=-,RIS=-,AVL=-,DVB=-,else=+";

/** The worm's table of pairs says chemical or electrical; any other table is taken for what its columns say. */
export function planOfTable(path: string, columns: readonly string[]): LayoutPlan {
  if (["node_id", "source_node_id", "target_node_id"].every((name) => columns.includes(name)))
    return sonataPlan(path, path);
  const isWorm = ["Source", "Target", "Weight", "Type"].every((name) => columns.includes(name));
  return {
    layout: isWorm ? "worm" : "table",
    source: isWorm
      ? "C. elegans, Cook et al. 2019, Nature 571, 63-71 (if it is that table)"
      : "unknown: a table of pairs",
    licence: "unknown",
    idsAreIntegers: false,
    annotations: [],
    edges: edgeTable(path),
    mostUnlisted: 0.5,
    signs: isWorm ? WORM_SIGNS : "unsaid",
  };
}
