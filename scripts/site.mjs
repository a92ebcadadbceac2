// Builds the page of a run's site: the dashboard's views without a server, as scripts that are no modules, so that it opens from the disk.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleForBrowser } from "./bundle.mjs";

const STYLES = ["base", "header", "cards", "figures", "control", "narrow"];

/** Into the folder `out`. */
export async function writeSitePage(root, out) {
  const page = join(root, "src", "dashboard", "page");
  mkdirSync(out, { recursive: true });
  const worker = await bundleForBrowser(join(page, "views", "culture", "growth-worker.ts"));
  const script = await bundleForBrowser(join(page, "main.tsx"), {
    named: { "virtual:growth-worker": worker },
    replaced: {
      "connection.ts": join(page, "state", "site-connection.ts"),
      "start-growth-worker.ts": join(page, "views", "culture", "start-growth-worker-inline.ts"),
    },
  });
  writeFileSync(join(out, "site.js"), script);
  const styles = [
    join(root, "node_modules", "uplot", "dist", "uPlot.min.css"),
    ...STYLES.map((name) => join(page, "style", `${name}.css`)),
  ];
  const style = styles.map((path) => readFileSync(path, "utf8")).join("\n");
  const html = readFileSync(join(page, "index.html"), "utf8")
    .replace("</head>", () => `<style>${style}</style>\n</head>`)
    .replace(
      '<script type="module" src="./main.tsx"></script>',
      '<script src="run.js"></script>\n<script src="site.js"></script>',
    );
  writeFileSync(join(out, "index.html"), html);
}
