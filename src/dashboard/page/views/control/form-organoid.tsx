/** The fields of an organoid experiment: one culture at a time. */

import { armsOf } from "../../../../experiment/organoid/arms.ts";
import { CODES, type OrganoidConfig, organoidConfig } from "../../../../experiment/organoid/config.ts";
import { METHODS } from "../../../../methods/descriptions.ts";
import { taskNames } from "../../../../tasks/series/names.ts";
import { Checks, Choice, CultureFields, type FieldsProps, fieldOf, Help } from "./form-fields.tsx";

const NUMBERS = [
  "seeds",
  "firstSeed",
  "cycles",
  "presentations",
  "probeTrials",
  "babbleTrials",
  "neurons",
  "div",
  "retentionSeconds",
] as const satisfies readonly (keyof OrganoidConfig)[];

const [SERIES, COLUMN, METHOD, ARMS, CODE] = ["series", "column", "method", "arms", "codes"].map((name) =>
  fieldOf(organoidConfig, name),
);

export function OrganoidFields(props: FieldsProps) {
  const { values, set, faults } = props;
  const method = (values["method"] ?? "stimulate") as string;
  return (
    <>
      <label for="field-series">
        {SERIES.label}
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
        <Help text={SERIES.help ?? ""} fault={faults.get("series")} />
      </label>
      <label for="field-column">
        {COLUMN.label}
        <input
          id="field-column"
          value={String(values["column"] ?? "")}
          onInput={(event) => set({ ...values, column: event.currentTarget.value || undefined })}
        />
        <Help text={COLUMN.help ?? ""} fault={faults.get("column")} />
      </label>
      <Choice
        field={METHOD}
        value={method}
        options={METHODS.map((name) => [name, name])}
        onChoose={(name) => {
          set({ ...values, method: name === "stimulate" ? undefined : name, arms: armsOf(name) });
        }}
        fault={faults.get("method")}
      />
      <CultureFields schema={organoidConfig} names={NUMBERS} {...props} />
      <Checks field={ARMS} all={armsOf(method)} {...props} />
      <Checks field={CODE} all={CODES} {...props} />
    </>
  );
}
