/** A process that claims FOLDER at the moment that it is told, and says whether it holds it: `claimant.ts FOLDER`. */
import { type Claim, ClaimError, claimFolder } from "../claim.ts";

let claim: Claim | null = null;

process.on("message", (word: string) => {
  if (word === "release") {
    claim?.release();
    claim = null;
    return process.send?.("released");
  }
  // Told when: all who are told the same claim in the same moment.
  while (process.hrtime.bigint() < BigInt(word));
  try {
    claim = claimFolder(process.argv[2], 0);
    process.send?.("held");
  } catch (error) {
    process.send?.(error instanceof ClaimError ? "refused" : String(error));
  }
});
process.send?.("there");
