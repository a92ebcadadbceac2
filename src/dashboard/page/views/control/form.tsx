/** A form for a new experiment, checked by the schema of the command line before it is sent, and again by the server. */
import { useState } from "preact/hooks";
import { faultOf } from "../../../../experiment/fields/fault.ts";
import { organoidConfig, QUICK } from "../../../../experiment/organoid/config.ts";
import { armsOfTask, QUICK_VAT, vatConfig } from "../../../../experiment/vat/config.ts";
import { EXPERIMENTS, type ExperimentKind } from "../../../protocol.ts";
import { send } from "../../state/connection.ts";
import type { Model } from "../../state/model.ts";
import { choose, useRoute } from "../../state/route.ts";
import { Choice, type Values } from "./form-fields.tsx";
import { OrganoidFields } from "./form-organoid.tsx";
import { VatFields } from "./form-vat.tsx";

const FORMS = {
  organoid: {
    label: "organoid: one culture at a time",
    schema: organoidConfig,
    Fields: OrganoidFields,
    quick: (): Values => organoidConfig.parse({ ...QUICK }),
    whole: (): Values => organoidConfig.parse({}),
  },
  vat: {
    label: "vat: many as one",
    schema: vatConfig,
    Fields: VatFields,
    quick: (): Values => vatConfig.parse({ task: "peers", ...QUICK_VAT }),
    whole: (): Values => vatConfig.parse({ task: "peers", arms: armsOfTask("peers") }),
  },
} as const;

export function StartForm({ model }: { readonly model: Model }) {
  const route = useRoute();
  const experiment = EXPERIMENTS.find((name) => name === route.chosen["start"]) ?? "organoid";
  const { schema, Fields, quick, whole } = FORMS[experiment];
  const [all, setAll] = useState<Partial<Record<ExperimentKind, Values>>>({});
  const values = all[experiment] ?? quick();
  const set = (to: Values) => setAll({ ...all, [experiment]: to });
  const parsed = schema.safeParse(values);
  const faults = new Map(
    parsed.success
      ? []
      : parsed.error.issues.map((issue) => [
          String(issue.path[0]),
          faultOf(issue, { schema, given: values }),
        ]),
  );
  if (model.refused?.path) faults.set(model.refused.path, model.refused.message);
  const isBusy = model.runs?.live != null;
  const [isOpen, setOpen] = useState("start" in route.chosen);
  return (
    <details
      class="card fold"
      open={isOpen || faults.size > 0}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h2>An experiment of your own</h2>
      </summary>
      <div class="head">
        <span class="presets">
          <button type="button" onClick={() => set(quick())}>
            Quick
          </button>
          <button type="button" onClick={() => set(whole())}>
            Whole
          </button>
        </span>
      </div>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (parsed.success)
            send({ kind: "start", experiment, config: JSON.parse(JSON.stringify(parsed.data)) });
        }}
      >
        <Choice
          field={{ key: "experiment", label: "Experiment" }}
          value={experiment}
          options={EXPERIMENTS.map((name) => [name, FORMS[name].label])}
          onChoose={(name) => choose("start", name)}
        />
        <Fields values={values} set={set} faults={faults} />
        <p class="submit">
          <button type="submit" class="primary" disabled={isBusy || !parsed.success}>
            Start
          </button>
          <span class="soft" role="status">
            {isBusy
              ? `${model.runs?.live} is going on: wait for it, or stop it first.`
              : parsed.success
                ? ""
                : "Mend what is marked."}
          </span>
        </p>
      </form>
    </details>
  );
}
