/** A real nats-server behind TLS, with certificates made here, that lets in who has credentials or a token. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nkeys } from "@nats-io/nats-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkedPlans, checkedSpecs } from "../conformance/inputs.ts";
import { localTissue } from "../local.ts";
import { natsTissue } from "./coordinator/tissue.ts";
import { hostTissue } from "./host/host.ts";
import { connectNats } from "./server/connection.ts";
import { startServer, type TestServer } from "./testing.ts";

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** A NATS JWT: https://docs.nats.io/running-a-nats-service/nats_admin/security/jwt */
function jwt(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const part = (value: object | Uint8Array) =>
    Buffer.from(value instanceof Uint8Array ? value : JSON.stringify(value)).toString("base64url");
  const claims = {
    jti: "test",
    iat: 1,
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name: "test",
  };
  const text = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part({ ...claims, nats: { ...nats, version: 2 } })}`;
  return `${text}.${part(issuer.sign(Buffer.from(text)))}`;
}

const unlimited = { subs: -1, data: -1, payload: -1 };
const accountLimits = {
  ...unlimited,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: -1,
  mem_storage: -1,
  disk_storage: -1,
  streams: -1,
  consumer: -1,
};

describe("a server behind TLS", { timeout: 60_000 }, () => {
  let folder: string;
  const servers: TestServer[] = [];
  const at = (name: string) => join(folder, name);
  const write = (name: string, text: string) => {
    writeFileSync(at(name), text);
    return at(name);
  };
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const start = async (config: string) => {
    const tls = `tls { cert_file: "${at("server.pem")}", key_file: "${at("server.key")}" }`;
    const server = await startServer(["-c", write(`server-${servers.length}.conf`, `${tls}\n${config}\n`)]);
    servers.push(server);
    return server.url.replace("nats:", "tls:");
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wetgrad-tls-"));
    for (const authority of ["ca", "other"])
      openssl(
        ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${authority}`],
        ...["-keyout", `${authority}.key`, "-out", `${authority}.pem`],
      );
    openssl(
      ...["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server"],
      ...["-keyout", "server.key", "-out", "server.csr"],
    );
    const names = write("names", "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    openssl(
      ...["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2"],
      ...["-CAcreateserial", "-extfile", names, "-out", "server.pem"],
    );
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true });
  });

  it("is trusted by its authority's certificate, and by no other's", async () => {
    const url = await start(`authorization { token: "right" }`);
    const nats = { url, tokenFile: write("token", "right\n"), caFile: at("ca.pem") };
    await (await connectNats(nats)).close();
    await expect(connectNats({ ...nats, caFile: at("other.pem") })).rejects.toThrow(
      /cannot connect .*certificate/,
    );
    const { caFile: _, ...unknown } = nats;
    await expect(connectNats(unknown)).rejects.toThrow(/cannot connect .*certificate/);
    await expect(connectNats({ ...nats, tokenFile: write("wrong", "wrong") })).rejects.toThrow(
      /cannot connect .*uthorization/,
    );
    await expect(
      connectNats({ url: url.replace("tls:", "nats:"), tokenFile: nats.tokenFile }),
    ).rejects.toThrow("cannot connect");
  });

  it("lets a vat run whose host and coordinator have credentials, and nobody else", async () => {
    const [operator, system, account] = [
      nkeys.createOperator(),
      nkeys.createAccount(),
      nkeys.createAccount(),
    ];
    const [user, stranger] = [nkeys.createUser(), nkeys.createUser()];
    const accountJwt = (of: KeyPair, limits: object) =>
      jwt(operator, of, { type: "account", limits, default_permissions: { pub: {}, sub: {} } });
    const url = await start(`
      operator: "${jwt(operator, operator, { type: "operator", system_account: system.getPublicKey() })}"
      system_account: ${system.getPublicKey()}
      resolver: MEMORY
      resolver_preload {
        ${system.getPublicKey()}: "${accountJwt(system, { ...accountLimits, disk_storage: 0, mem_storage: 0 })}"
        ${account.getPublicKey()}: "${accountJwt(account, accountLimits)}"
      }`);
    const creds = (name: string, by: KeyPair, who: KeyPair) => {
      const token = jwt(by, who, { type: "user", pub: {}, sub: {}, ...unlimited });
      const seed = new TextDecoder().decode(who.getSeed());
      return write(
        name,
        `-----BEGIN NATS USER JWT-----\n${token}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
      );
    };
    const nats = { url, caFile: at("ca.pem"), credsFile: creds("user.creds", account, user) };
    const bad = creds("stranger.creds", nkeys.createAccount(), stranger);
    await expect(connectNats({ ...nats, credsFile: bad })).rejects.toThrow(/cannot connect .*uthorization/);

    const host = await hostTissue({ nats, brains: 1, threads: 1, name: "secret" });
    const tissue = await natsTissue({ nats, vat: "secret" });
    const alone = localTissue();
    try {
      const [spec] = checkedSpecs;
      for (const one of [tissue, alone]) await one.open([spec!]);
      const plans = checkedPlans(0).slice(0, 1);
      expect(await tissue.step(0, plans)).toEqual(await alone.step(0, plans));
    } finally {
      for (const one of [tissue, alone, host]) await one.close();
    }
  });
});
