/** What a culture takes of memory, known before it is grown. */

/** While it grows, and with what holds it when it lives: 0.86 GB were measured for 100,000 neurons of 100 synapses. */
const BYTES_A_NEURON = 9000;
/** Of these in the kernel's own memory, whose addresses have 32 bits. */
const KERNEL_BYTES_A_NEURON = 3400;

/** More than this machine, or a kernel, can hold. */
export class CultureTooLarge extends Error {
  override readonly name = "CultureTooLarge";
}

/** Throws `CultureTooLarge` where so many neurons would not go into `availableBytes`. */
export function assertRoomFor(neurons: number, availableBytes: number): void {
  const [needed, available] = [neurons * BYTES_A_NEURON, availableBytes].map(gigabytes);
  const most = Math.floor(Math.min(availableBytes / BYTES_A_NEURON, 2 ** 32 / KERNEL_BYTES_A_NEURON));
  if (neurons > most)
    throw new CultureTooLarge(
      `a culture of ${neurons} neurons needs about ${needed} GB of memory, ${available} GB are free: expected at most ${most} neurons here`,
    );
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
