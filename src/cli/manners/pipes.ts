/**
 * A pipe whose reader has gone (`... | head`) ends the program quietly: its result can reach nobody any more. Work that can be
 * stopped is asked to, as by Ctrl-C, so that stimulation ends and everything is saved. Progress that nobody reads is no fault.
 */

export function endOnClosedPipe(): void {
  const ignore = (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  };
  process.stderr.on("error", ignore);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    ignore(error);
    if (!process.emit("SIGTERM")) process.exit(0);
  });
}
