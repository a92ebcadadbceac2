/** Finished runs side by side, from their reports. */
import type { Interval } from "../../math/interval.ts";
import { readReport } from "../../report/files.ts";
import { inOrder } from "../../report/names.ts";
import type { CodeReport } from "../../report/schema/series.ts";
import type { VatPart } from "../../report/schema/vat.ts";
import { METRICS } from "../../report/vat/metrics.ts";
import type { MessageOf } from "../protocol.ts";

type Compared = MessageOf<"comparison">["runs"][number];

/** Of one run, a row for each of its codes. Throws `ReportError` where it has not finished. */
export function comparedRun(name: string, folder: string): Compared[] {
  const { series, vat } = readReport(folder);
  if (vat) return [{ label: name, ...ofVat(vat) }];
  const codes = series ?? [];
  return codes.map((code) => ({
    label: codes.length > 1 ? `${name}, ${code.code} code` : name,
    metric: "right, the culture alone",
    isShare: true,
    arms: armsOf(code),
  }));
}

const bounds = ({ mean, ci95: [lo, hi] }: Interval) => ({ mean, lo, hi });

function armsOf({ arms, curves }: CodeReport): Compared["arms"] {
  return inOrder(arms).map((arm) => {
    const curve = curves[arm];
    return {
      arm,
      end: bounds(arms[arm].probe.accuracy),
      curve: (curve?.presentations ?? []).map((presentations, i) => ({
        presentations,
        mean: curve.accuracy.mean[i],
        lo: curve.accuracy.lo[i],
        hi: curve.accuracy.hi[i],
      })),
    };
  });
}

function ofVat({ arms, mainMetrics: [metric], presentations }: VatPart): Omit<Compared, "label"> {
  const { label, percent } = METRICS[metric];
  return {
    metric: label,
    isShare: percent,
    arms: inOrder(arms).flatMap((arm) => {
      const { after, curve } = arms[arm];
      const end = after[metric];
      if (!end) return [];
      const points = curve.map((point, cycle) => ({
        presentations: cycle * presentations,
        ...bounds(point),
      }));
      return [{ arm, end: bounds(end), curve: points }];
    }),
  };
}
