// Prints `N passed, N failed` from the results that vitest wrote as JSON and its exit status. A failure beside the
// tests (types, lint, a file that does not load, an unhandled error) counts as one more. Exits non-zero if any failed.
import { readFileSync } from "node:fs";

const [, , path, status] = process.argv;
const text = readFileSync(path, "utf8");
const { numPassedTests: passed, numFailedTests } = text
  ? JSON.parse(text)
  : { numPassedTests: 0, numFailedTests: 0 };
const failed = numFailedTests === 0 && status !== "0" ? 1 : numFailedTests;
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exit(1);
