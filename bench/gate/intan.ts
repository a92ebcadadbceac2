/**
 * The driver of RHX, in time that passes only here: RHX with a stimulation controller on connections in memory, whose data
 * come late and in heaps; connections come and go, keys are pressed only by the driver. What an armed channel sends when its
 * key is pressed is what was received.
 */
import type { Socket } from "node:net";
import type { Device, Phase, Pulse } from "../../src/device/contract.ts";
import { parseDeviceFile } from "../../src/device/device-file.ts";
import { DEFAULT_LIMITS } from "../../src/device/gate/limits.ts";
import { openDevice } from "../../src/device/gate/open.ts";
import { type IntanStimulator, openIntan } from "../../src/device/intan/driver.ts";
import { FakeRhx } from "../../src/device/intan/testing/fake-rhx.ts";
import { VirtualTime } from "../../src/device/testing/virtual-time.ts";
import { Random } from "../../src/math/random.ts";
import { type Outcome, Tally } from "./outcome.ts";
import { planOf } from "./plans.ts";
import { Received } from "./received.ts";

const phases: readonly Phase[] = [
  { currentUa: -1.25, durationUs: 160 },
  { currentUa: 1.25, durationUs: 160 },
];

/** What a turn of the event loop takes here. */
const TURN_MS = 0.2;

export async function overIntan(plans: number, seed: number): Promise<Outcome> {
  const tally = new Tally();
  const random = Random.of(seed, "intan");
  const time = new VirtualTime(1000, TURN_MS);
  const rhx = new FakeRhx(time);
  const file = parseDeviceFile(
    {
      device: `bench-intan-${seed}`,
      preparation: "in-vitro",
      areaUm2: 707,
      material: "titanium-nitride",
      triggers: [
        { key: "F1", channels: [0], phases },
        { key: "F2", channels: [1, 2], phases },
      ],
    },
    "bench",
  );
  let received: Received | undefined;
  rhx.onPulse = (channel, sent) => received?.add({ channel, phases: sent }, Math.floor(time.nowMs() * 1000));
  const connect = async (): Promise<Device> => {
    const opening = openIntan({ file, dial: (port) => rhx.dial(port) as unknown as Socket, time });
    let isOpen = false;
    const opened = opening.finally(() => {
      isOpen = true;
    });
    while (!isOpen) {
      await settle();
      time.pass(5);
    }
    const driver = await opened;
    received ??= new Received(driver.profile, DEFAULT_LIMITS);
    return openDevice(driver as IntanStimulator);
  };
  rhx.live();
  let open = await connect();
  const made: (readonly Pulse[])[] = [];
  while (tally.plans < plans) {
    const act = random.integer(2000);
    if (act < 2) {
      await open.close();
      open = await connect();
    } else if (act < 20) time.block(random.integer(1500));
    else if (act < 40) await Promise.race([open.read(open.now() + 200).catch(() => {}), settle()]);
    else if (act < 700) time.pass(random.integer(act < 46 ? 1000 : 20));
    else
      await tally.give(open, planOf({ device: open, random, made, channels: [0, 1, 2], phases: [phases] }));
    if (act < 700 || random.integer(8) === 0) await settle();
    if (tally.isLost) {
      await open.close();
      open = await connect();
    }
    tally.isLost = false;
  }
  time.pass(5000);
  await settle();
  await open.close();
  await rhx.cut();
  return tally.of(received as Received);
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
