/** The message with the plans of a step: what it says, and its packed fields. */
import type { Phase, Pulse } from "../../../device/contract.ts";
import type { StepPlan } from "../../contract.ts";
import { type ByteReader, type ByteWriter, MessageFault } from "./bytes.ts";

/** The plan of one culture, and the fencing token under which its host was given that culture. */
export interface StepEntry {
  readonly token: number;
  readonly plan: StepPlan;
}

export interface StepMessage {
  readonly type: "step";
  readonly vat: string;
  readonly coordinator: string;
  readonly step: number;
  /** Whether the host shall store a snapshot of each culture after the step. */
  readonly snapshotAfter: boolean;
  readonly entries: readonly StepEntry[];
}

/** The shapes of pulses stand once at the head: a pulse is then its frame, its channel and the number of its shape. */
export function writeStep(
  writer: ByteWriter,
  { vat, coordinator, step, snapshotAfter, entries }: StepMessage,
): void {
  const shapes: (readonly Phase[])[] = [];
  const shapeOf = ({ phases }: Pulse): number => {
    const known = shapes.findIndex((shape) => sameShape(shape, phases));
    return known >= 0 ? known : shapes.push(phases) - 1;
  };
  const indices = entries.map(({ plan }) => plan.pulses.map(shapeOf));
  writer
    .text(vat)
    .text(coordinator)
    .whole(step)
    .u8(snapshotAfter ? 1 : 0)
    .whole(shapes.length);
  for (const phases of shapes) {
    writer.whole(phases.length);
    for (const { currentUa, durationUs } of phases) writer.f64(currentUa).f64(durationUs);
  }
  writer.whole(entries.length);
  entries.forEach(({ token, plan }, e) => {
    writer.whole(plan.brain).whole(token).whole(plan.durationFrames).f64(plan.plasticity);
    writer.u8(plan.reward === undefined ? 0 : 1);
    if (plan.reward !== undefined) writer.f64(plan.reward);
    writer.whole(plan.pulses.length);
    plan.pulses.forEach(({ frame, channel }, p) => {
      writer.whole(frame).whole(channel).whole(indices[e][p]);
    });
  });
}

function sameShape(a: readonly Phase[], b: readonly Phase[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every(
    ({ currentUa, durationUs }, i) => currentUa === b[i].currentUa && durationUs === b[i].durationUs,
  );
}

export function readStep(reader: ByteReader): StepMessage {
  const [vat, coordinator] = [reader.text(), reader.text()];
  const step = reader.whole();
  const snapshotAfter = reader.u8() === 1;
  const shapes = reader.list(1, () =>
    reader.list(16, (): Phase => ({ currentUa: reader.f64(), durationUs: reader.f64() })),
  );
  const entries = reader.list(13, (): StepEntry => {
    const brain = reader.whole();
    const token = reader.whole();
    const durationFrames = reader.whole();
    const plasticity = reader.f64();
    const reward = reader.u8() === 1 ? { reward: reader.f64() } : {};
    const pulses = reader.list(3, (): Pulse => {
      const [frame, channel, phases] = [reader.whole(), reader.whole(), shapes[reader.whole()]];
      if (!phases) throw new MessageFault("a pulse of an unknown shape");
      return { frame, channel, phases };
    });
    return { token, plan: { brain, durationFrames, pulses, plasticity, ...reward } };
  });
  return { type: "step", vat, coordinator, step, snapshotAfter, entries };
}
