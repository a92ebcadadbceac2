/**
 * What stands for the snapshot of a dish: where it was, and nothing of what it was. Tissue cannot be put back; "restored"
 * to its mark it goes on as it is, only its steps are counted anew, and its clock never goes back behind the mark's.
 */
import type { Frame } from "../../device/contract.ts";

const MAGIC = "WGDISH2 ";

/** `where`: its host or address, without white space. */
export function dishMark(where: string, step: number, clock: Frame): Uint8Array {
  return new TextEncoder().encode(`${MAGIC}${step} ${clock} ${where}`);
}

export function isDishMark(bytes: Uint8Array): boolean {
  return textOf(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** Where the clock of a dish stood at its mark. */
export function clockAt(mark: Uint8Array): Frame {
  const clock = isDishMark(mark) ? Number(textOf(mark).slice(MAGIC.length).split(" ")[1]) : Number.NaN;
  if (!Number.isSafeInteger(clock))
    throw new Error(`expected the mark of a dish, got ${mark.length} bytes of something else`);
  return clock;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
