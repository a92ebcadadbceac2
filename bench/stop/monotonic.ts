/** Milliseconds of the machine's monotonic clock, which is one and the same in every process. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
