/** The activity of the last half minute in numbers. */
import { useRef } from "preact/hooks";
import type { RunMessage } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Empty, Figure, tableSvg } from "../../figures/figure.tsx";
import type { CultureActivity } from "../../state/activity.ts";

const BURST_SECONDS = 30;
/** Numbers are counted afresh at most so often, and for no more than this share of the time. */
const LEAST_MS = 1000;
const SHARE = 0.02;

export function ActivityTable({
  activity,
  run,
}: {
  readonly activity: CultureActivity;
  readonly run: RunMessage;
}) {
  const last = useRef({ activity, found: null as ReturnType<CultureActivity["describe"]>, untilMs: 0 });
  const now = performance.now();
  if (last.current.activity !== activity || !last.current.found || now > last.current.untilMs) {
    const channels = run.electrodes.map(({ channel }) => channel);
    const found = activity.describe(BURST_SECONDS, channels);
    const tookMs = performance.now() - now;
    last.current = { activity, found, untilMs: now + Math.max(LEAST_MS, tookMs / SHARE) };
  }
  const { found } = last.current;
  const number = (value: number, digits: number) =>
    Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "–";
  const rows: [string, string][] = found
    ? [
        ["median firing rate", `${number(found.firingRateHz, 2)} Hz`],
        ["active electrodes", `${found.activeElectrodes} of ${found.electrodes}`],
        ["network bursts", `${number(found.networkBurstsPerMinute, 1)} per min`],
        ["spikes within bursts", `${number(100 * found.burstSpikeShare, 0)} %`],
        ["mean correlation", number(found.meanCorrelation, 3)],
        ["interval variation (CV)", number(found.intervalVariation, 2)],
      ]
    : [];
  const columns = ["measure", `last ${Math.min(BURST_SECONDS, activity.now).toFixed(0)} s`];
  return (
    <Figure
      name="activity"
      class="least"
      title="Activity"
      aside={<span class="soft">{columns[1]}</span>}
      caption="A network burst: burstlets that overlap on a quarter of the active electrodes (Wagenaar, Pine & Potter 2006). While data are presented, volleys count as bursts too."
      svg={() => tableSvg("Activity", columns, rows)}
      csv={() => csv(columns, rows)}
    >
      {found ? (
        <dl class="numbers">
          {rows.map(([name, value]) => (
            <>
              <dt key={name}>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      ) : (
        <Empty>Nothing has fired yet.</Empty>
      )}
    </Figure>
  );
}
