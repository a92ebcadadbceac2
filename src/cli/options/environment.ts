/** Variables of the environment that wetgrad reads. One that it does not read is a mistake that would go unseen. */
import { UsageError } from "../manners/errors.ts";

const KNOWN = ["WETGRAD_DEBUG", "WETGRAD_LEDGERS", "WETGRAD_CACHE", "WETGRAD_LIBLSL", "WETGRAD_BRIDGE_TOKEN"];
/** Of benches and tests. */
const OWN = /^WETGRAD_(BENCH_|TEST_|CLAIM_ROUNDS$|FREEZE$)/;

/** Throws `UsageError` for a variable that begins like ours and is none. */
export function checkEnvironment(env: NodeJS.ProcessEnv): void {
  const unknown = Object.keys(env).find(
    (name) => /^WETGRAD_/i.test(name) && !KNOWN.includes(name) && !OWN.test(name),
  );
  if (unknown !== undefined)
    throw new UsageError(`${unknown}: no such variable; wetgrad reads ${KNOWN.join(", ")}`);
}
