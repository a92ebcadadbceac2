/** Fields of a form that an experiment's schema checks, in the words that stand beside the schema. */
import type { z } from "zod";
import { DEFAULT_SCAFFOLD, SCAFFOLDS, scaffolds } from "../../../../device/simulated/scaffolds.ts";
import { labelOf, textsOf } from "../../../../experiment/fields/texts.ts";
import { DEFAULT_RULE, RULES, rules } from "../../../../tissue/rules.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface FieldsProps {
  readonly values: Values;
  readonly set: (values: Values) => void;
  /** What is wrong, by field. */
  readonly faults: ReadonlyMap<string, string>;
}

export interface Field {
  readonly key: string;
  readonly label: string;
  readonly help?: string;
}

export function fieldOf(schema: z.ZodObject, key: string): Field {
  const texts = textsOf(key, schema.shape[key]);
  const { help, otherwise } = texts;
  return { key, label: labelOf(key, texts), help: otherwise ? `${help} (default: ${otherwise})` : help };
}

export function Help({ text, fault }: { readonly text: string; readonly fault: string | undefined }) {
  return <small class={fault ? "fault" : ""}>{fault ?? text}</small>;
}

interface NumbersProps extends FieldsProps {
  readonly schema: z.ZodObject;
  readonly names: readonly string[];
}

function Numbers({ schema, names, values, set, faults }: NumbersProps) {
  return (
    <>
      {names
        .map((name) => fieldOf(schema, name))
        .map(({ key, label, help }) => (
          <label key={key} for={`field-${key}`}>
            {label}{" "}
            <input
              id={`field-${key}`}
              type="number"
              step="any"
              value={String(values[key] ?? "")}
              aria-invalid={faults.has(key)}
              onInput={({ currentTarget: { value, valueAsNumber } }) =>
                set({ ...values, [key]: value === "" && isOptional(schema, key) ? undefined : valueAsNumber })
              }
            />
            <Help text={help ?? ""} fault={faults.get(key)} />
          </label>
        ))}
    </>
  );
}

const isOptional = (schema: z.ZodObject, key: string) =>
  textsOf(key, schema.shape[key]).otherwise !== undefined;

interface ChoiceProps {
  readonly field: Field;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose: (value: string) => void;
  readonly fault?: string | undefined;
}

export function Choice({ field: { key, label, help }, value, options, onChoose, fault }: ChoiceProps) {
  return (
    <label for={`field-${key}`}>
      {label}
      <select id={`field-${key}`} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
      <Help text={help ?? ""} fault={fault} />
    </label>
  );
}

/** What every simulated culture has: an array, numbers, a preset and a rule. */
export function CultureFields(props: NumbersProps) {
  return (
    <>
      <ScaffoldChoice {...props} />
      <Numbers {...props} />
      <Preset {...props} />
      <PlasticityRule {...props} />
    </>
  );
}

/** Choosing an array leaves the number of neurons to it. */
function ScaffoldChoice({ schema, values, set }: FieldsProps & { readonly schema: z.ZodObject }) {
  return (
    <Choice
      field={fieldOf(schema, "scaffold")}
      value={String(values["scaffold"] ?? DEFAULT_SCAFFOLD)}
      options={SCAFFOLDS.map((name) => [
        name,
        `${name}: ${scaffolds[name].profile.electrodes.length} electrodes`,
      ])}
      onChoose={(name) =>
        set({ ...values, scaffold: name === DEFAULT_SCAFFOLD ? undefined : name, neurons: undefined })
      }
    />
  );
}

function Preset({ values, set }: FieldsProps) {
  return (
    <Choice
      field={{ key: "preset", label: "Culture" }}
      value={String(values["preset"])}
      options={[
        ["default", "default: bursts when left alone"],
        ["quiet", "quiet"],
      ]}
      onChoose={(preset) => set({ ...values, preset })}
    />
  );
}

function PlasticityRule({ values, set }: FieldsProps) {
  const chosen = RULES.find((name) => name === values["rule"]) ?? DEFAULT_RULE;
  return (
    <Choice
      field={{ key: "rule", label: "Plasticity rule", help: rules[chosen].summary }}
      value={chosen}
      options={RULES.map((name) => [name, name])}
      onChoose={(rule) => set({ ...values, rule: rule === DEFAULT_RULE ? undefined : rule })}
    />
  );
}

interface ChecksProps extends FieldsProps {
  readonly field: Field;
  readonly all: readonly string[];
}

export function Checks({ field: { key, label }, all, values, set, faults }: ChecksProps) {
  const chosen = values[key] as readonly string[];
  const with_ = (item: string, isChosen: boolean) =>
    all.filter((other) => (other === item ? isChosen : chosen.includes(other)));
  return (
    <fieldset>
      <legend>{label}</legend>
      {all.map((item) => (
        <label key={item} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(item)}
            onChange={(event) => set({ ...values, [key]: with_(item, event.currentTarget.checked) })}
          />
          {item}
        </label>
      ))}
      {faults.has(key) ? <small class="fault">{faults.get(key)}</small> : null}
    </fieldset>
  );
}
