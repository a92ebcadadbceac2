/** The documentation holds together: links and anchors lead somewhere, files that it names are there, its tables are the code's. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

interface Listed {
  readonly link?: string;
  readonly items?: readonly Listed[];
}
const { default: site } = (await import(new URL("../docs/.vitepress/config.mjs", import.meta.url).href)) as {
  default: { themeConfig: { sidebar: readonly Listed[] } };
};
const { MODULES, referencePage } = (await import(
  new URL("../scripts/reference.mjs", import.meta.url).href
)) as {
  MODULES: Readonly<Record<string, string>>;
  referencePage: (modules: object) => string;
};

const root = fileURLToPath(new URL("..", import.meta.url));
const LEFT_OUT = ["node_modules", "dist", "runs", ".git", "site", "api"];

function pagesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (LEFT_OUT.includes(name)) return [];
    if (statSync(path).isDirectory()) return pagesIn(path);
    return name.endsWith(".md") ? [path] : [];
  });
}

const pages = pagesIn(root);
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, "");

/** As code hosts and VitePress make it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

const anchorsOf = (path: string) =>
  [...withoutCode(readFileSync(path, "utf8")).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) =>
    anchorOf(heading!),
  );

describe.each(pages.map((path) => [relative(root, path), path] as const))("%s", (_, path) => {
  const text = readFileSync(path, "utf8");

  it("links to what is there", () => {
    const lost = [
      ...withoutCode(text)
        .replace(/`[^`\n]*`/g, "")
        .matchAll(/\]\(([^)\s]+)[^)]*\)/g),
    ].flatMap(([, link]) => {
      if (/^(https?|mailto):/.test(link!)) return [];
      const [file = "", anchor] = link!.split("#");
      const target = file === "" ? path : resolve(dirname(path), file);
      if (!existsSync(target)) return [link];
      return anchor && target.endsWith(".md") && !anchorsOf(target).includes(anchor) ? [link] : [];
    });
    expect(lost).toEqual([]);
  });

  it("names files that are there", () => {
    const named = [
      ...text.matchAll(/`((?:src|docs|test|bench|scripts|examples|integrations|engines)\/[\w./-]+)`/g),
    ];
    const lost = named.flatMap(([, file]) =>
      [root, dirname(path)].some(
        (from) => existsSync(join(from, file!)) || existsSync(join(from, `${file}.ts`)),
      )
        ? []
        : [file],
    );
    expect(lost).toEqual([]);
  });
});

it("every page of the documentation is in the site's list", () => {
  const listed: string[] = [];
  const gather = (items: readonly Listed[]) => {
    for (const { link, items: below } of items) {
      if (link) listed.push(link);
      if (below) gather(below);
    }
  };
  gather(site.themeConfig.sidebar);
  const there = pages
    .map((path) => relative(join(root, "docs"), path))
    .filter((page) => !page.startsWith("..") && page !== "index.md")
    .map((page) => `/${page.replace(/\.md$/, "")}`);
  expect(there.filter((page) => !listed.includes(page))).toEqual([]);
});

it("the reference tables are those of the code (node scripts/reference.mjs)", async () => {
  const modules = await Promise.all(
    Object.entries(MODULES).map(async ([name, path]) => [
      name,
      (await import(new URL(`../src/${path}.ts`, import.meta.url).href)) as object,
    ]),
  );
  const page = referencePage(Object.fromEntries(modules));
  expect(readFileSync(join(root, "docs", "reference.md"), "utf8")).toBe(page);
});
