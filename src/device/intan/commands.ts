/**
 * RHX's command port: text, `set Parameter Value;`, `get Parameter;`, `execute Action [Parameter];`. Only `get` is
 * answered ("Return: Parameter Value"), and what goes wrong ("Error: ..."), so every `set` is read back.
 */
import { connect, type Socket } from "node:net";
import { DeviceError, DeviceLost } from "../lost.ts";

const ANSWER_MS = 3000;
/** RHX reads its commands through a buffer of 1024 characters. */
const MAX_BATCH = 900;
const MAX_ANSWER = 65_536;

/** How often last words are said to a peer that may not take all at once. */
const LAST_WORDS_MS = 20;

export interface RhxAddress {
  readonly host: string;
  readonly port: number;
  /** The network of a test. */
  readonly dial?: (port: number, host: string) => Socket;
}

export class RhxCommands {
  private text = "";
  private heard: (() => void) | undefined;
  private fault: Error | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly where: string,
    private readonly onEnd: (why: string) => void,
  ) {
    socket.setNoDelay(true).setEncoding("utf8");
    socket.on("data", (text) => {
      this.text = (this.text + text).slice(-MAX_ANSWER);
      this.heard?.();
    });
    socket.on("error", (error) => this.end(`cannot be reached (${error.message})`));
    socket.on("close", () => this.end("closed the command port"));
  }

  static async open(
    { host, port, dial = connect }: RhxAddress,
    onEnd: (why: string) => void,
  ): Promise<RhxCommands> {
    const socket = dial(port, host);
    const commands = new RhxCommands(socket, `RHX at ${host}:${port}`, onEnd);
    if (socket.connecting)
      await new Promise<void>((resolve) => socket.once("connect", resolve).once("close", () => resolve()));
    commands.assertThere();
    return commands;
  }

  /** The value of a parameter. */
  async get(parameter: string): Promise<string> {
    this.assertThere();
    this.text = "";
    this.socket.write(`get ${parameter};`);
    const name = parameter.split(".").at(-1)!.toLowerCase();
    const deadline = performance.now() + ANSWER_MS;
    for (;;) {
      const answer = /Return:\s*(\S+)[ \t]?([^\r\n;]*)/.exec(this.text);
      const error = /Error[^\r\n]*/i.exec(this.text);
      if (error) throw new DeviceError(`${this.where}: ${parameter}: ${error[0].trim()}`);
      if (answer && answer[1].toLowerCase() === name) return answer[2].trim();
      if (answer) throw new DeviceError(`${this.where}: asked for ${parameter}, got ${answer[0].trim()}`);
      await this.word(deadline - performance.now(), parameter);
    }
  }

  /** Sets a parameter, and makes sure that it is set. */
  async set(parameter: string, value: string | number | boolean): Promise<void> {
    this.assertThere();
    this.socket.write(`set ${parameter} ${value};`);
    const kept = await this.get(parameter);
    const same =
      typeof value === "number" ? Number(kept) === value : kept.toLowerCase() === `${value}`.toLowerCase();
    if (!same) throw new DeviceError(`${this.where}: set ${parameter} to ${value}, but it is ${kept}`);
  }

  /** Sends commands that are not read back, in pieces that RHX can take; throws if it complains of any. */
  async send(commands: readonly string[]): Promise<void> {
    for (const batch of batches(commands)) {
      this.assertThere();
      this.socket.write(batch);
      await this.get("RunMode"); // answered after them, or after their errors
    }
  }

  /** Says something without waiting for what becomes of it. */
  say(command: string): void {
    if (!this.fault) this.socket.write(`${command};`);
  }

  /** Says last words and leaves. */
  close(lastWords: readonly string[] = []): void {
    if (this.fault) return;
    this.fault = new DeviceLost(`${this.where} was closed`);
    const { socket } = this;
    const words = batches(lastWords);
    const say = () => {
      const batch = words.shift();
      if (batch !== undefined) socket.write(batch);
      if (words.length > 0) setTimeout(say, LAST_WORDS_MS);
      else {
        socket.end();
        setTimeout(() => socket.destroy(), 500).unref();
      }
    };
    say();
  }

  private assertThere(): void {
    if (this.fault) throw this.fault;
  }

  private async word(patienceMs: number, parameter: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = await new Promise<boolean>((resolve) => {
      this.heard = () => resolve(false);
      timer = setTimeout(() => resolve(true), Math.max(0, patienceMs));
    });
    clearTimeout(timer);
    this.assertThere();
    if (late)
      throw new DeviceError(`${this.where}: no answer to get ${parameter}; is this RHX's command port?`);
  }

  private end(why: string): void {
    if (this.fault) return;
    this.fault = new DeviceLost(`${this.where} ${why}`);
    this.socket.destroy();
    this.heard?.();
    this.onEnd(why);
  }
}

/** Commands in pieces that RHX can take. */
function batches(commands: readonly string[]): string[] {
  const found: string[] = [];
  for (const command of commands) {
    const last = found.at(-1);
    if (last !== undefined && last.length + command.length < MAX_BATCH)
      found[found.length - 1] = `${last}${command};`;
    else found.push(`${command};`);
  }
  return found;
}
