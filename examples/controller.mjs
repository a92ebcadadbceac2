/**
 * A controller in closed loop: every 100 ms it reads the spikes of a dish and pulses eight electrodes whenever the rate has fallen below a
 * target, through the safety gate. The default dish is simulated; a CL1 is the same program with another address:
 *
 *   node examples/controller.mjs [OUT.html] [ADDRESS]      cl1://192.168.1.20, say (docs/devices.md); read docs/safety.md first
 */
import { writeFileSync } from "node:fs";
import { openAddress, openDevice, pulsesFor, UnsafePulse } from "wetgrad/device";
import { figure, linePlot, page } from "wetgrad/plot";

const [out = "controller.html", address = "simulated:?seed=1&preset=quiet"] = process.argv.slice(2);
const [TICKS, TICK_S, TARGET] = [60, 0.1, 120];

const device = openDevice(await openAddress(address));
try {
  const { framesPerSecond, electrodes } = device.profile;
  const driven = electrodes.slice(0, 8).map(({ channel }) => channel);
  const [counts, pulsed] = [[], []];
  for (let tick = 0; tick < TICKS; tick++) {
    const { frames } = await device.read(device.now() + Math.round(TICK_S * framesPerSecond));
    counts.push(frames.length);
    const low = tick >= TICKS / 2 && frames.length < TARGET; // the first half is only watched
    pulsed.push(low ? 1 : 0);
    // A little ahead of the device's clock: what is late is dropped.
    if (low) await device.stimulate(pulsesFor(driven, 1, device.present() + Math.round(0.005 * framesPerSecond), device.profile));
  }
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const half = TICKS / 2;
  console.log(`spikes in 100 ms: watched ${mean(counts.slice(0, half)).toFixed(1)}, controlled ${mean(counts.slice(half)).toFixed(1)} (target ${TARGET}); pulsed in ${pulsed.filter(Boolean).length} of ${half} ticks`);
  const x = counts.map((_, tick) => tick * TICK_S);
  const line = { label: "spikes in 100 ms", class: "descent", x, mean: counts, lo: counts, hi: counts };
  const plot = linePlot({ title: "Closed loop", description: "Spikes of the dish.", width: 900, height: 320, xLabel: "s", yLabel: "spikes in 100 ms", lines: [line], references: [{ label: "target", y: TARGET }] });
  writeFileSync(out, page("A controller", figure(plot, `Watched for ${half * TICK_S} s, then pulsed whenever below the target.`)));
} catch (error) {
  if (!(error instanceof UnsafePulse)) throw error;
  console.error(`the gate refused: ${error.message}`);
  process.exitCode = 2;
} finally {
  await device.close();
}
