/** Arms and seeds side by side: the latest probe of each. */
import { inOrder, labelOf } from "../../../../report/names.ts";
import type { RunMessage } from "../../../protocol.ts";
import { Missing, TableFigure } from "../../figures/figure.tsx";
import type { Model } from "../../state/model.ts";

export function Arms({ model, run }: { readonly model: Model; readonly run: RunMessage }) {
  if (run.experiment === "reading" || run.experiment === "writing") return null;
  if (run.experiment === "vat") return <VatArms model={model} run={run} />;
  const probes = [...model.probes.values()];
  const arms = inOrder(Object.fromEntries(probes.map(({ arm }) => [arm, true]))).filter(
    (arm) => arm !== "common",
  );
  if (probes.length === 0)
    return (
      <Missing title="Arms and seeds" class="wide-card">
        {run.state === "saved"
          ? "The journal of this run has no probes: it has not reached the first, or was made by an earlier version."
          : "No probe yet: arms and seeds appear here as they are probed."}
      </Missing>
    );
  const cell = (culture: number, arm: string) => {
    const probe = model.probes.get(`${culture}:${arm}`);
    if (!probe) return "–";
    const right = (100 * probe.accuracy).toFixed(1);
    return arm === "common" || run.state === "saved" ? right : `${right} (cycle ${probe.cycle + 1})`;
  };
  return (
    <TableFigure
      name="arms"
      title="Arms and seeds"
      class="wide-card"
      aside={<span class="soft">latest probe, right class (%)</span>}
      columns={["culture", "before", ...arms.map((name) => labelOf(name))]}
      rows={run.cultures.map(({ label }, culture) => [
        label,
        cell(culture, "common"),
        ...arms.map((arm) => cell(culture, arm)),
      ])}
    />
  );
}

/** Of a vat: every probe so far. */
function VatArms({ model, run }: { readonly model: Model; readonly run: RunMessage }) {
  const probes = [...model.vatProbes.values()];
  if (probes.length === 0)
    return (
      <Missing title="Probes" class="wide-card">
        {run.state === "saved"
          ? "The journal of this run has no probes: it has not reached the first, or was made by an earlier version."
          : "No probe yet: first the brains grow and babble, and the emulator of all of them is fitted."}
      </Missing>
    );
  const pongs = probes.some(({ hitsPerRally }) => hitsPerRally !== undefined);
  const listens = probes.some(({ bits }) => bits !== undefined);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return (
    <TableFigure
      name="probes"
      title="Probes"
      class="wide-card"
      aside={<span class="soft">held out, nothing is written</span>}
      columns={[
        "probe",
        "together right (%)",
        "a brain alone (%)",
        ...(listens ? ["bits per spike from others"] : []),
        ...(pongs ? ["hits per rally"] : []),
      ]}
      rows={probes.map(({ seed, arm, cycle, together, alone, bits, hitsPerRally }) => [
        `seed ${seed}, ${arm === "common" ? "before training" : `${labelOf(arm)}, ${cycle < 0 ? "before" : `cycle ${cycle + 1}`}`}`,
        (100 * together).toFixed(1),
        (100 * alone).toFixed(1),
        ...(listens ? [bits ? mean(bits).toFixed(4) : "–"] : []),
        ...(pongs ? [hitsPerRally?.toFixed(2) ?? "–"] : []),
      ])}
    />
  );
}
