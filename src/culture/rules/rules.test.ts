import { expect, it } from "vitest";
import { growCulture, maturations } from "../presets.ts";
import { DEFAULT_RULE, RULES, rules, underRule } from "./rules.ts";

it("leaves the culture's own constants as they are where no rule is named", () => {
  const grown = growCulture({ div: 21, seed: 1, neurons: 120 });
  expect(underRule(grown.parameters)).toEqual(grown.parameters);
  expect(growCulture({ div: 21, seed: 1, neurons: 120, rule: DEFAULT_RULE })).toEqual(grown);
  expect(grown.parameters.plasticity).toEqual(maturations.default.parameters.plasticity);
});

it.each(RULES)("grows a culture under %s, and says where the rule comes from", (rule) => {
  const { parameters } = growCulture({ div: 21, seed: 1, neurons: 120, rule });
  expect(parameters.plasticity).toMatchObject(rules[rule].plasticity);
  expect(parameters.homeostasis).toMatchObject(rules[rule].homeostasis);
  for (const source of rules[rule].sources) expect(source).toMatch(/^https:\/\/doi\.org\/10\./);
});
