/**
 * A culture by itself: a thousand neurons grown to day 14 and to day 21 in vitro, left alone for ten seconds each. The older one bursts.
 *
 *   node examples/grow.mjs [OUT.html]
 */
import { writeFileSync } from "node:fs";
import { Culture, growCulture } from "wetgrad/culture";
import { figure, linePlot, page } from "wetgrad/plot";

const [out = "grow.html"] = process.argv.slice(2);
const SECONDS = 10;
const BIN_S = 0.1;

const lines = [14, 21].map((div, i) => {
  const { anatomy, parameters } = growCulture({ seed: 1, div, neurons: 1000 });
  const culture = new Culture(anatomy, parameters, 1);
  const steps = Math.round((SECONDS * 1000) / culture.stepMs);
  const counts = new Float64Array(SECONDS / BIN_S);
  for (const step of culture.advance(steps).steps)
    counts[Math.min(counts.length - 1, Math.floor((step * culture.stepMs) / 1000 / BIN_S))]++;
  const rateHz = Array.from(counts, (count) => count / culture.neurons / BIN_S);
  const peak = Math.max(...rateHz);
  console.log(`day ${div}: ${(counts.reduce((a, b) => a + b) / culture.neurons / SECONDS).toFixed(2)} spikes/s per neuron, peak ${peak.toFixed(1)}`);
  const x = rateHz.map((_, bin) => bin * BIN_S);
  return { label: `day ${div}`, class: i === 0 ? "sham" : "descent", x, mean: rateHz, lo: rateHz, hi: rateHz };
});
const plot = linePlot({ title: "Spontaneous activity", description: "Rate over ten seconds.", width: 900, height: 320, xLabel: "s", yLabel: "spikes per second and neuron", lines });
writeFileSync(out, page("A culture grows", figure(plot, "One simulated culture on two days, left alone.")));
