import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Access, randomToken, readToken } from "./access.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-access-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("Access", () => {
  const access = new Access("0123456789abcdef", "127.0.0.1");

  it("knows its token and no other", () => {
    expect(access.knows("0123456789abcdef")).toBe(true);
    for (const other of ["", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF"])
      expect(access.knows(other)).toBe(false);
  });

  it("answers to loopback names alone: a foreign name that leads here finds nothing", () => {
    for (const host of ["127.0.0.1:80", "localhost:1234", "LOCALHOST", "[::1]:5"])
      expect(access.answersTo(host)).toBe(true);
    for (const host of ["evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", undefined])
      expect(access.answersTo(host)).toBe(false);
  });

  it("takes WebSockets from its own pages alone", () => {
    expect(access.isOwn("http://127.0.0.1:80", "127.0.0.1:80")).toBe(true);
    for (const origin of [
      undefined,
      "null",
      "http://evil.example",
      "http://127.0.0.1:81",
      "http://localhost:80",
    ])
      expect(access.isOwn(origin, "127.0.0.1:80")).toBe(false);
  });

  it("on every address answers to addresses, never to names", () => {
    const open = new Access("0123456789abcdef", "0.0.0.0");
    expect(open.answersTo("192.168.3.4:8080")).toBe(true);
    expect(open.answersTo("[fe80::1]:8080")).toBe(true);
    expect(open.answersTo("evil.example:8080")).toBe(false);
  });
});

it("random tokens fit a path and differ", () => {
  expect(randomToken()).toMatch(/^[\w-]{24}$/);
  expect(randomToken()).not.toBe(randomToken());
});

describe("readToken", () => {
  it("takes one line, and refuses what is short or cannot be in a path", () => {
    const path = join(folder, "token");
    writeFileSync(path, "0123456789abcdef\n");
    expect(readToken(path)).toBe("0123456789abcdef");
    for (const bad of ["", "short", "0123456789abc/ef", "0123456789abcdef\n0123456789abcdef"]) {
      writeFileSync(path, bad);
      expect(() => readToken(path)).toThrow(/at least 16 letters.*write one with/);
    }
  });
});
