/** A vat on three host processes, which are killed, stopped and cut off: it ends with the bits of an undisturbed one. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { natsTissue, type VatEvent } from "../src/tissue/nats/coordinator/tissue.ts";
import {
  readJournal,
  startProgram,
  startServer,
  type TestProcess,
  type TestServer,
} from "../src/tissue/nats/testing.ts";
import { beginning, runLoop, specs, undisturbed } from "./vat-hosts/closed-loop.ts";

const NAMES = ["a", "b", "c"] as const;
const STEPS = 40;

describe("a vat on three hosts", { timeout: 600_000 }, () => {
  let folder: string;
  let server: TestServer;
  let expected: string[];
  const hosts = new Map<string, TestProcess>();
  const journal = (name: string) => readJournal(join(folder, `${name}.jsonl`));

  const startHost = (name: string) => {
    const args = ["--nats", server.url, "--brains", "4", "--name", name, "--threads", "1", "--lease", "3"];
    hosts.set(
      name,
      startProgram("dist/src/cli/main.js", [
        ...["vat", "host", "--json", ...args],
        ...["--journal", join(folder, `${name}.jsonl`)],
      ]),
    );
  };
  const ready = (name: string) => hosts.get(name)!.until(({ event }) => event === "offering");

  beforeAll(async () => {
    // The hosts are the command as it is built: it starts faster than from its source.
    spawnSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { stdio: "inherit" });
    folder = mkdtempSync(join(tmpdir(), "wetgrad-hosts-"));
    server = await startServer();
    for (const name of NAMES) startHost(name);
    expected = await undisturbed(STEPS);
    await Promise.all(NAMES.map(ready));
  }, 120_000);
  afterAll(async () => {
    for (const host of hosts.values()) await host.kill();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Hosts that were killed come back. */
  beforeEach(async () => {
    for (const name of NAMES)
      if (hosts.get(name)!.process.exitCode !== null || hosts.get(name)!.process.signalCode !== null)
        startHost(name);
    await Promise.all(NAMES.map(ready));
  });

  /** Runs the loop; `disturb` is called once, while step `at` is on its way. */
  async function disturbed(
    vat: string,
    at: number,
    disturb: (events: VatEvent[]) => Promise<unknown> | unknown,
  ) {
    const events: VatEvent[] = [];
    const onEvent = (event: VatEvent) => events.push(event);
    const tissue = await natsTissue({ nats: { url: server.url }, vat, snapshotEvery: 4, onEvent });
    const digests = [beginning.digest];
    let disturbance: Promise<unknown> = Promise.resolve();
    try {
      await tissue.open(specs);
      await runLoop(tissue, beginning, STEPS, async ({ step, digest }) => {
        digests.push(digest);
        if (step === at) disturbance = pause(3).then(() => disturb(events));
        if (step === STEPS - 2) await disturbance;
      });
      await disturbance;
    } finally {
      await tissue.close();
    }
    return { digests, events };
  }

  /** No brain was given the pulses of a step twice under one token. */
  function neverTwice(): void {
    for (const name of NAMES) {
      const lines = journal(name).map(
        ({ vat, brain, token, step, replay }) => `${vat} ${brain} ${token} ${step} ${replay}`,
      );
      expect(lines.length).toBe(new Set(lines).size);
    }
  }

  it("loses a host in mid-cycle", async () => {
    const { digests, events } = await disturbed("lost", 10, () => hosts.get("a")!.kill("SIGKILL"));
    expect(digests).toEqual(expected);
    expect(events.filter(({ event }) => event === "moved").length).toBeGreaterThan(0);
    neverTwice();
  });

  it("loses a host that comes back and believes that nothing has happened", async () => {
    const zombie = hosts.get("b")!;
    let before: Record<string, unknown>[] = [];
    const { digests, events } = await disturbed("zombie", 10, async (seen) => {
      zombie.process.kill("SIGSTOP");
      // Its lease runs out, and its brains are taken elsewhere.
      while (!seen.some((event) => event.event === "host-lost" && event.host === "b")) await pause(50);
      before = journal("b");
      zombie.process.kill("SIGCONT");
      await zombie.until(({ event }) => event === "lost-lease");
    });
    expect(digests).toEqual(expected);
    expect(events.filter(({ event }) => event === "moved").length).toBeGreaterThan(0);
    const held = new Set(before.map(({ token }) => token));
    const after = journal("b").slice(before.length);
    expect(after.filter(({ token }) => held.has(token))).toEqual([]);
    neverTwice();
  });

  it("loses the server, for less than a lease and for more", async () => {
    const { digests } = await disturbed("cut-off", 10, async () => {
      await server.restart(300);
      await pause(500);
      await server.restart(4000);
    });
    expect(digests).toEqual(expected);
    neverTwice();
  });

  it("is sent what is no message", async () => {
    const connection = await connect({ servers: server.url });
    const { digests } = await disturbed("fuzzed", 5, async () => {
      for (let k = 0; k < 300; k++) {
        const bytes = Uint8Array.from({ length: k % 40 }, (_, i) => (k * 31 + i * i * 7) % 256);
        const headed = Uint8Array.from([0x57, 0x56, 1, k % 5, ...bytes]);
        for (const subject of ["wetgrad.host.a", "wetgrad.plan.fuzzed.a", "wetgrad.offers", "wetgrad.call"])
          connection.publish(subject, k % 2 === 0 ? bytes : headed);
      }
      await connection.flush();
    });
    await connection.close();
    expect(digests).toEqual(expected);
  });

  it("loses its coordinator, by death and by a stop from which it returns too late", async () => {
    const run = () => startProgram("test/vat-hosts/coordinator.ts", [server.url, folder, "30"]);
    const reached = (wanted: number) => (event: Record<string, unknown>) =>
      event["event"] === "step" && Number(event["step"]) >= wanted;
    const killed = run();
    await killed.until(reached(7));
    await killed.kill("SIGKILL");
    const stopped = run();
    await stopped.until(reached(17));
    stopped.process.kill("SIGSTOP");
    const last = run();
    try {
      await last.until(({ event }) => event === "end" || event === "failed");
      expect(last.events.find(({ event }) => event === "begins")).toMatchObject({ step: 15 });
      expect(last.events.find(({ event }) => event === "end")).toEqual({
        event: "end",
        step: 30,
        digest: expected[30],
      });
      stopped.process.kill("SIGCONT");
      await stopped.until(({ event }) => event === "failed");
      expect(stopped.events.find(({ event }) => event === "failed")!["message"]).toContain(
        "another run has taken it over",
      );
    } finally {
      for (const one of [killed, stopped, last]) await one.kill();
    }
    neverTwice();
  });
});
