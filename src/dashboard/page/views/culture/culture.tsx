/** The culture: where it fires, when, how strongly it is wired. */
import { useEffect, useMemo } from "preact/hooks";
import type { RunMessage } from "../../../protocol.ts";
import { Empty } from "../../figures/figure.tsx";
import { Series } from "../../figures/series.tsx";
import { want } from "../../state/connection.ts";
import { CultureChooser, chosenCulture } from "../chooser.tsx";
import type { ViewProps } from "../props.ts";
import { ActivityTable } from "./activity-table.tsx";
import { Features } from "./features.tsx";
import { Growth } from "./growth.tsx";
import { Raster } from "./raster.tsx";
import { Replay, useReplay } from "./replay.tsx";
import { rasterRows } from "./rows.ts";
import { Scaffold } from "./scaffold.tsx";
import { Weights } from "./weights.tsx";

const RATE_SECONDS = 10;

export function CultureView({ model, route, run }: ViewProps) {
  const culture = chosenCulture(model, route);
  useEffect(() => {
    want([culture]);
    return () => want([]);
  }, [culture, run.name]);
  const replay = useReplay(model, route, culture);
  const activity = () => model.activityOf(culture);
  const electrodes = run.electrodes.length;
  const { x, y } = activity().rate(RATE_SECONDS, electrodes);
  const roles = model.roles.get(culture);
  const rows = useMemo(() => rasterRows(run, roles), [run.electrodes, roles]);
  const isSaved = run.state === "saved";
  // A brain of a wiring diagram was not grown, and has no map of electrodes onto electrodes.
  const isGrown = run.config["tissue"] === undefined;
  return (
    <>
      <CultureChooser model={model} run={run} culture={culture} />
      {isSaved ? <Replay model={model} culture={culture} replay={replay} /> : null}
      {isSaved || model.activity.has(culture) ? null : <Empty>{waiting(run)}</Empty>}
      <div class="cards">
        <Scaffold run={run} activity={activity} playhead={replay.playhead} />
        <Raster rows={rows} activity={activity} playhead={replay.playhead} />
        <Series
          name="firing-rate"
          class="most"
          title="Firing rate"
          x={x}
          lines={[{ label: "mean of all electrodes", colour: "descent", values: y, fill: true }]}
          xLabel="device time before now (s)"
          yLabel="firing rate (Hz)"
          caption="Mean over all electrodes, in bins of 20 ms."
        />
        <ActivityTable activity={activity()} run={run} />
        {isGrown ? <Weights model={model} culture={culture} /> : null}
        {isGrown ? <Growth run={run} culture={culture} /> : null}
        <Features run={run} activity={activity} />
      </div>
    </>
  );
}

function waiting(run: RunMessage): string {
  if (run.state === "paused") return "The run is paused: nothing fires until it is resumed.";
  if (run.state === "running")
    return "Waiting for this culture's turn: it is growing, its emulator is being fitted, or other cultures come first.";
  return "This run is over; its recording can be replayed when it is opened again from Control.";
}
