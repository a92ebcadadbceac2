/**
 * The runs that a dashboard knows: those in a folder, one from elsewhere that it was opened for, and the one that is
 * going on in this process, of which there is one at a time.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import type { z } from "zod";
import { type OrganoidConfig, organoidConfig } from "../../experiment/config.ts";
import { runOrganoid } from "../../experiment/run.ts";
import { defaultRunName } from "../../experiment/run-name.ts";
import { type VatConfig, vatConfig } from "../../experiment/vat/config.ts";
import { runVat } from "../../experiment/vat/run.ts";
import { vatRunName } from "../../experiment/vat/run-name.ts";
import { taskNames } from "../../tasks/open.ts";
import { openVatTask } from "../../tasks/worlds/open.ts";
import { threadHolder } from "../../tissue/threads/threads.ts";
import { Feed } from "../feed.ts";
import type { Experiment, MessageOf } from "../protocol.ts";
import { readRun, summaryOf, tryRun } from "./folder.ts";
import { tellJournal } from "./journal.ts";
import type { LiveRun } from "./live-run.ts";
import { OrganoidRun } from "./organoid.ts";
import { RefusedError } from "./refused.ts";
import { savedFeed } from "./saved.ts";
import { savedVatFeed } from "./saved-vat.ts";
import { VatRun } from "./vat.ts";

export interface RunHostOptions {
  /** Where runs are, and new ones go. */
  readonly folder: string;
  /** A run elsewhere to show as well. */
  readonly also?: string | undefined;
  readonly wetgradVersion: string;
  readonly workers?: number | undefined;
}

export class RunHost {
  private live: LiveRun | null = null;
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
      const run = readRun(folder);
      feed = run.kind === "vat" ? savedVatFeed(folder, run.config) : await savedFeed(folder, run.config);
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

  /** Shows a run that somebody else starts in this process; of one that is continued also what it did before. */
  async attach(name: string, config: OrganoidConfig): Promise<OrganoidRun> {
    this.refuseSecond();
    const run = await OrganoidRun.of(name, config, this.options.wetgradVersion, () => this.tellRuns());
    const folder = this.folderOf(name);
    if (folder) tellJournal(run.feed, folder, config);
    return this.begin(run);
  }

  /** The same of a vat. */
  attachVat(name: string, config: VatConfig): VatRun {
    this.refuseSecond();
    return this.begin(new VatRun(name, config, this.options.wetgradVersion, () => this.tellRuns()));
  }

  private refuseSecond(): void {
    if (this.live?.isGoing)
      throw new RefusedError(`${this.live.name} is going on: wait for it, or stop it first`);
  }

  private begin<Run extends LiveRun>(run: Run): Run {
    this.live = run;
    this.shown.delete(run.name);
    this.tellRuns();
    return run;
  }

  /** Shows something else that goes on in this process: a vat, a game. Its feed must say its `run` first. */
  show(name: string, feed: Feed): void {
    this.shown.set(name, feed);
  }

  /** Starts the run of a form. Throws `RefusedError` that names the field, or what the run itself would say. */
  async start(experiment: Experiment, given: unknown): Promise<string> {
    if (experiment === "vat") {
      const config = parsed(vatConfig, given);
      config.streams.forEach(checkStream);
      await openVatTask(config);
      return this.goVat(vatRunName(config), config);
    }
    const config = parsed(organoidConfig, given);
    checkSeries(config.series, "series");
    return this.go(defaultRunName(config), config);
  }

  async continue(name: string): Promise<string> {
    const folder = this.folderOf(name);
    if (!folder) throw new RefusedError(`no run ${name} here`);
    const run = readRun(folder);
    return run.kind === "vat" ? this.goVat(name, run.config) : this.go(name, run.config);
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

  private goVat(name: string, config: VatConfig): string {
    if (config.dishes)
      throw new RefusedError(
        "a vat of dishes is run by the command line: wetgrad vat run --nats URL",
        "dishes",
      );
    const folder = this.folderOf(name) ?? join(this.options.folder, name);
    const run = this.attachVat(name, config);
    const { wetgradVersion, workers } = this.options;
    const hooks = run.hooks({ wetgradVersion, openHolder: (control) => threadHolder(workers, control) });
    this.going = runVat(config, folder, hooks).then(
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
      if (name === live) {
        const { config } = this.live!.feed.last("run")!;
        const subject = String(config["series"] ?? config["task"] ?? "");
        return [{ name, state: "live" as const, series: subject, headline: "", modifiedMs: Date.now() }];
      }
      const run = path && tryRun(path);
      return run ? [summaryOf(name, path, run)] : [];
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

function parsed<Config>(schema: z.ZodType<Config>, given: unknown): Config {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RefusedError(issue!.message, issue!.path.join("."));
}

/** A stream may be `FILE:COLUMN`. */
function checkStream(stream: string): void {
  checkSeries(stream.replace(/(?<=..):[^:]*$/, ""), "streams");
}

/** A form may name a series that is built in, or a file below the working folder. */
function checkSeries(series: string, field: string): void {
  if ((taskNames as readonly string[]).includes(series)) return;
  const path = relative(".", series);
  if (path.startsWith("..") || isAbsolute(path) || !existsSync(path))
    throw new RefusedError(
      `expected one of ${taskNames.join(", ")}, or a file in the folder that the dashboard was started in, got ${series}`,
      field,
    );
}
