/**
 * The runs that a dashboard knows: those in a folder, one from elsewhere that it was opened for, and the one that is
 * going on in this process, of which there is one at a time.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { z } from "zod";
import { type OrganoidConfig, organoidConfig } from "../../descent/config.ts";
import { RUN_FORMAT, runOrganoid } from "../../descent/run.ts";
import { defaultRunName } from "../../descent/run-name.ts";
import { taskNames } from "../../task/open.ts";
import { Feed } from "../feed.ts";
import type { MessageOf } from "../protocol.ts";
import { OrganoidRun } from "./organoid.ts";
import { savedFeed } from "./saved.ts";

/** A request that cannot be followed; `path` is the field of the form. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  constructor(
    message: string,
    readonly path = "",
  ) {
    super(message);
  }
}

export interface RunHostOptions {
  /** Where runs are, and new ones go. */
  readonly folder: string;
  /** A run elsewhere to show as well. */
  readonly also?: string | undefined;
  readonly wetgradVersion: string;
  readonly workers?: number | undefined;
}

const saved = z.object({ format: z.literal(RUN_FORMAT), config: organoidConfig });

export class RunHost {
  private live: OrganoidRun | null = null;
  private readonly lobby = new Feed();
  private readonly shown = new Map<string, Feed>();
  /** Settles when the run that was started here has ended. */
  private going: Promise<void> = Promise.resolve();

  constructor(private readonly options: RunHostOptions) {}

  /** The run of a name; of no name, the list of all. */
  async feedOf(name: string): Promise<Feed> {
    if (name === "") return this.listed(this.lobby);
    if (this.live?.name === name) return this.listed(this.live.feed);
    let feed = this.shown.get(name);
    if (!feed) {
      const folder = this.folderOf(name);
      if (!folder) throw new RefusedError(`no run ${name} here`);
      feed = await savedFeed(folder, readConfig(folder));
      this.shown.set(name, feed);
    }
    return this.listed(feed);
  }

  /** The page of a finished run's report, if there is one. */
  reportPage(name: string): string | null {
    const folder = this.folderOf(name);
    const path = folder && join(folder, "report.html");
    return path && existsSync(path) ? path : null;
  }

  /** Shows a run that somebody else starts in this process. */
  async attach(name: string, config: OrganoidConfig): Promise<OrganoidRun> {
    if (this.live?.isGoing)
      throw new RefusedError(`${this.live.name} is going on: wait for it, or stop it first`);
    const run = await OrganoidRun.of(name, config, this.options.wetgradVersion, () => this.tellRuns());
    this.live = run;
    this.shown.delete(name);
    this.tellRuns();
    return run;
  }

  /** Shows something else that goes on in this process: a vat, a game. Its feed must say its `run` first. */
  show(name: string, feed: Feed): void {
    this.shown.set(name, feed);
  }

  /** Starts the run of a form. Throws `RefusedError` that names the field. */
  async start(given: unknown): Promise<string> {
    const parsed = organoidConfig.safeParse(given);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new RefusedError(issue!.message, issue!.path.join("."));
    }
    const config = parsed.data;
    checkSeries(config.series);
    return this.go(defaultRunName(config), config);
  }

  async continue(name: string): Promise<string> {
    const folder = this.folderOf(name);
    if (!folder) throw new RefusedError(`no run ${name} here`);
    return this.go(name, readConfig(folder));
  }

  stop(atMs?: number): void {
    this.live?.stop(atMs);
  }

  /** Stops what is going on and waits until it has been saved. */
  async close(): Promise<void> {
    this.stop();
    await this.going;
  }

  private async go(name: string, config: OrganoidConfig): Promise<string> {
    const folder = this.folderOf(name) ?? join(this.options.folder, name);
    const run = await this.attach(name, config);
    const { wetgradVersion, workers } = this.options;
    this.going = runOrganoid(config, folder, { wetgradVersion, workers, ...run.hooks() }).then(
      () => run.ended(),
      (error: Error) => run.ended(error),
    );
    return name;
  }

  private listed(feed: Feed): Feed {
    feed.say(this.list());
    return feed;
  }

  private tellRuns(): void {
    const list = this.list();
    for (const feed of [this.lobby, ...this.shown.values(), ...(this.live ? [this.live.feed] : [])])
      feed.say(list);
  }

  private list(): MessageOf<"runs"> {
    const { folder, also } = this.options;
    const live = this.live?.isGoing ? this.live.name : null;
    const names = existsSync(folder) ? readdirSync(folder) : [];
    if (also && !names.includes(basename(resolve(also)))) names.push(basename(resolve(also)));
    if (live && !names.includes(live)) names.push(live);
    const runs = names.flatMap((name) => {
      const path = this.folderOf(name);
      if (name === live) return [summary(name, "live", this.live!.feed.last("run")?.config["series"], null)];
      const config = path && tryConfig(path);
      if (!config) return [];
      const report = join(path, "report.json");
      return [summary(name, existsSync(report) ? "finished" : "unfinished", config.series, path)];
    });
    return { kind: "runs", runs: runs.sort((a, b) => b.modifiedMs - a.modifiedMs), live };
  }

  /** The folder of a run that is listed; a name is never a path. */
  private folderOf(name: string): string | null {
    const { folder, also } = this.options;
    if (also && basename(resolve(also)) === name) return resolve(also);
    if (name === "" || name !== basename(name) || name.startsWith(".")) return null;
    const path = join(folder, name);
    return existsSync(join(path, "config.json")) ? path : null;
  }
}

function summary(
  name: string,
  state: MessageOf<"runs">["runs"][number]["state"],
  series: unknown,
  path: string | null,
): MessageOf<"runs">["runs"][number] {
  const modifiedMs = path ? statSync(join(path, "config.json")).mtimeMs : Date.now();
  return { name, state, series: String(series ?? ""), headline: "", modifiedMs };
}

/** The configuration of a saved run. Throws `RefusedError`. */
export function readConfig(folder: string): OrganoidConfig {
  const config = tryConfig(folder);
  if (config) return config;
  throw new RefusedError(`${folder}: expected the folder of a run of this version (with its config.json)`);
}

function tryConfig(folder: string): OrganoidConfig | null {
  try {
    const parsed = saved.safeParse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
    return parsed.success ? parsed.data.config : null;
  } catch {
    return null;
  }
}

/** A form may name a series that is built in, or a file below the working folder. */
function checkSeries(series: string): void {
  if ((taskNames as readonly string[]).includes(series)) return;
  const path = relative(".", series);
  if (path.startsWith("..") || isAbsolute(path) || !existsSync(path))
    throw new RefusedError(
      `expected one of ${taskNames.join(", ")}, or a CSV file in the folder that the dashboard was started in`,
      "series",
    );
}
