/** A page that starts three runs in one breath, again and again, for as long as one goes on. */
import type { ServerMessage } from "../../src/dashboard/protocol.ts";
import type { Flood } from "./flood.ts";
import { openPage, sayOften } from "./page.ts";

export const starts: Flood = {
  name: "starts",
  async pages({ url, live }) {
    const page = await openPage(url, live);
    let seed = 0;
    let goesOn = true;
    page.on("message", (data: Buffer, isBinary) => {
      if (isBinary || !data.includes('"kind":"run"')) return;
      const { kind, state } = JSON.parse(data.toString()) as ServerMessage & { readonly state?: string };
      if (kind === "run") goesOn = state === "running";
    });
    const end = sayOften(page, 5, () =>
      Array.from({ length: goesOn ? 3 : 0 }, () => ({
        kind: "start",
        experiment: "organoid",
        config: { series: "henon", seeds: 1, cycles: 1, firstSeed: ++seed % 1000 },
      })),
    );
    return { page, end };
  },
};
