import { afterAll, beforeAll, describe, it } from "vitest";
import { holderChecks } from "../conformance.ts";
import { natsHolder } from "./holder.ts";
import { type BrainHost, hostBrains } from "./host.ts";
import { startServer, type TestServer } from "./testing.ts";

describe("brains held by two hosts through NATS", () => {
  let server: TestServer;
  let hosts: BrainHost[];
  let vats = 0;

  beforeAll(async () => {
    server = await startServer();
    const nats = { url: server.url };
    hosts = [
      await hostBrains({ nats, brains: 2, threads: 1, name: "left" }),
      await hostBrains({ nats, brains: 2, threads: 1, name: "right" }),
    ];
  });
  afterAll(async () => {
    for (const host of hosts) await host.close();
    await server.stop();
  });

  const make = () => natsHolder({ nats: { url: server.url }, vat: `checked-${vats++}`, snapshotEvery: 2 });
  for (const { name, run } of holderChecks(make)) it(name, run);
});
