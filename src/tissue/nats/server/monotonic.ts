/** The clock of leases, and what is thrown when one is over. */

/** Milliseconds of a clock that all threads of a process share and nobody sets. */
export const monotonicMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/** What was asked needs a lease that is over, or that another has taken. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}
