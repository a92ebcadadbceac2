/** A culture is written to: which context is shown, what the tissue says of each so far, and how it comes near the targets, arm by arm. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { colourClass, DASHES } from "../../../../report/page/style.ts";
import { Empty, TableFigure } from "../../figures/figure.tsx";
import { Series } from "../../figures/series.tsx";
import { want } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { choose, type Route } from "../../state/route.ts";
import { CultureChooser, chosenCulture } from "../chooser.tsx";
import { Raster } from "../culture/raster.tsx";
import { Replay, useReplay } from "../culture/replay.tsx";
import { rasterRows } from "../culture/rows.ts";
import { Scaffold } from "../culture/scaffold.tsx";
import { Drawn } from "../drawn.tsx";
import type { ViewProps } from "../props.ts";
import { approachOf, type Heard, LATEST, type Lesson, programsOf, saidOfPair } from "./heard.ts";

const REDRAW_MS = 100;
/** Shown beside the emulator. */
const DESCENT_FIGURE = "writing-loss";

export function ReaderEmulator({ model, run }: ViewProps) {
  if (run.experiment === "reading" || !model.drawn)
    return (
      <Empty>
        {run.experiment === "reading"
          ? "A culture that reads has no emulator: what it read is decoded from its spikes, under Task."
          : "The loss of the descent is shown here once the run has finished."}
      </Empty>
    );
  return (
    <div class="cards">
      <Drawn model={model} only={(name) => name === DESCENT_FIGURE} />
    </div>
  );
}

export function WritingView({ model, route, run }: ViewProps) {
  const culture = chosenCulture(model, route);
  useEffect(() => {
    want([culture]);
    return () => want([]);
  }, [culture, run.name]);
  const replay = useReplay(model, route, culture, "train");
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((n) => n + 1), REDRAW_MS);
    return () => clearInterval(timer);
  }, []);
  const roles = model.roles.get(culture);
  const rows = useMemo(() => rasterRows(run, roles), [run.electrodes, roles]);
  const lesson = model.lessons.get(culture);
  const stretch = model.segments[replay.segment];
  const heard = stretch && model.heard.get(`${culture}:${stretch.arm}:${stretch.phase}`);
  if (!lesson) return <Empty>The journal of this run holds no lesson yet.</Empty>;
  const at = replay.playhead?.() ?? 0;
  return (
    <>
      <CultureChooser model={model} run={run} culture={culture} />
      <Replay model={model} culture={culture} replay={replay} />
      <div class="cards">
        <Says
          {...{ model, culture, lesson, heard, arm: stretch?.arm ?? "" }}
          until={heard && stretch ? presentationAt(at, stretch, heard) : 0}
        />
        <Scaffold run={run} activity={() => model.activityOf(culture)} playhead={replay.playhead} />
        <Raster rows={rows} activity={() => model.activityOf(culture)} playhead={replay.playhead} />
        <Approach {...{ model, route, culture, lesson }} />
        <Drawn model={model} only={(name) => name !== DESCENT_FIGURE} />
      </div>
    </>
  );
}

/** The presentation that goes on: all of a stretch are equally long. */
function presentationAt(
  seconds: number,
  { startSeconds, stopSeconds }: Model["segments"][number],
  { pairs }: Heard,
): number {
  const each = (stopSeconds - startSeconds) / pairs.length;
  return Math.min(pairs.length - 1, Math.floor(seconds / each + 1e-6));
}

interface SaysProps {
  readonly model: Model;
  readonly culture: number;
  readonly lesson: Lesson;
  readonly heard: Heard | undefined;
  readonly arm: string;
  /** The presentation that goes on. */
  readonly until: number;
}

function Says({ model, culture, lesson, heard, arm, until }: SaysProps) {
  const programs = useMemo(() => (heard ? programsOf(heard.said, heard.pairs.length) : []), [heard]);
  const decoded = (model.sentences?.sentences ?? []).filter((one) => one.culture === culture);
  const hasSaid = decoded.some(({ said }) => said[arm] !== undefined);
  const shown = heard?.pairs[until] ?? -1;
  const shownAs = heard ? contextOf(heard.phase) : "";
  const rows = lesson.pairs.map(({ context, target }, pair) => {
    const said = heard && saidOfPair(lesson, { pairs: heard.pairs, programs }, { pair, until: until + 1 });
    const { before, [arm]: after } = decoded[pair]?.said ?? {};
    return [
      shownAs || context,
      target.text,
      said ? `${said.nearest.text}${said.nearest.text === target.text ? " ✓" : ""}` : "–",
      said?.nearest.cosine.toFixed(2) ?? "–",
      said?.cosine.toFixed(2) ?? "–",
      said ? String(said.rank) : "–",
      ...(before ? [before.text] : []),
      ...(hasSaid && arm !== "before" ? [after?.text ?? "–"] : []),
    ];
  });
  return (
    <TableFigure
      name="says"
      title="What the tissue says so far"
      class="wide-card wraps"
      aside={
        <span class="soft">
          {heard
            ? `presentation ${until + 1} of ${heard.pairs.length}`
            : "nothing is decoded in this stretch"}
        </span>
      }
      columns={[
        "shown",
        "to bring to mind",
        "nearest of 50",
        "its cosine",
        "target's cosine",
        "target's rank",
        ...(decoded.some(({ said }) => said["before"]) ? ["text decoder, before"] : []),
        ...(hasSaid ? [`text decoder, after ${arm}`] : []),
      ]}
      rows={rows}
      lit={shown}
      caption={`The line that is lit is shown now, whole, as volleys: contexts are not read word by word. Of each, the mean of its last ${LATEST} presentations, with the copies of what was written; by chance the rank is 25.5. The text decoder speaks of the tests, nothing written.`}
    />
  );
}

const contextOf = (phase: string) =>
  phase === "near" ? "(a context near to it)" : phase === "far" ? "(any other context)" : "";

interface ApproachProps {
  readonly model: Model;
  readonly route: Route;
  readonly culture: number;
  readonly lesson: Lesson;
}

const BY = { copies: "with copies of what was written", spikes: "by the array's spikes alone" } as const;

function Approach({ model, route, culture, lesson }: ApproachProps) {
  const by = route.chosen["by"] === "spikes" ? "spikes" : "copies";
  const trained = [...model.heard.values()].filter((one) => one.culture === culture && one.phase === "train");
  const lines = useMemo(
    () =>
      trained.map((one) => {
        const text = by === "spikes" ? (one.read ?? one.said) : one.said;
        const values = approachOf(lesson, one, programsOf(text, one.pairs.length));
        const colour = colourClass(one.arm === "hand" ? "teacher" : one.arm);
        const dash = DASHES[one.arm]?.split(" ").map(Number);
        return { label: one.arm, colour, values, ...(dash && { dash }) };
      }),
    [trained.length, by, lesson],
  );
  if (lines.length === 0) return null;
  const rounds = Math.max(...lines.map(({ values }) => values.length));
  return (
    <Series
      name="approach"
      class="wide-card"
      title="How it comes near the targets"
      height={260}
      aside={
        <label class="choice">
          read{" "}
          <select value={by} onChange={(event) => choose("by", event.currentTarget.value)}>
            {Object.entries(BY).map(([name, says]) => (
              <option key={name} value={name}>
                {says}
              </option>
            ))}
          </select>
        </label>
      }
      x={Array.from({ length: rounds }, (_, round) => (round + 1) * lesson.pairs.length)}
      lines={lines}
      xLabel="presentations"
      yLabel="cosine to the target"
      caption="Mean over all pairs in each round of presentations of this culture, while it is written to, arm by arm with the controls."
    />
  );
}
