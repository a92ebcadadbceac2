/**
 * Writes toward target strings (`wetgrad read experiment`), over cultures (WETGRAD_BENCH_WRITING_SEEDS of them from 2 on; 101 to 106 and 1
 * chose the settings). The run is kept in a folder, so that one that was stopped goes on.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interval } from "../../src/math/interval.ts";
import type { TextCodec } from "../../src/text/adavae/codec.ts";
import { writingConfig } from "../../src/writing/config.ts";
import { writeWriting } from "../../src/writing/report/files.ts";
import { reportOf } from "../../src/writing/report/report.ts";
import type { MeasuredReport } from "../../src/writing/report/schema.ts";
import { runWriting } from "../../src/writing/run.ts";

const SEEDS = Number(process.env["WETGRAD_BENCH_WRITING_SEEDS"] ?? 8);
const FOLDER = process.env["WETGRAD_BENCH_WRITING"] ?? join(tmpdir(), `wetgrad-bench-writing-${SEEDS}`);

export async function writingFigures(
  codec: TextCodec,
  { training, heldOut }: { training: readonly string[]; heldOut: readonly string[] },
): Promise<object> {
  const config = writingConfig.parse({ seeds: SEEDS, firstSeed: 2 });
  const results = await runWriting(config, {
    folder: FOLDER,
    codec,
    training,
    heldOut,
    onProgress: (done, total, message) => console.error(`writing: ${done} of ${total}, ${message}`),
  });
  const report = await reportOf(results, {
    wetgradVersion: "bench",
    decode: (latents) => codec.decode(latents),
  });
  writeWriting(FOLDER, report);
  const brief = ({ mean, ci95 }: Interval) => ({ mean, ci95 });
  const both = (measured: MeasuredReport) => ({
    cosine: brief(measured.cosine),
    rank: brief(measured.rank),
    top1: brief(measured.top1),
  });
  const byArm = (when: "while" | "whileRead" | "after") =>
    Object.fromEntries(
      Object.entries(report.arms).flatMap(([name, arm]) => {
        const measured = arm[when];
        return measured ? [[name, both(measured)]] : [];
      }),
    );
  return {
    cultures: SEEDS,
    before: both(report.before),
    while: byArm("while"),
    whileBySpikesAlone: byArm("whileRead"),
    after: byArm("after"),
    againstHand: report.againstHand,
    ...(report.untaught && {
      untaught: { near: both(report.untaught.near), far: both(report.untaught.far) },
    }),
    ablation: Object.fromEntries(
      Object.entries(report.ablation).map(([name, cell]) => [
        name,
        {
          density: cell.density,
          reads: cell.reads,
          while: both(cell.while),
          after: both(cell.after),
          afterByOwn: both(cell.afterByOwn),
          emulatorCosine: brief(cell.emulatorCosine),
          codeOverlap: brief(cell.codeOverlap),
        },
      ]),
    ),
    refusedPulses: report.refusedPulses,
  };
}
