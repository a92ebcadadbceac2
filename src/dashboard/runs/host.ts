/**
 * The runs that a dashboard knows: those in a folder, one from elsewhere that it was opened for, and the one that is
 * going on in this process, of which there is one at a time.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { withOption } from "../../experiment/extensions/extension.ts";
import { taskOf } from "../../experiment/job/setup.ts";
import { defaultRunName } from "../../experiment/organoid/run-name.ts";
import { type Experiment, planOf } from "../../experiment/plans.ts";
import { runReported } from "../../experiment/reported.ts";
import { vatRunName } from "../../experiment/vat/run-name.ts";
import { Feed } from "../feed.ts";
import type { MessageOf } from "../protocol.ts";
import { comparedRun } from "./comparison.ts";
import { readRun, subjectOf, summaryOf, tryRun } from "./folder.ts";
import { tellJournal } from "./journal.ts";
import { LiveRun } from "./live/live-run.ts";
import { type RunNote, readNote, writeNote } from "./note.ts";
import { isReader } from "./readers/run.ts";
import { RefusedError } from "./refused.ts";
import { SavedReader } from "./saved/reader.ts";
import { Slot } from "./slot.ts";

export interface RunHostOptions {
  /** Where runs are, and new ones go. */
  readonly folder: string;
  /** A run elsewhere to show as well. */
  readonly also?: string | undefined;
  readonly wetgradVersion: string;
  readonly workers?: number | undefined;
}

export class RunHost {
  /** What goes on, and what has ended last. */
  private readonly slot = new Slot<LiveRun>();
  private live: LiveRun | null = null;
  private readonly lobby = new Feed();
  private readonly shown = new Map<string, Feed>();
  private readonly saved = new SavedReader();

  constructor(private readonly options: RunHostOptions) {}

  /** The run of a name; of no name, the list of all. */
  async feedOf(name: string): Promise<Feed> {
    if (name === "") return this.listed(this.lobby);
    const going = await this.slot.of(name)?.catch(() => null);
    if (going) return this.listed(going.feed);
    if (this.live?.name === name) return this.listed(this.live.feed);
    const shown = this.shown.get(name);
    if (shown) return this.listed(shown);
    const folder = this.folderOf(name);
    if (!folder) throw new RefusedError(`no run ${name} here`);
    const feed = await this.saved.feedOf(folder, readRun(folder));
    // Meanwhile it may have been continued here.
    if (this.slot.of(name) || this.live?.name === name) return this.feedOf(name);
    this.shown.set(name, feed);
    return this.listed(feed);
  }

  /** The page of a finished run's report, if there is one. */
  reportPage(name: string): string | null {
    const folder = this.folderOf(name);
    const path = folder && join(folder, "report.html");
    return path && existsSync(path) ? path : null;
  }

  /** Finished runs side by side. Throws `RefusedError` where one is none, `ReportError` where it has not finished. */
  compare(names: readonly string[]): MessageOf<"comparison"> {
    const runs = names.flatMap((name) => {
      const folder = this.folderOf(name);
      if (!folder) throw new RefusedError(`no run ${name} here`);
      return comparedRun(name, folder);
    });
    return { kind: "comparison", runs };
  }

  /**
   * Shows a run that somebody else starts in this process; of one that is continued also what it did before. Throws where
   * it cannot be run.
   */
  attach(name: string, experiment: Experiment): Promise<LiveRun> {
    return this.slot.hold(name, async (free) => {
      await taskOf(planOf(experiment));
      const folder = this.folderOf(name);
      // A journal has one reader at a time.
      if (folder) await this.saved.leave(folder);
      const run = new LiveRun(name, experiment, {
        wetgradVersion: this.options.wetgradVersion,
        onEnd: () => {
          free();
          this.tellRuns();
        },
      });
      if (folder) tellJournal(run.feed, folder, experiment);
      this.live = run;
      this.shown.delete(name);
      this.tellRuns();
      return run;
    });
  }

  /** Shows something else that goes on in this process: a vat, a game. Its feed must say its `run` first. */
  show(name: string, feed: Feed): void {
    this.shown.set(name, feed);
  }

  /** Starts a run under the name that the command line would give it. Throws `RefusedError`, or what the run itself would say. */
  async start(experiment: Experiment): Promise<string> {
    const { kind, config } = experiment;
    return this.go(kind === "vat" ? vatRunName(config) : defaultRunName(config), experiment);
  }

  async continue(name: string): Promise<string> {
    const folder = this.folderOf(name);
    if (!folder) throw new RefusedError(`no run ${name} here`);
    const run = readRun(folder);
    if (isReader(run))
      throw new RefusedError(
        `a reader is continued by the command line: wetgrad read experiment --out ${folder}`,
      );
    if (run.extensions)
      throw new RefusedError(
        `expected a run without files of its own: continue ${name} on the command line, ${withOption(run.extensions)} --out ${folder}`,
      );
    return this.go(name, run);
  }

  /** Keeps what somebody calls a run, and says of it, and tells all pages. Throws `RefusedError`, `StorageError`. */
  annotate(name: string, note: RunNote): void {
    const folder = this.folderOf(name);
    if (!folder) throw new RefusedError(`no run ${name} here`);
    writeNote(folder, note);
    this.tellRuns();
  }

  /** Stops what goes on, also what is about to. */
  stop(atMs?: number): void {
    this.slot.stop(atMs);
  }

  /** Settles when nothing goes on: all that was has been saved. */
  ended(): Promise<void> {
    return this.slot.ended();
  }

  /** Stops what is going on, starts nothing any more, and waits until all has been saved. */
  async close(): Promise<void> {
    await this.slot.close();
    await this.saved.close();
  }

  private async go(name: string, experiment: Experiment): Promise<string> {
    if (experiment.kind === "vat" && experiment.config.dishes)
      throw new RefusedError(
        "a vat of dishes is run by the command line: wetgrad vat run --nats URL",
        "dishes",
      );
    const folder = this.folderOf(name) ?? join(this.options.folder, name);
    if (experiment.kind === "organoid" && experiment.config.dish !== undefined)
      throw new RefusedError(
        "an experiment on a dish is run by the command line: wetgrad organoid --dish ADDRESS",
        "dish",
      );
    const run = await this.attach(name, experiment);
    const { wetgradVersion, workers } = this.options;
    const hooks = run.hooks({
      wetgradVersion,
      workers,
      place: experiment.kind === "vat" ? { kind: "threads", threads: workers } : undefined,
    });
    void runReported(experiment, folder, hooks).then(
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
    const live = this.live?.isGoing ? this.live : null;
    const names = existsSync(folder) ? readdirSync(folder) : [];
    if (also && !names.includes(basename(resolve(also)))) names.push(basename(resolve(also)));
    if (live && !names.includes(live.name)) names.push(live.name);
    const runs = names.flatMap((name) => {
      const path = this.folderOf(name);
      if (live && name === live.name) {
        const [series, experiment] = [subjectOf(live.experiment), live.experiment.kind];
        const note = readNote(path ?? join(folder, name));
        return [
          { name, state: "live" as const, experiment, series, headline: "", modifiedMs: Date.now(), ...note },
        ];
      }
      const run = path && tryRun(path);
      return run ? [summaryOf(name, path, run)] : [];
    });
    return { kind: "runs", runs: runs.sort((a, b) => b.modifiedMs - a.modifiedMs), live: live?.name ?? null };
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
