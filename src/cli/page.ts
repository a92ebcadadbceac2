/** `wetgrad page OUT`: the page that anyone can open, as files of their own. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { builtPage, PAGE_FILES } from "../web/built.ts";
import { writableFolder } from "./manners/folder.ts";
import { print, printJson } from "./manners/output.ts";

export function pageCommand(): Command {
  return new Command("page")
    .description(
      "write the page that anyone can open: a dish that grows, learns a tune and plays it, in a browser's tab; it needs no server",
    )
    .argument("<out>", "folder to write index.html, what it loads when asked, and the module wetgrad.js to")
    .option("--json", "print the paths as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad page dish\nthen open dish/index.html, or put the folder on any host of static files.\n",
    )
    .action((out: string, { json }: { json?: boolean }) => {
      writableFolder(out, "OUT");
      const from = builtPage();
      mkdirSync(out, { recursive: true });
      const paths = PAGE_FILES.map((name) => {
        cpSync(join(from, name), join(out, name));
        return join(out, name);
      });
      if (json) printJson({ paths });
      else print(paths.join("\n"));
    });
}
