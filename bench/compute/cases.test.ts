/** The training steps measured here and in PyTorch are the same: same loss, same gradients. */
import { expect, it } from "vitest";
import { apart, CASES, type Case } from "./cases.ts";

it.each(Object.entries(CASES))(
  "%s is in PyTorch what it is here (needs python3-torch)",
  async (_, of: Case) => {
    const peer = await of.torch(1);
    if (!peer)
      return console.warn("PyTorch is not installed (Debian: python3-torch); its steps are not compared");
    const [{ start }, ours] = [peer, await of.start()];
    await peer.stop();
    expect(ours.length).toBe(start.length);
    const { loss, gradient } = apart(ours, start);
    expect(loss).toBeLessThan(1e-4);
    expect(gradient).toBeLessThan(1e-4);
    // As near as rounding: what differs by one misplaced tensor is far away.
    expect(
      apart(
        ours,
        start.map((value, i) => (i === 5 ? value + 1 : value)),
      ).gradient,
    ).toBeGreaterThan(1e-2);
  },
);
