/** A dish at a host, beside a simulated brain: a culture served in real time, whose own ledger says what it was given. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulatedProfile } from "../src/device/simulated/array.ts";
import type { SimulatedMea } from "../src/device/simulated/driver.ts";
import { smallMea } from "../src/device/simulated/testing.ts";
import { pulsesFor } from "../src/device/stimulation.ts";
import { freeUdpPort } from "../src/device/testing/ports.ts";
import { serveUdp, type UdpServer } from "../src/device/udp/server.ts";
import { type CultureSpec, deliveredPulses, type StepPlan } from "../src/tissue/contract.ts";
import { localTissue } from "../src/tissue/local.ts";
import { natsTissue, type VatEvent } from "../src/tissue/nats/coordinator/tissue.ts";
import {
  readJournal,
  startProgram,
  startServer,
  type TestProcess,
  type TestServer,
} from "../src/tissue/nats/testing.ts";
import { Unable } from "../src/tissue/unable.ts";

const specs: readonly CultureSpec[] = [0, 1].map((brain) => ({
  brain,
  seed: 70 + brain,
  neurons: 120,
  div: 21,
  preset: "quiet",
}));
const DISH = 1;
const PULSES = 6;

/** Six pulses in the first quarter of the step and as many in the last. */
function plansOf(durationFrames: number): StepPlan[] {
  return specs.map(({ brain }) => ({
    brain,
    durationFrames,
    plasticity: 1,
    pulses: Array.from({ length: PULSES }, (_, k) => [
      ...pulsesFor([10 + k], 1, 200 + 40 * k, simulatedProfile),
      ...pulsesFor([10 + k], 1, durationFrames - 500 + 40 * k, simulatedProfile),
    ]).flat(),
  }));
}
/** On four ports in a row, as a CL1 has them. */
async function serveSomewhere(driver: SimulatedMea): Promise<UdpServer> {
  for (let tries = 10; ; tries--) {
    const base = await freeUdpPort();
    const ports = { stimulation: base, spikes: base + 1, events: base + 2, feedback: base + 3 };
    try {
      return await serveUdp({ driver, ports, ticksPerSecond: 50 });
    } catch (error) {
      if (tries === 0) throw error;
    }
  }
}

const SHORT = 5000;
/** Two seconds: time to kill a host in the midst of it. */
const LONG = 50_000;

describe("a dish at a host", { timeout: 600_000 }, () => {
  let folder: string;
  let nats: TestServer;
  let culture: UdpServer;
  let address: string;
  const processes: TestProcess[] = [];
  const journal = () => readJournal(join(folder, "dish.jsonl"));
  const start = (name: string, ...args: string[]) => {
    const own = ["--nats", nats.url, "--name", name, "--lease", "3", "--json"];
    const host = startProgram("dist/src/cli/main.js", ["vat", "host", ...own, ...args]);
    processes.push(host);
    return host;
  };
  const startDish = () => start("dish", "--dish", address, "--journal", join(folder, "dish.jsonl"));

  beforeAll(async () => {
    spawnSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { stdio: "inherit" });
    folder = mkdtempSync(join(tmpdir(), "wetgrad-dish-"));
    const file = join(folder, "lab.json");
    writeFileSync(
      file,
      JSON.stringify({ areaUm2: 707, material: "titanium-nitride", preparation: "simulated" }),
    );
    nats = await startServer();
    culture = await serveSomewhere(smallMea());
    address = `udp://127.0.0.1:${culture.ports.stimulation}?file=${file}`;
  }, 120_000);
  afterAll(async () => {
    for (const host of processes) await host.kill();
    await nats?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is stepped with the others, and after its host was killed goes on without the step of which nothing is known", async () => {
    const simulated = start("simulated", "--brains", "2", "--threads", "1");
    let dish = startDish();
    for (const host of [simulated, dish]) await host.until(({ event }) => event === "offering");
    const events: VatEvent[] = [];
    const tissue = await natsTissue({
      nats: { url: nats.url },
      vat: "dishes",
      dishes: [{ brain: DISH, host: "dish" }],
      onEvent: (event) => events.push(event),
    });
    const alone = localTissue();
    await tissue.open(specs);
    await alone.open(specs.slice(0, 1));
    let delivered = 0;
    const step = async (n: number, frames: number) => {
      const results = await tissue.step(n, plansOf(frames));
      // The simulated brain does what it does without any of this.
      expect(results[0]).toEqual((await alone.step(n, plansOf(frames).slice(0, 1)))[0]);
      delivered += deliveredPulses(plansOf(frames)[DISH], results[DISH]).length;
      for (const frame of results[DISH].spikes.frames) expect(frame >= 0 && frame < frames).toBe(true);
      return results[DISH];
    };

    // On a busy machine pulses come to be late: they are dropped, and the result says so.
    for (const { rule } of (await step(0, SHORT)).refused) expect(rule).toBe("late");
    expect(tissue.profile(0).abilities).toEqual(["restore", "plasticity"]);
    expect(tissue.profile(DISH)).toMatchObject({ preparation: "simulated", abilities: [] });
    const [plan] = plansOf(SHORT).slice(DISH);
    await expect(tissue.step(1, [{ ...plan, reward: 1 }])).rejects.toThrow(
      /ability "reward", got .* with none/,
    );
    await expect(tissue.perform(DISH, { kind: "read-strengths" })).rejects.toBeInstanceOf(Unable);
    const marks = await tissue.snapshot([0, DISH]);
    await pause(700); // the dish lives on meanwhile
    await step(1, SHORT);

    const lost = step(2, LONG);
    while (!journal().some((line) => line["step"] === 2)) await pause(20);
    await pause(700);
    await dish.kill();
    while (!events.some(({ event }) => event === "waiting-for-dish")) await pause(50);
    expect(events.filter(({ event }) => event === "moved")).toEqual([]);
    dish = startDish();
    const unknown = await lost;
    expect(unknown.spikes.frames.length).toBe(0);
    // What a dish may have been given is not counted as delivered.
    expect(unknown.isLost).toBe(true);
    expect(deliveredPulses(plansOf(LONG)[DISH], unknown)).toEqual([]);
    expect(events).toContainEqual({ event: "step-lost", brain: DISH, host: "dish", step: 2 });
    await step(3, SHORT);

    // Put back to its mark it goes on as it is; the simulated brain really goes back.
    await tissue.restore(20, [DISH], [marks[1]]);
    await expect(tissue.restore(20, [DISH], [marks[0]])).rejects.toThrow("which cannot be put back");
    await expect(tissue.restore(20, [0], [marks[1]])).rejects.toThrow("got the mark of a dish");
    const [again] = await tissue.step(20, plansOf(SHORT).slice(DISH));
    expect(again!.brain).toBe(DISH);
    await tissue.close();
    await alone.close();

    const lines = journal().map((line) => `${line["step"]} ${line["replay"]}`);
    expect(lines).toEqual(["0 false", "1 false", "2 false", "3 false", "20 false"]);
    await dish.kill("SIGINT");
    // Of what steps 0, 1 and 3 say that they delivered half at least (what is late when it is let go of is cancelled); of
    // step 2 no more than once.
    const { pulses } = await culture.close();
    expect(delivered).toBeGreaterThan(0);
    expect(pulses).toBeGreaterThanOrEqual(delivered / 2);
    expect(pulses).toBeLessThanOrEqual(5 * 2 * PULSES);
  });

  it("is refused in one line where it is only read, or unlike what plans are made for", async () => {
    const list = join(folder, "spikes.csv");
    writeFileSync(list, "time_s,channel\n0.1,3\n0.2,4\n");
    const refused = async (...args: string[]) => {
      const host = startProgram("dist/src/cli/main.js", ["vat", "host", "--nats", nats.url, ...args]);
      return host.until(() => false).catch((error: Error) => error.message);
    };
    expect(await refused("--name", "x", "--dish", `replay:${list}`)).toMatch(
      /error: --dish replay:.*: expected a device that can be stimulated/,
    );
    expect(await refused("--dish", "simulated:")).toContain("--dish: expected with --name");
    expect(await refused("--name", "x", "--dish", "simulated:", "--brains", "2")).toContain(
      "--dish: expected without --brains",
    );
  });
});
