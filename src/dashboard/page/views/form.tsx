/** A form for a new experiment, checked by the schema of the command line before it is sent, and again by the server. */
import { useState } from "preact/hooks";
import { CODES, METHODS, type Method, organoidConfig, QUICK } from "../../../descent/config.ts";
import { METHOD_ARMS } from "../../../descent/methods/arms.ts";
import { taskNames } from "../../../task/names.ts";
import { send } from "../state/connection.ts";
import type { Model } from "../state/model.ts";

interface Field {
  readonly key: string;
  readonly label: string;
  readonly help?: string;
}

const NUMBERS: readonly Field[] = [
  { key: "seeds", label: "Seeds", help: "cultures per arm" },
  { key: "firstSeed", label: "First seed" },
  { key: "cycles", label: "Cycles", help: "of record, fit, descend, write, probe" },
  { key: "presentations", label: "Presentations", help: "in each cycle" },
  { key: "probeTrials", label: "Probe presentations", help: "held out, nothing is written" },
  { key: "babbleTrials", label: "Babbled presentations", help: "before training" },
  { key: "neurons", label: "Neurons" },
  { key: "div", label: "Age (days in vitro)" },
  {
    key: "retentionSeconds",
    label: "Retention (s)",
    help: "spontaneous activity before the last probe; 0: none",
  },
];

type Values = Record<string, unknown>;

const whole = (values: Values = {}): Values => organoidConfig.parse(values) as Values;

export function StartForm({ model }: { readonly model: Model }) {
  const [values, set] = useState<Values>(() => whole({ ...QUICK }));
  const [wasSent, send_] = useState(false);
  const parsed = organoidConfig.safeParse(values);
  const faults = new Map(
    parsed.success ? [] : parsed.error.issues.map(({ path, message }) => [String(path[0]), message]),
  );
  if (model.refused?.path) faults.set(model.refused.path, model.refused.message);
  const change = (key: string, value: unknown) => set({ ...values, [key]: value });
  const method = (values["method"] ?? "stimulate") as Method;
  const isBusy = model.runs?.live != null;
  return (
    <section class="card" aria-labelledby="start-title">
      <div class="head">
        <h2 id="start-title">Start an experiment</h2>
        <span class="presets">
          <button type="button" onClick={() => set(whole({ ...QUICK }))}>
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
          send_(true);
          if (parsed.success) send({ kind: "start", config: JSON.parse(JSON.stringify(parsed.data)) });
        }}
      >
        <label for="field-series">
          Series
          <input
            id="field-series"
            list="series-names"
            value={String(values["series"])}
            onInput={(event) => change("series", event.currentTarget.value)}
          />
          <datalist id="series-names">
            {taskNames.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <Help text="built in, or a CSV file" fault={faults.get("series")} />
        </label>
        <label for="field-column">
          Column
          <input
            id="field-column"
            value={String(values["column"] ?? "")}
            onInput={(event) => change("column", event.currentTarget.value || undefined)}
          />
          <Help text="of a CSV file that has several" fault={faults.get("column")} />
        </label>
        <label for="field-method">
          Method
          <select
            id="field-method"
            value={method}
            onChange={(event) => {
              const chosen = event.currentTarget.value as Method;
              const arms = METHOD_ARMS[chosen];
              set({ ...values, method: chosen === "stimulate" ? undefined : chosen, arms: [...arms] });
            }}
          >
            {METHODS.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          <Help text="stimulate: the organoid cycle" fault={faults.get("method")} />
        </label>
        {NUMBERS.map(({ key, label, help }) => (
          <label key={key} for={`field-${key}`}>
            {label}{" "}
            <input
              id={`field-${key}`}
              type="number"
              step="any"
              value={String(values[key])}
              aria-invalid={faults.has(key)}
              onInput={(event) => change(key, event.currentTarget.valueAsNumber)}
            />
            <Help text={help ?? ""} fault={faults.get(key)} />
          </label>
        ))}
        <label for="field-preset">
          Culture
          <select
            id="field-preset"
            value={String(values["preset"])}
            onChange={(event) => change("preset", event.currentTarget.value)}
          >
            <option value="default">default: bursts when left alone</option>
            <option value="quiet">quiet</option>
          </select>
        </label>
        <Checks
          name="arms"
          label="Arms"
          all={METHOD_ARMS[method]}
          values={values}
          change={change}
          fault={faults.get("arms")}
        />
        <Checks
          name="codes"
          label="Codes"
          all={CODES}
          values={values}
          change={change}
          fault={faults.get("codes")}
        />
        <p class="submit">
          <button type="submit" class="primary" disabled={isBusy || !parsed.success}>
            Start
          </button>
          <span class="soft" role="status">
            {isBusy
              ? `${model.runs?.live} is going on: wait for it, or stop it first.`
              : wasSent && !parsed.success
                ? "Mend what is marked."
                : ""}
          </span>
        </p>
      </form>
    </section>
  );
}

function Help({ text, fault }: { readonly text: string; readonly fault: string | undefined }) {
  return <small class={fault ? "fault" : ""}>{fault ?? text}</small>;
}

interface ChecksProps {
  readonly name: string;
  readonly label: string;
  readonly all: readonly string[];
  readonly values: Values;
  readonly change: (key: string, value: unknown) => void;
  readonly fault: string | undefined;
}

function Checks({ name, label, all, values, change, fault }: ChecksProps) {
  const chosen = values[name] as readonly string[];
  return (
    <fieldset>
      <legend>{label}</legend>
      {all.map((item) => (
        <label key={item} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(item)}
            onChange={(event) =>
              change(
                name,
                event.currentTarget.checked
                  ? all.filter((other) => other === item || chosen.includes(other))
                  : chosen.filter((other) => other !== item),
              )
            }
          />
          {item}
        </label>
      ))}
      {fault ? <small class="fault">{fault}</small> : null}
    </fieldset>
  );
}
