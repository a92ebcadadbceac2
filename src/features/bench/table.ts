/** The bench as text. */
import type { Interval } from "../../math/interval.ts";
import type { AssemblyRow } from "./assemblies.ts";
import type { ToyRow } from "./toy.ts";

export interface BenchFigures {
  readonly toy: readonly ToyRow[];
  readonly assemblies: Readonly<Record<string, AssemblyRow>>;
}

export function benchTable({ toy, assemblies }: BenchFigures): string {
  const lines: string[] = [];
  if (toy.length > 0) {
    lines.push(
      "toy worlds: mean cosine (floor: windows), best 64; share above .9; F1 tuned, native, best 64, ceiling; absorption; dead; L0",
    );
    for (const row of toy)
      lines.push(
        [
          `K ${row.K}`,
          row.method.padEnd(10),
          told(row.mcc),
          `(${row.floor.toFixed(3)})`,
          row.mccBest.mean.toFixed(3),
          row.share09.mean.toFixed(2),
          `| ${told(row.f1)}`,
          row.f1Native.mean.toFixed(3),
          row.f1Best.mean.toFixed(3),
          `(${row.f1Ceiling.toFixed(3)})`,
          `| ${row.absorption.mean.toFixed(2)} ${row.dead.toFixed(2)} ${row.l0.toFixed(1)}`,
          `| ${row.byFrequency.map((value) => value.toFixed(2)).join(" ")}`,
        ].join("  "),
      );
  }
  const names = Object.keys(assemblies);
  if (names.length > 0) {
    if (lines.length > 0) lines.push("");
    lines.push("hidden assemblies: F1 tuned, native; sets above .8; less the supervised readout; less ICA");
    for (const name of names) {
      const { f1, f1Native, share08, lessSupervised, lessIca } = assemblies[name];
      const less = [lessSupervised, lessIca].map((difference) =>
        difference
          ? `${difference.mean.toFixed(3)} [${difference.ci95.map((v) => v.toFixed(3)).join(", ")}]`
          : "-",
      );
      lines.push(
        [
          name.padEnd(10),
          told(f1),
          f1Native.mean.toFixed(3),
          share08.mean.toFixed(2),
          ...less.map((text) => `| ${text}`),
        ].join("  "),
      );
    }
  }
  return lines.join("\n");
}

function told({ mean, ci95 }: Interval): string {
  return `${mean.toFixed(3)} [${ci95[0].toFixed(3)}, ${ci95[1].toFixed(3)}]`;
}
