/** Reads one file in a process of its own, and prints what that took: `measured.js CONTENTS PATH`. */
import { type Contents, READ } from "./read.ts";

const [, , contents, path] = process.argv;
const refused = await READ[contents as Contents](path).then(
  () => undefined,
  ({ name, message }: Error) => `${name}: ${message}`,
);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(
  JSON.stringify({ rssMb: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) * 1e-6, refused }),
);
process.exit();
