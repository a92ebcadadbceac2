/**
 * An emulator of a recording, in five lines: fitted, asked what follows, scored beside simple forecasters. The recording is that of
 * record.mjs unless another is named (23 formats: `wetgrad recording formats`).
 *
 *   node examples/emulator.mjs [RECORDING] [STEPS] [OUT.html]
 */
import { writeFileSync } from "node:fs";
import { compareFitted, countRecording, fitInFolder, forecastAt } from "wetgrad/emulator";
import { figure, linePlot, page } from "wetgrad/plot";

const [path = "dish.nwb", steps = "20", out = "emulator.html"] = process.argv.slice(2);

const recording = await countRecording(path, { binSeconds: 0.02 });
const emulator = await fitInFolder(`${path}.emulator`, recording, { seed: 1, budget: { steps: Number(steps) } });
const next = await forecastAt(emulator, recording.counts, { seed: 1 });
const { scores } = await compareFitted(recording, emulator, { seed: 1, trainedBaselines: false });

for (const { name, bits } of scores)
  console.log(`${name}: ${bits.pooled.value.toFixed(3)} bits per spike [${bits.pooled.ci95.map((end) => end.toFixed(3)).join(", ")}]`);
const expected = next.expected.map((counts) => counts.reduce((a, b) => a + b, 0));
console.log(`expected in the next ${(expected.length * next.binSeconds).toFixed(2)} s: ${expected.reduce((a, b) => a + b, 0).toFixed(1)} spikes`);
const x = expected.map((_, bin) => next.atSeconds + bin * next.binSeconds);
const lines = [{ label: "expected spikes", class: "descent", x, mean: expected, lo: expected, hi: expected }];
const plot = linePlot({ title: "Forecast", description: "Expected spikes of all channels.", width: 800, height: 300, xLabel: "s", yLabel: `spikes in ${1000 * next.binSeconds} ms`, lines });
writeFileSync(out, page("A forecast", figure(plot, `${path}, after its end; fitted in ${steps} steps, which is few.`)));
