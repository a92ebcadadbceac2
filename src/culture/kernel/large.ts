/** The kernel of large cultures, in a memory that threads share (blocks.ts); kernel.ts is that of small ones. */
export { runBlocks as run, serveBlocks } from "./blocks";
export { reward } from "./eligibility";
export { layoutBytes, stateBytes } from "./layout";
