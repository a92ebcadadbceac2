/** Pulses for the floods of the gate. */
import type { Device, Phase, Pulse } from "../../src/device/contract.ts";

export const phases: readonly Phase[] = [
  { currentUa: -0.5, durationUs: 20 },
  { currentUa: 0.5, durationUs: 20 },
];

/** Pulses in falling order that the gate must judge to the last: 80 ms apart on each of 16 electrodes. */
export function falling(device: Device, count: number): Pulse[] {
  const { framesPerSecond } = device.profile;
  const apart = 0.08 * framesPerSecond;
  const from = device.now() + framesPerSecond;
  return Array.from({ length: count }, (_, i) => {
    const place = count - i;
    return { frame: from + Math.floor((place * apart) / 16), channel: 48 + (place % 16), phases };
  });
}
