/** A page that asks for stretches of a recording, 1,500 at a time. */
import type { Flood } from "./flood.ts";
import { openPage, sayOften } from "./page.ts";

const EVERY_MS = 100;
const AT_ONCE = 1500;

export const segments: Flood = {
  name: "segments",
  async pages({ url, saved }) {
    const page = await openPage(url, saved.name);
    let asked = 0;
    const end = sayOften(page, EVERY_MS, () =>
      Array.from({ length: AT_ONCE }, () => ({ kind: "segment", index: asked++ % saved.segments })),
    );
    return { page, end };
  },
};
