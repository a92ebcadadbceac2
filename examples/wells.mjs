/**
 * A plate of wells: one row for each culture of a file, with its rate and its most active channel.
 *
 *   node examples/wells.mjs [RECORDING] [OUT.html]
 */
import { writeFileSync } from "node:fs";
import { dotPlot, figure, page } from "wetgrad/plot";
import { labelOf, observedSeconds, openRecordingFile } from "wetgrad/recording";

const [path = "dish.nwb", out = "wells.html"] = process.argv.slice(2);
const file = await openRecordingFile(path);
for (const { message } of file.doubts) console.error(`doubtful: ${message}`);
const rows = file.cultures.map((culture) => {
  const seconds = observedSeconds(culture);
  const rates = culture.channels.map(({ spikeCount }) => spikeCount / seconds);
  const mean = rates.reduce((a, b) => a + b, 0) / rates.length;
  const most = rates.indexOf(Math.max(...rates));
  const label = labelOf(culture);
  console.log(`${label}: ${culture.channels.length} channels, ${seconds.toFixed(0)} s, ${mean.toFixed(2)} spikes/s, most on ${culture.channels[most].name} (${rates[most].toFixed(2)})`);
  return { label, class: "descent", mean, ci95: [Math.min(...rates), Math.max(...rates)], perSeed: rates, title: label };
});
file.close();
const plot = dotPlot({ title: "Rates", description: "Mean rate of each culture.", width: 700, labelWidth: 150, groups: [{ heading: "", rows }], xLabel: "spikes per second and channel", xDomain: [0, Math.max(...rows.map(({ ci95 }) => ci95[1]))], xFormat: (x) => x.toPrecision(2) });
writeFileSync(out, page("Wells", figure(plot, "Dots: mean over channels; ticks: channels; bars: their range.")));
