/**
 * What stands for the snapshot of a dish: where it was, and nothing of what it was. Tissue cannot be put back; "restored"
 * to its mark it goes on as it is, and only its steps are counted anew.
 */
const MAGIC = "WGDISH1 ";

export function dishMark(host: string, step: number): Uint8Array {
  return new TextEncoder().encode(`${MAGIC}${host} ${step}`);
}

export function isDishMark(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length)).toString("latin1") === MAGIC;
}
