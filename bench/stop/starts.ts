/** A page that starts three runs in one breath, again and again. */
import type { Flood } from "./flood.ts";
import { openPage, sayOften } from "./page.ts";

export const starts: Flood = {
  name: "starts",
  async pages({ url, live }) {
    const page = await openPage(url, live);
    let seed = 0;
    const end = sayOften(page, () =>
      Array.from({ length: 3 }, () => ({
        kind: "start",
        experiment: "organoid",
        config: { series: "henon", seeds: 1, cycles: 1, firstSeed: ++seed % 1000 },
      })),
    );
    return { page, end };
  },
};
