import { expect, test } from "vitest";
import { type CultureActivity, envelope, inside } from "./comparison.ts";
import { renderComparison } from "./page.ts";
import { comparisonTable, summary } from "./table.ts";

function culture(label: string, divDays: number | null, value: number, electrodes = 64): CultureActivity {
  return {
    label,
    divDays,
    durationSeconds: 60,
    electrodes,
    activeElectrodes: electrodes,
    statistics: {
      firingRateHz: value,
      networkBurstsPerMinute: value,
      burstSpikeShare: value,
      meanCorrelation: value,
      intervalVariation: Number.NaN,
    },
    arrayRate: { binSeconds: 0.1, hz: [0, 10, 20] },
  };
}

const real = [
  culture("a", 14, 1),
  culture("b", 15, 2),
  culture("c", 18, 3),
  culture("d", 28, 9),
  culture("e", null, 7),
];

test("the real range is of recordings near in age where there are three, else of all", () => {
  expect(envelope(real, "firingRateHz", 14)).toEqual({ lo: 0.9, hi: 3.3, count: 3, ofSameAge: true });
  expect(envelope(real, "firingRateHz", 28)).toEqual({ lo: 0.9, hi: 9.9, count: 5, ofSameAge: false });
  expect(envelope(real, "intervalVariation", 14)).toBeNull();
});

test("inside includes the widened ends, and is unknown without numbers", () => {
  expect(inside(culture("x", 14, 3.3), real, "firingRateHz")).toBe(true);
  expect(inside(culture("x", 14, 3.31), real, "firingRateHz")).toBe(false);
  expect(inside(culture("x", 14, 3), real, "intervalVariation")).toBeNull();
});

test("table and page tell how many numbers lie inside, and where none are known", () => {
  const comparison = { simulated: [culture("sim 14", 14, 2), culture("sim 28", 28, 99)], real };
  expect(summary(comparison)).toBe(
    "4 of 8 numbers of the simulated cultures lie inside the range of the real ones, widened by 10 %.",
  );
  expect(comparisonTable(comparison)).toContain("99.00 outside");
  const html = renderComparison({ ...comparison, real: [...real, culture("<evil>", 14, 1)] });
  expect(html.match(/NaN|undefined|Infinity|<evil>/)).toBeNull();
  expect(html.match(/\b(src|href)="(?!#)/)).toBeNull();
});
