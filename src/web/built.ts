/** Where the build put the page (scripts/page.mjs). */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const PAGE_FILES = ["index.html", "descent.js", "wetgrad.js"] as const;

/** The folder; found from the sources and from dist/ alike. */
export function builtPage(): string {
  const places = ["../../page/", "../../dist/page/"].map((place) => new URL(place, import.meta.url));
  const found = places.find((url) => existsSync(new URL(PAGE_FILES[0], url)));
  if (found === undefined) throw new Error("the page is not built; run `npm run build`");
  return fileURLToPath(found);
}
