/**
 * What becomes of an error: one line on stderr and an exit code. 2: something in the input or the machine that the
 * user can change; 3: disk or memory has given out, and the same command continues; 130: stopped by Ctrl-C; 1: a fault of the program (its stack only with WETGRAD_DEBUG=1).
 */
import { CommanderError } from "commander";
import { storageFault } from "../../files/storage.ts";

/** A command line that cannot be followed. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An option that got something else than it takes; `expected` says what that is. */
export function wrongOption(flag: string, expected: string, got: string): UsageError {
  return new UsageError(`${flag}: expected ${expected}, got ${JSON.stringify(got)}`);
}

/** The user stopped the run; what was done is kept. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * Errors that name something the user can change. By name, because an error that crosses from a worker thread comes
 * without its class, and because `--help` need not load what can throw them.
 */
export const EXPECTED_ERRORS = [
  "UsageError",
  "TaskError",
  "RecordingError",
  "WiringError",
  "CartpoleError",
  "CultureFileError",
  "CultureTooLarge",
  "ReportError",
  "RunError",
  "JournalError",
  "ClaimError",
  "UnsafePulse",
  "ComputeDeviceError",
  "DeviceLost",
  "DeviceStopped",
  "NetworkError",
  "Unable",
  "DeviceError",
  "DashboardError",
  "ForecastScoreError",
  "ForecastModelError",
  "ProtocolError",
  "FeatureError",
  "EngineError",
  "TextError",
  "ReadingError",
  "WritingError",
];

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOTDIR: "expected a folder, got a file",
  EISDIR: "expected a file, got a folder",
  EEXIST: "there is already something else of that name",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
};

/** What every exit code says. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: "done",
  1: "a fault of wetgrad (`WETGRAD_DEBUG=1` shows where)",
  2: "something in the input or the machine that can be changed; one line says what was expected and what came",
  3: "disk or memory gave out; what was done is kept, and the same command continues",
  130: "stopped by Ctrl-C; what was done is kept, and the same command continues",
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isName(error, "Interrupted")) return 130;
  if (gaveOut(error)) return 3;
  return isExpected(error) || fileFault(error) ? 2 : 1;
}

/** Writes the one line of `error`. */
export function report(error: unknown, stderr: { write(text: string): unknown }): void {
  if (error instanceof CommanderError) return; // commander has written it
  const debug = process.env["WETGRAD_DEBUG"] === "1";
  if (debug && error instanceof Error && !isName(error, "Interrupted")) stderr.write(`${error.stack}\n`);
  stderr.write(`${messageOf(error)}\n`);
}

export function messageOf(error: unknown): string {
  if (isName(error, "Interrupted")) return (error as Error).message;
  const out = gaveOut(error);
  if (out) return `error: ${out}`;
  const file = fileFault(error);
  if (file) return `error: ${file}`;
  const text = oneLine(error instanceof Error ? error.message : String(error));
  if (isExpected(error)) return `error: ${text}`;
  return `internal error: ${text} (this is a fault of wetgrad; WETGRAD_DEBUG=1 shows where)`;
}

const MEMORY_CODES = ["ERR_WORKER_OUT_OF_MEMORY", "ERR_MEMORY_ALLOCATION_FAILED", "ENOMEM"];
const MEMORY_WORDS =
  /array buffer allocation failed|out of memory|could not allocate memory|bad_alloc|bad allocation/i;

/** What disk or memory that has given out is told as; null for any other error. */
function gaveOut(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, path } = error as NodeJS.ErrnoException;
  if (MEMORY_CODES.includes(code ?? "") || MEMORY_WORDS.test(error.message))
    return `out of memory (${oneLine(error.message)}); what was done is kept: run the same command with fewer --workers, or where there is more`;
  const fault = storageFault(error, path ?? "a file");
  return isName(fault, "StorageError") ? oneLine((fault as Error).message) : null;
}

function fileFault(error: unknown): string | null {
  const { code, path } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || typeof code !== "string" || typeof path !== "string") return null;
  return code in FILE_ERRORS ? `${path}: ${FILE_ERRORS[code]}` : null;
}

function isExpected(error: unknown): boolean {
  return error instanceof Error && EXPECTED_ERRORS.includes(error.name);
}

function isName(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, "; ").trim();
}
