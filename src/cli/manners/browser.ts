/** `--open`: shows a file or an address in the user's browser. A machine without one gets a line that says so; nothing fails. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The command that opens an address, by platform. */
export function openerOf(platform: NodeJS.Platform, url: string): [command: string, args: string[]] {
  if (platform === "darwin") return ["open", [url]];
  // `start` takes its first quoted word for a title; cmd would cut the address at an ampersand.
  if (platform === "win32") return ["cmd", ["/c", "start", '""', url.replaceAll("&", "^&")]];
  return ["xdg-open", [url]];
}

/** @param target an address, or a file */
export function openInBrowser(target: string, say: (line: string) => void): Promise<void> {
  const url = /^https?:/.test(target) ? target : pathToFileURL(resolve(target)).href;
  const [command, args] = openerOf(process.platform, url);
  return new Promise((done) => {
    const failed = () => {
      say(`no browser could be opened (${command}); open ${target} yourself`);
      done();
    };
    const child = spawn(command, args, { stdio: "ignore", detached: true });
    child.once("error", failed);
    child.once("spawn", () => {
      child.unref();
      done();
    });
  });
}
