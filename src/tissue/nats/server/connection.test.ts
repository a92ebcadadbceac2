import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startServer } from "../testing.ts";
import { addressOf, connectNats } from "./connection.ts";

describe("the way to the server", () => {
  it("takes loopback as it is, and other machines only with TLS and credentials", () => {
    for (const url of ["nats://127.0.0.1", "nats://localhost:4222", "nats://[::1]:4222", "tls://127.0.0.1"])
      expect(() => addressOf({ url })).not.toThrow();
    const tokenFile = "token";
    for (const url of [
      "nats://10.0.0.5",
      "nats://nats.lab:4222",
      "nats://127.evil.example",
      "nats://0.0.0.0",
    ])
      expect(() => addressOf({ url, tokenFile })).toThrow("beyond this machine expected TLS and credentials");
    expect(() => addressOf({ url: "tls://nats.lab" })).toThrow("got no credentials");
    expect(addressOf({ url: "tls://nats.lab", tokenFile })).toEqual({
      host: "nats.lab",
      port: "4222",
      secure: true,
    });
  });

  it("refuses what is no address without repeating a password in it", () => {
    for (const url of ["", "127.0.0.1:4222", "http://127.0.0.1", "nats://u:secret@127.0.0.1", "nats://a b"])
      expect(() => addressOf({ url })).toThrow("--nats: expected nats://HOST:PORT or tls://HOST:PORT");
    expect(() => addressOf({ url: "nats://u:secret@127.0.0.1" })).not.toThrow("secret");
    expect(() => addressOf({ url: "nats://127.0.0.1", caFile: "x" })).toThrow("with a tls:// address");
  });

  it("brings the token of a file, and says what is wrong with another", async () => {
    const server = await startServer(["--auth", "right"]);
    const folder = mkdtempSync(join(tmpdir(), "wetgrad-token-"));
    const tokenFile = join(folder, "token");
    try {
      writeFileSync(tokenFile, "right\n");
      await (await connectNats({ url: server.url, tokenFile })).close();
      writeFileSync(tokenFile, "wrong\n");
      for (const nats of [{ url: server.url, tokenFile }, { url: server.url }])
        await expect(connectNats(nats)).rejects.toThrow(/cannot connect .*uthorization/);
      await expect(connectNats({ url: server.url.replace("nats", "tls"), tokenFile })).rejects.toThrow(
        "cannot connect",
      );
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
