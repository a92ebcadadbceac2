import { expect, it } from "vitest";
import { openDevice } from "../device/gate/open.ts";
import { growSimulated } from "../device/simulated/grow.ts";
import { SCAFFOLDS, scaffolds } from "../device/simulated/scaffolds.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { layoutFor } from "./layout.ts";

it.each(SCAFFOLDS)(
  "%s lets a datum and a write through its gate at once; no electrode with a role is near another",
  async (name) => {
    const { profile } = scaffolds[name];
    const { roles, protocol } = layoutFor(profile, 1, 8);
    const device = openDevice(
      growSimulated({ scaffold: name, seed: 1, div: 21, neurons: 120, preset: "quiet" }),
    );
    const pulsed = [...roles.sensory.slice(0, protocol.contextSize), ...roles.assigned[0]];
    await device.stimulate(pulsesFor(pulsed, 1, 0, device.profile));
    expect(device.ledger().pulses).toBe(pulsed.length);
    const used = [...roles.sensory, ...roles.prediction].map((channel) => profile.electrodes[channel]);
    const near = used.flatMap((a, i) =>
      used.slice(0, i).filter((b) => Math.hypot(a.xUm - b.xUm, a.yUm - b.yUm) < 150),
    );
    expect(near).toEqual([]);
    const most = profile.hardware?.maxElectrodesAtOnce;
    if (most === undefined) return;
    await device.read(1_000);
    const many = profile.electrodes.slice(0, most + 1).map(({ channel }) => channel);
    await expect(device.stimulate(pulsesFor(many, 1, 1_000, device.profile))).rejects.toMatchObject({
      rule: "at-once",
      measured: most + 1,
    });
  },
);
