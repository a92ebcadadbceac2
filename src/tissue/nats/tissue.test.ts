import { afterAll, beforeAll, describe, it } from "vitest";
import { tissueChecks } from "../conformance/suite.ts";
import { natsTissue } from "./coordinator/tissue.ts";
import { hostTissue, type TissueHost } from "./host/host.ts";
import { startServer, type TestServer } from "./testing.ts";

describe("brains held by two hosts through NATS", () => {
  let server: TestServer;
  let hosts: TissueHost[];
  let vats = 0;

  beforeAll(async () => {
    server = await startServer();
    const nats = { url: server.url };
    hosts = [
      await hostTissue({ nats, brains: 2, threads: 1, name: "left" }),
      await hostTissue({ nats, brains: 2, threads: 1, name: "right" }),
    ];
  });
  afterAll(async () => {
    for (const host of hosts) await host.close();
    await server.stop();
  });

  const skip = [
    { check: "reads, writes and scales synapses", reason: "hosts are asked for what fits into a plan" },
  ] as const;
  const make = () => natsTissue({ nats: { url: server.url }, vat: `checked-${vats++}`, snapshotEvery: 2 });
  for (const { name, run, isSkipped } of tissueChecks(make, skip)) it.skipIf(isSkipped)(name, run);
});
