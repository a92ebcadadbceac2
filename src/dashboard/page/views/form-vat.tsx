/** The fields of a vat: many cultures trained as one. */
import { defaultArms, VAT_TASKS, type VatConfig } from "../../../experiment/vat/config.ts";
import { Checks, Choice, type Field, type FieldsProps, Help, Numbers, Preset } from "./form-fields.tsx";

const NUMBERS: readonly Field[] = [
  { key: "brains", label: "Brains" },
  { key: "seeds", label: "Seeds", help: "vats per arm" },
  { key: "firstSeed", label: "First seed" },
  { key: "cycles", label: "Cycles", help: "of train and probe" },
  { key: "presentations", label: "Steps of training", help: "of 100 ms, in each cycle" },
  { key: "probeTrials", label: "Steps of each probe", help: "held out, nothing is written" },
  { key: "babbleTrials", label: "Steps of babbling", help: "before training" },
  { key: "fitSteps", label: "Steps of the first fit", help: "of the joint emulator" },
  { key: "neurons", label: "Neurons", help: "of each brain" },
  { key: "div", label: "Age (days in vitro)" },
];

const HELP: Readonly<Record<VatConfig["task"], string>> = {
  peers: "brains predict each other",
  pong: "the game, with descent or the published feedback",
  signals: "streams from files, one to each brain",
};

export function VatFields(props: FieldsProps) {
  const { values, set, faults } = props;
  const task = values["task"] as VatConfig["task"];
  const streams = values["streams"] as readonly string[];
  return (
    <>
      <Choice
        field={{ key: "task", label: "Task", help: HELP[task] }}
        value={task}
        options={VAT_TASKS.map((name) => [name, name])}
        onChoose={(name) => {
          const chosen = name as VatConfig["task"];
          const all = defaultArms(chosen);
          const arms = (values["arms"] as typeof all).filter((arm) => all.includes(arm));
          set({ ...values, task: chosen, arms, streams: chosen === "signals" ? ["laser", "henon"] : [] });
        }}
      />
      {task === "signals" ? (
        <label for="field-streams">
          Streams
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
          <Help text="series by name, files, or FILE:COLUMN, with commas" fault={faults.get("streams")} />
        </label>
      ) : null}
      <Numbers fields={NUMBERS} {...props} />
      <Preset {...props} />
      <Checks field={{ key: "arms", label: "Arms" }} all={defaultArms(task)} {...props} />
    </>
  );
}
