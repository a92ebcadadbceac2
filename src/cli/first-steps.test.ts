/** Commands and options for the first minute: demonstration, doctor, completion, --config, --open, what is refused. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, expect, test, vi } from "vitest";
import { writeConfig } from "../experiment/folder.ts";
import { demonstrationOf, organoidConfig, QUICK } from "../experiment/organoid/config.ts";
import { vatConfig } from "../experiment/vat/config.ts";
import { candidates, completionOf } from "./completion.ts";
import { examine } from "./doctor.ts";
import { openerOf, openInBrowser } from "./manners/browser.ts";
import { UsageError } from "./manners/errors.ts";
import { checkEnvironment } from "./options/environment.ts";
import { organoidConfigOf } from "./organoid/options.ts";
import { vatConfigOf } from "./vat/options.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-first-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("only the demonstration itself is called one", () => {
  expect(demonstrationOf(organoidConfigOf({ quick: true }))).toMatch(/does not show/);
  expect(demonstrationOf(organoidConfigOf({ quick: true, series: "laser" }))).toBe(undefined);
  expect(demonstrationOf(organoidConfig.parse({}))).toBe(undefined);
  expect(QUICK.seeds).toBeGreaterThan(4);
});

test("--config begins with a run's own config.json, options overrule it, and what is wrong in it is named", () => {
  const config = organoidConfig.parse({
    series: "henon",
    seeds: 3,
    method: "direct",
    arms: ["descent", "sham"],
  });
  const run = join(folder, "run");
  writeConfig(run, { kind: "organoid", config });
  expect(organoidConfigOf({ config: run })).toEqual(config);
  expect(organoidConfigOf({ config: join(run, "config.json"), seeds: "5" })).toEqual({ ...config, seeds: 5 });

  const vat = join(folder, "vat");
  const vatRun = vatConfig.parse({ task: "pong", brains: 2, arms: ["descent", "sham"] });
  writeConfig(vat, { kind: "vat", config: vatRun });
  expect(vatConfigOf({ config: vat })).toEqual(vatRun);
  expect(() => organoidConfigOf({ config: vat })).toThrow(
    "it is of wetgrad vat run, and this is another command",
  );

  const wrong = (text: string) => {
    const path = join(folder, "wrong.json");
    writeFileSync(path, text);
    return () => organoidConfigOf({ config: path });
  };
  expect(wrong("{")).toThrow(UsageError);
  expect(wrong("[]")).toThrow("expected the config.json of a run");
  expect(wrong('{"config": {"sedes": 3}}')).toThrow(/expected series, column, seeds, .*, got sedes$/);
  expect(wrong('{"config": {"seeds": 0}}')).toThrow('seeds: expected a number of at least 1, got "0"');
});

test("a variable that wetgrad does not read is refused", () => {
  expect(() => checkEnvironment({ WETGRAD_DEBUG: "1", PATH: "" })).not.toThrow();
  expect(() => checkEnvironment({ WETGRAD_SEEDS: "3" })).toThrow("WETGRAD_SEEDS: no such variable");
});

test("a browser that is not there is said, not failed for", async () => {
  expect(openerOf("win32", "http://h/?a=1&b=2")).toEqual([
    "cmd",
    ["/c", "start", '""', "http://h/?a=1^&b=2"],
  ]);
  vi.stubEnv("PATH", "");
  const said: string[] = [];
  await openInBrowser("report.html", (line) => said.push(line));
  vi.unstubAllEnvs();
  expect(said).toEqual([expect.stringContaining("open report.html yourself")]);
});

test("doctor finds what tests run on, and says how to get what is missing", async () => {
  const findings = await examine();
  const found = (name: string) => findings.find((finding) => finding.name === name)?.found;
  expect(found("wetgrad")).toContain(process.versions.node);
  expect(found("ONNX Runtime, native")).toBe("loads");
  expect(found("arithmetic")).toMatch(/\([0-9a-f]{12}\)$/);
  for (const { name, found, get } of findings) if (found === null) expect(get, name).toBeTruthy();
}, 120_000);

const program = () => {
  const vat = new Command("vat");
  vat.addCommand(new Command("run").option("--task <name>", ""));
  return new Command("wetgrad").addCommand(vat).addCommand(new Command("organoid").option("--quick", ""));
};

test("completion offers the commands and options of where one is", () => {
  expect(candidates(program()).get("vat run")).toEqual(["--task", "--help"]);
  const offered = (line: string) => {
    const words = line.split(" ");
    const script = `${completionOf(program(), "bash")}
COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}
_wetgrad; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync("bash", ["-c", script], { encoding: "utf8", cwd: folder }).stdout.trim().split("\n");
  };
  if (spawnSync("bash", ["-c", "true"]).status !== 0) return;
  expect(offered("wetgrad ")).toEqual(["vat", "organoid", "--help"]);
  expect(offered("wetgrad vat r")).toEqual(["run"]);
  expect(offered("wetgrad vat run --t")).toEqual(["--task"]);
  expect(offered("wetgrad organoid --q")).toEqual(["--quick"]);
  expect(completionOf(program(), "fish")).toContain(
    "__fish_seen_subcommand_from organoid' -a '--quick --help'",
  );
});
