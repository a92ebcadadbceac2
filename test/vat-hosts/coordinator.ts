/**
 * The loop over a vat of hosts as a program that can be killed: it saves itself every few steps and goes on from there.
 * Arguments: URL of the server, folder, steps.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "@msgpack/msgpack";
import { writeWhole } from "../../src/files/whole.ts";
import { natsTissue } from "../../src/tissue/nats/coordinator/tissue.ts";
import { beginning, type LoopState, runLoop, specs } from "./closed-loop.ts";

const [url = "", folder = "", steps = ""] = process.argv.slice(2);
const path = join(folder, "state");
const brains = specs.map(({ brain }) => brain);
const say = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

const tissue = await natsTissue({
  nats: { url },
  vat: "killed",
  leaseMs: 1500,
  snapshotEvery: 4,
  onEvent: say,
});
try {
  await tissue.open(specs);
  let state: LoopState = beginning;
  if (existsSync(path)) {
    const saved = decode(readFileSync(path)) as { state: LoopState; snapshots: Uint8Array[] };
    state = saved.state;
    await tissue.restore(state.step, brains, saved.snapshots);
  }
  say({ event: "begins", step: state.step });
  state = await runLoop(tissue, state, Number(steps), async (now) => {
    if (now.step % 5 === 0)
      writeWhole(path, encode({ state: now, snapshots: await tissue.snapshot(brains) }));
    say({ event: "step", ...now });
  });
  say({ event: "end", ...state });
} catch (error) {
  say({ event: "failed", message: (error as Error).message });
}
await tissue.close();
