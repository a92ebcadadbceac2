/** Pages that watch a run, ask for its recording, and read nothing of what they are sent. */
import type { Flood } from "./flood.ts";
import { openPage, say, sayOften } from "./page.ts";

const PAGES = 8;

export const deafPage: Flood = {
  name: "deaf-page",
  async pages({ url, live, saved }) {
    const ends: (() => void)[] = [];
    for (let i = 0; i < PAGES; i++) {
      const page = await openPage(url, i % 2 === 0 ? live : saved.name);
      say(page, { kind: "watch", cultures: [0] });
      page.pause();
      ends.push(sayOften(page, 5, () => [{ kind: "segment", index: i % saved.segments }]));
    }
    // It hears, and hears nothing of this flood.
    const page = await openPage(url, live);
    return {
      page,
      end() {
        for (const end of ends) end();
        page.terminate();
      },
    };
  },
};
