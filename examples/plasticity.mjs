/**
 * Plasticity of one's own: the same culture under three rules, the last with depression twice as strong as shipped. What a minute
 * of spontaneous activity does to its synapses.
 *
 *   node examples/plasticity.mjs [OUT.html]
 */
import { writeFileSync } from "node:fs";
import { Culture, growCulture } from "wetgrad/culture";
import { dotPlot, figure, page } from "wetgrad/plot";

const [out = "plasticity.html"] = process.argv.slice(2);
const SECONDS = 20;

const { anatomy, parameters } = growCulture({ seed: 3, div: 21, neurons: 400 });
const { plasticity } = parameters;
const rules = {
  "as shipped": parameters,
  "no homeostasis": { ...parameters, homeostasis: { ...parameters.homeostasis, normalise: false } },
  "depression doubled": { ...parameters, plasticity: { ...plasticity, depression: 2 * plasticity.depression } },
};
const rows = Object.entries(rules).map(([label, rule]) => {
  const culture = new Culture(anatomy, rule, 3);
  const before = culture.weights();
  culture.advance(Math.round((SECONDS * 1000) / culture.stepMs));
  const after = culture.weights();
  const learns = culture.plasticSynapses();
  let [sum, squares] = [0, 0];
  for (const synapse of learns) {
    const change = after[synapse] - before[synapse];
    sum += change;
    squares += change ** 2;
  }
  const [mean, size] = [sum / learns.length, Math.sqrt(squares / learns.length)];
  console.log(`${label}: mean change ${mean.toExponential(2)}, size ${size.toExponential(2)} of ${learns.length} synapses`);
  return { label, class: "descent", mean, ci95: [mean - size, mean + size], perSeed: [mean], title: label };
});
const ends = rows.flatMap(({ ci95 }) => ci95);
const plot = dotPlot({ title: "Change of weights", description: "Mean and standard deviation over synapses.", width: 700, labelWidth: 160, groups: [{ heading: "", rows }], xLabel: "change of a weight (leak conductances)", xDomain: [Math.min(...ends), Math.max(...ends)], xFormat: (x) => x.toPrecision(1) });
writeFileSync(out, page("Plasticity", figure(plot, `${SECONDS} s of spontaneous activity; dots: means, bars: one standard deviation each way.`)));
