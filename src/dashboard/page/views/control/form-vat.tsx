/** The fields of a vat: many cultures trained as one. */
import { armsOfTask, type VatConfig, vatConfig } from "../../../../experiment/vat/config.ts";
import { meaningOfTask, VAT_TASKS } from "../../../../tasks/descriptions.ts";
import { Checks, Choice, CultureFields, type FieldsProps, fieldOf, Help } from "./form-fields.tsx";

const NUMBERS = [
  "brains",
  "seeds",
  "firstSeed",
  "cycles",
  "presentations",
  "probeTrials",
  "babbleTrials",
  "fitSteps",
  "neurons",
  "div",
] as const satisfies readonly (keyof VatConfig)[];

const STREAMS = fieldOf(vatConfig, "streams");

export function VatFields(props: FieldsProps) {
  const { values, set, faults } = props;
  const task = values["task"] as VatConfig["task"];
  const streams = values["streams"] as readonly string[];
  return (
    <>
      <Choice
        field={{ key: "task", label: fieldOf(vatConfig, "task").label, help: meaningOfTask(task) }}
        value={task}
        options={VAT_TASKS.map((name) => [name, name])}
        onChoose={(name) => {
          const all = armsOfTask(name);
          const arms = (values["arms"] as typeof all).filter((arm) => all.includes(arm));
          set({ ...values, task: name, arms, streams: name === "signals" ? ["laser", "henon"] : [] });
        }}
      />
      {task === "signals" ? (
        <label for="field-streams">
          {STREAMS.label}
          <input
            id="field-streams"
            defaultValue={streams.join(", ")}
            aria-invalid={faults.has("streams")}
            onInput={(event) =>
              set({
                ...values,
                streams: event.currentTarget.value.split(",").flatMap((word) => word.trim() || []),
              })
            }
          />
          <Help text={STREAMS.help ?? ""} fault={faults.get("streams")} />
        </label>
      ) : null}
      <CultureFields schema={vatConfig} names={NUMBERS} {...props} />
      <Checks field={fieldOf(vatConfig, "arms")} all={armsOfTask(task)} {...props} />
    </>
  );
}
