/**
 * Addresses of devices: `scheme://host:port?option=value` or `scheme:path?option=value`. What can be said of a device
 * in one line is in the address; what a laboratory knows of its array is in the device file (`?file=lab.json`).
 */
import { DeviceError } from "./lost.ts";

export interface Address {
  readonly text: string;
  readonly scheme: string;
  /** Between the scheme and the question mark. */
  readonly rest: string;
  readonly options: ReadonlyMap<string, string>;
}

export function parseAddress(text: string): Address {
  const match = /^([a-z][a-z0-9-]*):(?:\/\/)?([^?]*)(?:\?(.*))?$/s.exec(text);
  if (!match)
    throw new DeviceError(
      `expected a device's address such as intan://host or replay:FILE, got ${JSON.stringify(text)}`,
    );
  const [, scheme = "", rest = "", query = ""] = match;
  return { text, scheme, rest, options: new Map(new URLSearchParams(query)) };
}

/** Options of an address, each read once; those left over are mistakes. */
export class AddressOptions {
  private readonly read = new Set<string>(["file"]);

  constructor(private readonly address: Address) {}

  text(name: string): string | undefined {
    this.read.add(name);
    return this.address.options.get(name);
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const given = this.text(name);
    if (given === undefined) return undefined;
    const found = choices.find((choice) => choice === given);
    if (found === undefined) this.wrong(name, `one of ${choices.join(", ")}`, given);
    return found;
  }

  number(name: string, { min, max, whole = false }: Bounds): number | undefined {
    const given = this.text(name);
    if (given === undefined) return undefined;
    const value = given.trim() === "" ? Number.NaN : Number(given);
    if (!(value >= min && value <= max) || (whole && !Number.isInteger(value)))
      this.wrong(name, `a ${whole ? "whole " : ""}number from ${min} to ${max}`, given);
    return value;
  }

  /** Numbers and ranges of them: `1-8,12`. */
  numbers(name: string): number[] | undefined {
    const given = this.text(name);
    return given?.split(",").flatMap((part) => {
      const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
      const [from, to] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
      if (!range || to < from) this.wrong(name, "numbers such as 1-8,12", given);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
  }

  /** The path of an address that is a file's. */
  path(): string {
    if (this.address.rest === "")
      throw new DeviceError(`${this.address.text}: expected ${this.address.scheme}:FILE`);
    return decodeURI(this.address.rest);
  }

  /** What an address names, if anything. */
  name(): string | undefined {
    const name = decodeURIComponent(this.address.rest.replace(/\/$/, ""));
    return name === "" ? undefined : name;
  }

  /** The host and port of an address that has them. */
  host(defaultPort: number, defaultHost = "127.0.0.1"): { host: string; port: number } {
    const match = /^(\[[^\]]+\]|[^:/[\]]*)(?::(\d+))?\/?$/.exec(this.address.rest);
    const port = Number(match?.[2] ?? defaultPort);
    if (!match || !(port > 0 && port < 65_536))
      throw new DeviceError(
        `${this.address.text}: expected ${this.address.scheme}://host:port, got ${JSON.stringify(this.address.rest)}`,
      );
    return { host: match[1].replace(/^\[|\]$/g, "") || defaultHost, port };
  }

  /** Throws if the address has options that nobody has read. */
  done(): void {
    for (const name of this.address.options.keys())
      if (!this.read.has(name))
        throw new DeviceError(
          `${this.address.text}: unknown option ${JSON.stringify(name)}; expected ${[...this.read].join(", ")}`,
        );
  }

  private wrong(name: string, expected: string, given: string): never {
    throw new DeviceError(
      `${this.address.text}: ${name}: expected ${expected}, got ${JSON.stringify(given)}`,
    );
  }
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}
