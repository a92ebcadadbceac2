/** The fields of an organoid experiment: one culture at a time. */
import { CODES, METHODS, type Method } from "../../../experiment/config.ts";
import { METHOD_ARMS } from "../../../experiment/methods/arms.ts";
import { taskNames } from "../../../tasks/names.ts";
import { Checks, Choice, type Field, type FieldsProps, Help, Numbers, Preset } from "./form-fields.tsx";

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

export function OrganoidFields(props: FieldsProps) {
  const { values, set, faults } = props;
  const method = (values["method"] ?? "stimulate") as Method;
  return (
    <>
      <label for="field-series">
        Series
        <input
          id="field-series"
          list="series-names"
          value={String(values["series"])}
          onInput={(event) => set({ ...values, series: event.currentTarget.value })}
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
          onInput={(event) => set({ ...values, column: event.currentTarget.value || undefined })}
        />
        <Help text="of a CSV file that has several" fault={faults.get("column")} />
      </label>
      <Choice
        field={{ key: "method", label: "Method", help: "stimulate: the organoid cycle" }}
        value={method}
        options={METHODS.map((name) => [name, name])}
        onChoose={(name) => {
          const chosen = name as Method;
          const arms = [...METHOD_ARMS[chosen]];
          set({ ...values, method: chosen === "stimulate" ? undefined : chosen, arms });
        }}
        fault={faults.get("method")}
      />
      <Numbers fields={NUMBERS} {...props} />
      <Preset {...props} />
      <Checks field={{ key: "arms", label: "Arms" }} all={METHOD_ARMS[method]} {...props} />
      <Checks field={{ key: "codes", label: "Codes" }} all={CODES} {...props} />
    </>
  );
}
