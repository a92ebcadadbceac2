/** What was asked needs a lease that is over, or that another has taken. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}
