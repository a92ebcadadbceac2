/** The safety ledger: what every electrode has received, and what the gate refused. */
import type { ComponentChildren } from "preact";
import { frame } from "../../../../report/plot/frame.ts";
import { element, svg, tooltip } from "../../../../report/plot/svg.ts";
import type { MessageOf } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Empty, Figure, Fitted, SAVED_WIDTH } from "../../figures/figure.tsx";
import type { Model } from "../../state/model.ts";

export function Ledger({
  model,
  culture,
  chooser,
}: {
  readonly model: Model;
  readonly culture: number;
  readonly chooser: ComponentChildren;
}) {
  const ledger = model.ledgers.get(culture);
  if (!ledger)
    return (
      <section class="card wide-card">
        <div class="head">
          <h2>Safety ledger</h2>
        </div>
        {chooser}
        <Empty>
          {model.run?.state === "saved"
            ? "No recorded stretch of this culture has pulses."
            : "This culture has not been stimulated yet."}
        </Empty>
      </section>
    );
  const pulses = ledger.electrodes.reduce((sum, account) => sum + account.pulses, 0);
  const { refusals, recentRefusals = [] } = ledger;
  const refused =
    refusals === undefined
      ? " in all recorded stretches; refused ones are not recorded"
      : `, ${refusals} refused`;
  return (
    <Figure
      name="ledger"
      title="Safety ledger"
      class="wide-card"
      caption={`Charge that each electrode has received, one phase of each pulse. ${pulses.toLocaleString("en")} pulses let through${refused}.`}
      svg={() => draw(ledger, SAVED_WIDTH)}
      csv={() =>
        csv(
          [
            "electrode",
            "pulses",
            "charge (nC)",
            ...(refusals === undefined ? [] : ["net charge (nC)", "refused"]),
          ],
          ledger.electrodes.map((a) => [
            a.channel,
            a.pulses,
            a.chargeNc,
            ...(refusals === undefined ? [] : [a.netChargeNc, a.refusals]),
          ]),
        )
      }
    >
      {chooser}
      <Fitted draw={(width) => draw(ledger, width)} />
      {recentRefusals.length > 0 ? (
        <section class="scroll" aria-label="Refused pulses" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">refused at frame</th>
                <th scope="col">electrode</th>
                <th scope="col">rule</th>
              </tr>
            </thead>
            <tbody>
              {recentRefusals.slice(-10).map(({ atFrame, channel, rule }, i) => (
                <tr key={`${atFrame}-${channel}-${i}`}>
                  <td>{atFrame}</td>
                  <td>{channel}</td>
                  <td>{rule}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </Figure>
  );
}

function draw({ electrodes }: MessageOf<"ledger">, width: number): string {
  const height = 230;
  const most = Math.max(0.001, ...electrodes.map(({ chargeNc }) => chargeNc));
  const area = frame(
    { width, height, margins: { top: 34, right: 14, bottom: 46, left: 56 } },
    { domain: [0, electrodes.length], label: "electrode", tickCount: 8 },
    { domain: [0, most], label: "charge (nC)", tickCount: 4 },
  );
  const bar = (area.right - area.left) / electrodes.length;
  const marks = electrodes.map(({ channel, chargeNc, pulses, refusals }, i) => {
    const y = area.y(chargeNc);
    const size = {
      x: area.left + i * bar + 1,
      y,
      width: Math.max(1, bar - (bar > 6 ? 2 : 1)),
      height: area.bottom - y,
    };
    const refused = refusals === undefined ? "" : `, ${refusals} refused`;
    return element(
      "g",
      {},
      tooltip(`electrode ${channel}: ${pulses} pulses, ${chargeNc.toFixed(1)} nC${refused}`),
      element("rect", { ...size, class: "fill teacher" }),
      refusals ? element("circle", { cx: size.x + bar / 2, cy: y - 6, r: 3, class: "dot descent" }) : "",
    );
  });
  const description = "Charge received by each electrode; a dot marks electrodes with refused pulses.";
  return svg({ width, height, title: "Safety ledger", description }, area.markup, ...marks);
}
