/** How a layout of tables is read: which file has what, in which of its columns. */

/** Names that a column may have, the likeliest first; capitals, blanks and underscores make no difference. */
export type Candidates = readonly string[];

export interface EdgeTable {
  readonly path: string;
  readonly pre: Candidates;
  readonly post: Candidates;
  /** Synapses of the row; 1 where there is no such column and it is not required. */
  readonly weight: Candidates;
  /** Of the presynaptic cell: 1, -1, or words of its transmitter. */
  readonly sign?: Candidates;
  readonly transmitter?: Candidates;
  /** What sets chemical rows apart from electrical ones. */
  readonly kind?: Candidates;
}

export interface AnnotationTable {
  readonly path: string;
  readonly id: Candidates;
  /** Column of the labels by the columns that it may come from. */
  readonly columns: Readonly<Record<string, Candidates>>;
  /** `x y z` in one column, in nm. */
  readonly positionNm?: Candidates;
}

export interface LayoutPlan {
  readonly layout: string;
  readonly source: string;
  readonly licence: string;
  readonly idsAreIntegers: boolean;
  /** The list of cells: rows of other cells are left out and counted. All cells of the connections, where it is absent. */
  readonly cells?: { readonly path: string; readonly id: Candidates };
  readonly annotations: readonly AnnotationTable[];
  readonly edges: EdgeTable;
  /** Part of the rows that may be of cells not listed; more says that the files are of different releases. */
  readonly mostUnlisted: number;
  readonly signs: string;
}

const PRE = [
  "pre",
  "pre_id",
  "pre_root_id",
  "presynaptic_id",
  "body_pre",
  "bodyid_pre",
  "source",
  "from",
  "source_node_id",
  "src",
];
const POST = [
  "post",
  "post_id",
  "post_root_id",
  "postsynaptic_id",
  "body_post",
  "bodyid_post",
  "target",
  "to",
  "target_node_id",
  "dst",
];
const WEIGHT = ["weight", "syn_count", "connectivity", "synapses", "count", "n_synapses", "nsyns", "size"];
export const ID = ["root_id", "bodyid", "body", "id", "neuron_id", "cell_id", "name", "neuron", ""];

/** What columns of a table of pairs are called. */
export function edgeTable(path: string): EdgeTable {
  return {
    path,
    pre: PRE,
    post: POST,
    weight: WEIGHT,
    sign: ["sign", "excitatory"],
    transmitter: ["nt_type", "transmitter", "neurotransmitter"],
    kind: ["type", "kind", "synapse_type"],
  };
}

/** What columns of an annotation are called. */
export function annotationTable(path: string): AnnotationTable {
  return {
    path,
    id: ID,
    columns: {
      class: ["class", "cell_class", "super_class", "superclass", "celltype"],
      superclass: ["super_class", "superclass"],
      subclass: ["sub_class", "subclass"],
      type: ["type", "cell_type", "primary_type", "additional_annotations"],
      side: ["side", "soma_side", "somaside"],
      transmitter: ["transmitter", "nt_type", "consensus_nt", "predicted_nt", "top_nt", "neurotransmitter"],
    },
    positionNm: ["position", "soma_location", "somalocation"],
  };
}

/** Signs by transmitter: acetylcholine excites; GABA, glutamate (in insects) and histamine inhibit; monoamines have no fast current. */
export const BY_TRANSMITTER =
  "transmitter:acetylcholine=+,ACH=+,gaba=-,GABA=-,glutamate=-,GLUT=-,histamine=-,HIS=-,dopamine=0,DA=0,serotonin=0,SER=0,octopamine=0,OCT=0,tyramine=0,else=+";

/** Signs by a column that says e or i, as SONATA's nodes have it. */
export const BY_LETTER = "ei:e*=+,i*=-,E*=+,I*=-,else=+";
