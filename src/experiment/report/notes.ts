/** What must be said of how an experiment on a series was made. */

import { OWN_SCALING } from "../../device/protocols/own-scaling.ts";
import { DEFAULT_SCAFFOLD, type ScaffoldName, scaffolds } from "../../device/simulated/scaffolds.ts";
import { describedMethods } from "../../methods/descriptions.ts";
import { methodOf } from "../../methods/registry.ts";
import { percent } from "../../report/format.ts";
import { rules } from "../../tissue/rules.ts";
import { conditionsOf, type OrganoidConfig } from "../organoid/config.ts";

export function protocolNotes(config: OrganoidConfig): string[] {
  const { method = "stimulate" } = config;
  const isGrown = config.dish === undefined && config.tissue === undefined && config.preset === "default";
  return [
    ...(method === "stimulate"
      ? []
      : [
          `Method ${method}: ${config.arms.map((arm) => `${arm}: ${methodOf(method).arms[arm].meaning}`).join("; ")}.`,
          describedMethods().get(method)?.isReadByCounts
            ? "With the assigned code the culture's answers are read by electrode counts, by which the method teaches: no model takes part. Its log-likelihood and error are by the bridge, which was fitted on babbling and not anew."
            : "The bridge that reads the culture was fitted on babbling and not fitted anew, so the reading by electrode counts stands beside it.",
        ]),
    ...plasticityNotes(config, method),
    "The bridge was fitted on babbling alone, data and patterns in random order and independent of each other; it never saw the order of the series.",
    ...(method === "stimulate" && config.dish === undefined
      ? [
          "The frozen arm replays the descent's own pulses with plasticity off; the yoked arm replays them in another order.",
        ]
      : []),
    ...(config.tissue === undefined ? [] : wiringNotes(config)),
    ...(isGrown && conditionsOf(config) === "dish" ? scalingNotes(config) : []),
    ...(isGrown && conditionsOf(config) === "ideal"
      ? [
          "The culture bursts by itself and was quieted before babbling: stimulation spread over all electrodes for 10 s while its excitatory synapses were scaled to 40 %, which takes tissue a day or two.",
          strongestNote(config.scaffold ?? DEFAULT_SCAFFOLD),
        ]
      : []),
    ...(config.passes === undefined
      ? []
      : [`The cycles went ${config.passes} times through the same training data.`]),
    ...(config.reading === undefined
      ? []
      : [
          `While a datum was read in training, plasticity was ${percent(config.reading, 0)} % of that while it was written to.`,
        ]),
    ...(config.margin === undefined
      ? []
      : [`A class that led by ${config.margin} spikes was left alone by the hands.`]),
    ...(config.dish === undefined && config.rule
      ? [`Synapses learn by the rule ${config.rule}: ${rules[config.rule].summary}.`]
      : []),
    ...(config.retentionSeconds > 0
      ? [
          `Retention: ${config.retentionSeconds} s of spontaneous activity with plasticity fully on, then a probe.`,
        ]
      : []),
  ];
}

/** Of a brain of a wiring diagram. */
function wiringNotes({ rewire }: OrganoidConfig): string[] {
  return [
    "The tissue is a simulated brain of a wiring diagram: point cells, spikes alone, signs by rule. Light on groups of cells takes the place of current on electrodes: a datum is a flash on three groups of its receptor cells, a write a flash on a group that answers, which is read whenever it is dark. Synapses learn by pairing (magnitudes are chosen, not measured); scrambled means that what they have learnt is dealt out anew among them.",
    rewire === undefined
      ? "Whether this wiring matters is asked by the same run with --rewire."
      : `A control: before anything was taught, its ${rewire} were dealt out anew within pairs of classes, by a seed of each brain's own, and what synapses that learn weigh at first was scaled until all answers together fired as much to data as they do on the wiring itself.`,
  ];
}

function plasticityNotes(config: OrganoidConfig, method: string): string[] {
  if (conditionsOf(config) === "ideal")
    return [
      "Babbling and probes run at 5 % of the full plasticity: at the full rate both overwrite what is learned.",
      methodOf(method).plasticity,
    ];
  return [
    "Under the conditions of a dish plasticity is full from the first second; there is one probe before training and one after it, for a probe is training without an answer.",
    ...(config.dish === undefined
      ? []
      : [
          `The culture is the dish at ${config.dish}: it cannot be put back, so it was taught by one arm, and what needs copies of it was not measured.`,
        ]),
  ];
}

/** What is assumed of tissue where nothing is done to it by hand. */
function scalingNotes({
  scaffold = DEFAULT_SCAFFOLD,
  scalingLimit = OWN_SCALING.limit,
}: OrganoidConfig): string[] {
  const { targetHz, eFoldHours, hours, hurried } = OWN_SCALING;
  const limit =
    scalingLimit === 1
      ? "none of them scales below what it grew with"
      : `none scales below ${scalingLimit} of what it grew with`;
  return [
    `Assumed of the tissue: each excitatory cell scales its input so that it comes back to ${targetHz} Hz, by 1/e in ${eFoldHours} h at twice that rate, and ${limit}; its input sum is compensated once a second. It was quieted for ${hours} h by 50 pulses a second spread over all electrodes; that scaling alone was simulated ${hurried} times faster than life. Cultures scale their excitation over a day or two (https://doi.org/10.1038/36103); that their own rate sets it off is disputed (https://elifesciences.org/reviewed-preprints/87753v2).`,
    "Arms began from copies of one culture, which a dish cannot give: arms over dishes add the spread between cultures.",
    strongestNote(scaffold),
  ];
}

function strongestNote(scaffold: ScaffoldName): string {
  const strongest = scaffolds[scaffold].trainingMaximumWeight;
  const times = ["twice", "four times"][strongest - 1] ?? `${2 * strongest} times`;
  return `In training a synapse may grow to ${strongest} leak conductance${strongest === 1 ? "" : "s"}, ${times} what the culture fitted to spontaneous recordings allows.`;
}
