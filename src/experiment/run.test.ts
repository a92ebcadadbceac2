import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RunError } from "./error.ts";
import { RUN_FORMAT } from "./folder.ts";
import { type OrganoidConfig, organoidConfig } from "./organoid/config.ts";
import { runOrganoid } from "./organoid/run.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-run-"));
afterAll(() => rmSync(root, { recursive: true }));
const config = organoidConfig.parse({ series: "henon", seeds: 1, arms: ["descent", "sham"] });

let count = 0;
/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function refusal(of: OrganoidConfig, folder: string): Promise<Error> {
  return runOrganoid(of, folder, { wetgradVersion: "test" }).then(
    () => expect.fail("it ran"),
    (error: Error) => error,
  );
}

const saved = (format: unknown, of: unknown) =>
  JSON.stringify({ format, experiment: "organoid", config: of });

describe("a run folder that cannot be used: one line, nothing touched", () => {
  const cases: [string, Readonly<Record<string, string>>, RegExp][] = [
    [
      "of another version",
      { "config.json": saved(RUN_FORMAT + 1, config) },
      /expected run format .* another version/,
    ],
    [
      "of another experiment",
      { "config.json": saved(RUN_FORMAT, { ...config, seeds: 2 }) },
      /another experiment/,
    ],
    [
      "with a configuration cut short",
      { "config.json": '{"format": 1, "conf' },
      /expected a run's configuration/,
    ],
    ["with a report and no configuration", { "report.json": "{}" }, /not a run of this version/],
    ["with a journal and no configuration", { "journal.sqlite": "" }, /not a run of this version/],
  ];
  for (const [name, files, message] of cases)
    it(name, async () => {
      const folder = folderWith(files);
      const error = await refusal(config, folder);
      expect(error).toBeInstanceOf(RunError);
      expect(error.message).toMatch(message);
      expect(error.message).toMatch(/choose another --out$/);
      expect(error.message).not.toContain("\n");
      expect(readdirSync(folder)).toEqual(Object.keys(files));
      for (const [file, text] of Object.entries(files))
        expect(readFileSync(join(folder, file), "utf8")).toBe(text);
    });
});

describe("an experiment that cannot be: refused before a folder is made", () => {
  it("an arm that replays the descent without the descent", async () => {
    for (const arm of ["yoked", "frozen"] as const) {
      const folder = join(root, "none");
      const error = await refusal({ ...config, arms: [arm, "sham"] }, folder);
      expect(error).toBeInstanceOf(RunError);
      expect(error.message).toMatch(new RegExp(`arm ${arm} .* add descent to --arms`));
      expect(existsSync(folder)).toBe(false);
    }
  });

  it("a series that is not there, or too short", async () => {
    const folder = join(root, "none");
    const short = join(root, "short.csv");
    writeFileSync(short, "1\n2\n3\n");
    const cases: [string, RegExp][] = [
      [join(root, "no-such.csv"), /no-such\.csv/],
      [short, /at least \d+ values .* got 3/],
    ];
    for (const [series, message] of cases) {
      const error = await refusal({ ...config, series }, folder);
      expect(error.message).toMatch(message);
      expect(error.message).not.toContain("\n");
      expect(existsSync(folder)).toBe(false);
    }
  });
});
