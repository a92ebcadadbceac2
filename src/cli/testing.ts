/** `wetgrad ARGS` in this process: its exit code, and what it would have printed. For tests. */
import { run } from "./program.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const STREAMS = ["stdout", "stderr"] as const;

export async function wetgrad(...args: string[]): Promise<Outcome> {
  const said = { stdout: "", stderr: "" };
  const writes = STREAMS.map((name) => process[name].write);
  for (const name of STREAMS)
    process[name].write = ((chunk: string | Uint8Array) => {
      said[name] += String(chunk);
      return true;
    }) as typeof process.stdout.write;
  try {
    return { code: await run(args), ...said };
  } finally {
    STREAMS.forEach((name, i) => {
      process[name].write = writes[i];
    });
  }
}
