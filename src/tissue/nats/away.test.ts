/** A server that is away for a while, and a coordinator that never comes back. */
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { checkedPlans, checkedSpecs } from "../conformance/inputs.ts";
import { localTissue } from "../local.ts";
import { natsTissue } from "./coordinator/tissue.ts";
import { hostTissue, type ServingEvent } from "./host/host.ts";
import { connectNats } from "./server/connection.ts";
import { openBucket } from "./server/store.ts";
import { startServer } from "./testing.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const closing = <T extends object>(what: T, close: (what: T) => Promise<unknown>): T => {
  closers.push(() => close(what));
  return what;
};
const spec = checkedSpecs[0];
const plans = checkedPlans(0).slice(0, 1);

it("opens and restores while the server is away, as soon as it is back", { timeout: 60_000 }, async () => {
  const server = closing(await startServer(), (it) => it.stop());
  const nats = { url: server.url };
  closing(await hostTissue({ nats, brains: 1, threads: 1, name: "waits", leaseMs: 3000 }), (it) =>
    it.close(),
  );
  const tissue = closing(await natsTissue({ nats, vat: "away" }), (it) => it.close());
  const back = server.restart(1500);
  await tissue.open([spec]);
  await back;
  const alone = closing(localTissue(), (it) => it.close());
  await alone.open([spec]);
  const [snapshot] = await tissue.snapshot([0]);
  expect(await tissue.step(0, plans)).toEqual(await alone.step(0, plans));
  const again = server.restart(1500);
  await tissue.restore(0, [0], [snapshot!]);
  await again;
  await alone.restore(0, [0], [snapshot!]);
  expect(await tissue.step(0, plans)).toEqual(await alone.step(0, plans));
});

it("says in one line that a server has no JetStream", { timeout: 30_000 }, async () => {
  const server = closing(await startServer([], { jetStream: false }), (it) => it.stop());
  const connection = closing(await connectNats({ url: server.url }), (it) => it.close());
  await expect(openBucket(connection)).rejects.toThrow(/gives no key-value store .*nats-server -js/);
});

it("lets go of the brains of a coordinator that has died, and gives them to another", {
  timeout: 60_000,
}, async () => {
  const server = closing(await startServer(), (it) => it.stop());
  const nats = { url: server.url };
  const events: ServingEvent[] = [];
  const host = { nats, brains: 1, threads: 1, name: "left", abandonMs: 2400 };
  closing(await hostTissue({ ...host, onEvent: (event) => events.push(event) }), (it) => it.close());
  const connection = closing(await connectNats(nats), (it) => it.close());
  // A coordinator whose process has died: nothing of it is heard any more.
  const dying = await natsTissue({ nats, vat: "dead", leaseMs: 1000 });
  await dying.open([spec]);
  const given = () => events.filter(({ event }) => event === "given-up");
  await pause(1500);
  expect(given()).toEqual([]); // it only thinks
  const kv = await openBucket(connection);
  const entry = await kv.get("vat.dead");
  await kv.put("vat.dead", entry!.string()); // it loses its lease, and is silent from now on
  while (given().length === 0) await pause(50);
  expect(given()).toMatchObject([{ vat: "dead", why: "its run has ended without a word" }]);
  await dying.close();

  const next = closing(await natsTissue({ nats, vat: "next" }), (it) => it.close());
  await next.open([spec]);
  const alone = closing(localTissue(), (it) => it.close());
  await alone.open([spec]);
  expect(await next.step(0, plans)).toEqual(await alone.step(0, plans));
});
