import { describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import { openDevice } from "../gate/open.ts";
import { pulsesFor } from "../stimulation.ts";
import { growIzhikevich } from "./grow-izhikevich.ts";

const make = () => growIzhikevich({ seed: 4, settleMinutes: 0 });

describe("conformance of the second tissue", () => {
  for (const { name, run } of conformanceChecks(make, { repeatable: true, stimulates: true, frames: 12_500 }))
    it(name, run);
});

describe("the second tissue", () => {
  it("answers a pulse near it, and offers no control", async () => {
    const device = openDevice(make());
    expect(device.simulated).toBeUndefined();
    await device.read(50_000);
    const heard = async (channels: number[]) => {
      if (channels.length > 0)
        await device.stimulate(pulsesFor(channels, 1, device.now() + 25, device.profile));
      return (await device.read(device.now() + 25 * 25)).frames.length;
    };
    const quiet = await heard([]);
    await device.read(device.now() + 25_000);
    expect(await heard(Array.from({ length: 20 }, (_, i) => 3 * i))).toBeGreaterThan(quiet + 20);
    await device.close();
  });
});
