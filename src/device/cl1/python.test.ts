/** integrations/cl-sdk under a real Python 3, with a stand-in for `cl` written from its public interface. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import { openDevice } from "../gate/open.ts";
import { pulsesFor } from "../stimulation.ts";
import { Cl1Driver } from "./driver.ts";
import { encodeMessage, LINK_VERSION, type Message, MessageReader } from "./messages.ts";
import { stopLink } from "./stop.ts";

const folder = fileURLToPath(new URL("../../../integrations/cl-sdk/", import.meta.url));
const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "wetgrad-bridge-"));
const log = join(scratch, "calls.jsonl");
const environment = {
  ...process.env,
  PYTHONPATH: `${folder}:${join(folder, "test/fake")}`,
  PYTHONDONTWRITEBYTECODE: "1",
  FAKE_CL_LOG: log,
};
const python = ["python3", "/usr/bin/python3"].find((command) => {
  try {
    execFileSync(command, ["-c", "import sys; assert sys.version_info >= (3, 9)"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});
const note = python === undefined ? " (skipped: no python3)" : "";
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(scratch, { recursive: true });
});

/** Starts a program that prints JSON lines and resolves with the port it says that it listens on. */
function listening(command: string, args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(command, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let [text, errors] = ["", ""];
    child.stderr!.on("data", (chunk) => (errors += String(chunk)));
    child.stdout!.on("data", (chunk) => {
      const before = text;
      text += String(chunk);
      if (!before.includes("\n") && text.includes("\n"))
        resolve({ child, port: JSON.parse(text.split("\n")[0]).port });
    });
    child.on("close", () => reject(new Error(`${command} ended: ${errors}`)));
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** On a busy machine a plan may come too late. */
const ifInTime = (plan: Promise<void>) =>
  plan.catch((error: { rule?: string }) => {
    if (error.rule !== "late") throw error;
  });
const calls = (): { call: string; time: number; at: number; channel: number; phases: number[] }[] =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line))
    : [];

const EVERY: Message[] = [
  { type: "hello", version: LINK_VERSION, token: "señal" },
  { type: "credit", untilFrame: 2 ** 40 },
  {
    type: "stimulate",
    id: 7,
    pulses: [0, 1].map((i) => ({
      frame: 1000 + i,
      channel: 9 + i,
      phases: [
        { currentUa: -0.1, durationUs: 160 },
        { currentUa: 0.1, durationUs: 160 },
      ],
    })),
  },
  {
    type: "welcome",
    version: LINK_VERSION,
    channels: 64,
    framesPerSecond: 25_000,
    startFrame: 5,
    live: true,
  },
  {
    type: "tick",
    fromFrame: 10,
    untilFrame: 35,
    spikes: { frames: Float64Array.of(10, 12, 34), channels: Uint16Array.of(3, 63, 0) },
  },
  { type: "answer", id: 7, refused: true, frame: 1000, text: "no" },
];

describe.skipIf(!python)(`the link in Python${note}`, () => {
  it("reads and writes what TypeScript does, to the byte", () => {
    const script = `
import sys, json, wetgrad_link as link
parser = link.Parser()
out = b""
for kind, p in parser.feed(bytes.fromhex(sys.stdin.read())):
    if kind == link.HELLO: out += link.hello(link.read_hello(p))
    elif kind == link.CREDIT: out += link.message(kind, p)
    elif kind == link.STIMULATE: out += link.stimulate(*link.read_stimulate(p))
    elif kind == link.WELCOME: out += link.welcome(*link.read_welcome(p))
    elif kind == link.TICK: out += link.tick(*link.read_tick(p))
    elif kind == link.ANSWER: out += link.answer(*link.read_answer(p))
print(out.hex())
`;
    const bytes = Buffer.concat(EVERY.map(encodeMessage));
    const output = execFileSync(python!, ["-c", script], {
      env: environment,
      input: bytes.toString("hex"),
      encoding: "utf8",
    });
    expect(output.trim()).toBe(bytes.toString("hex"));
  });

  it("meets 10,000 mutated messages with a clear fault or a right reading", () => {
    const script = `
import random, sys, wetgrad_link as link
random.seed(1)
sound = bytes.fromhex(sys.stdin.read())
read = {link.HELLO: link.read_hello, link.STIMULATE: link.read_stimulate, link.WELCOME: link.read_welcome,
        link.TICK: link.read_tick, link.ANSWER: link.read_answer}
faults = 0
for _ in range(10000):
    data = bytearray(sound)
    for _ in range(random.randint(1, 6)): data[random.randrange(len(data))] = random.randrange(256)
    try:
        for kind, payload in link.Parser().feed(data[: random.randint(1, len(data))]): read.get(kind, bytes)(payload)
    except link.LinkFault: faults += 1
print(faults)
`;
    const input = Buffer.concat(EVERY.map(encodeMessage)).toString("hex");
    const faults = Number(
      execFileSync(python!, ["-c", script], { env: environment, input, encoding: "utf8" }),
    );
    expect(faults).toBeGreaterThan(1000);
  });
});

describe.skipIf(!python)(`a culture behind the CL SDK's simulator${note}`, () => {
  it("fires, answers pulses, refuses unsafe ones, and never runs ahead of its reader", async () => {
    const args = ["--import", "tsx", main, "culture", "serve", "--port", "0", "--neurons", "400", "--json"];
    const { child, port } = await listening(process.execPath, [...args, "--preset", "quiet", "--seed", "4"]);
    const output = execFileSync(python!, [join(folder, "test/drive_source.py"), String(port)], {
      env: environment,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const seen = JSON.parse(output);
    expect(seen.frames).toBe((30 * 40 + 20) * 125);
    expect(seen.spikes).toBeGreaterThan(300);
    // Six standard deviations of a Poisson count, over equal stretches before and after the pulses.
    expect(seen.after - seen.before).toBeGreaterThan(6 * Math.sqrt(seen.after + seen.before));
    expect(seen.accepted).toBe(30 * 16 + 1);
    expect(seen.refusals).toEqual([
      expect.stringMatching(/\(phases\)/),
      expect.stringMatching(/\(current\)/),
    ]);
    expect(seen.ahead).toBeLessThanOrEqual(50);
    expect(seen.late).toBeLessThanOrEqual(75);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  }, 60_000);

  it("says what is missing where there is no SDK, or no culture", () => {
    const fault = (script: string, path: string) => {
      const code = `try:\n  ${script}\nexcept Exception as fault: print(type(fault).__name__, fault)`;
      const env = { ...environment, PYTHONPATH: path };
      return execFileSync(python!, ["-S", "-c", code], { env, encoding: "utf8" }).trim();
    };
    expect(fault("import wetgrad_culture; wetgrad_culture.factory()", folder)).toMatch(
      /^ImportError wetgrad_culture needs the Cortical Labs SDK.*pip install cl-sdk/,
    );
    expect(fault("import wetgrad_culture as w; w.factory(port=1).open()", environment.PYTHONPATH)).toMatch(
      /^ConnectionError no culture at 127.0.0.1:1 .*start one with: wetgrad culture serve --port 1$/,
    );
  });
});

describe.skipIf(!python)(`the bridge on a CL1${note}`, () => {
  let port = 0;
  let bridge: ChildProcess;
  beforeAll(async () => {
    const started = await listening(python!, [join(folder, "wetgrad_bridge.py"), "--port", "0"]);
    port = started.port;
    bridge = started.child;
  });
  let driver: Cl1Driver | undefined;
  const make = () => {
    void driver?.close(); // the bridge has one client at a time
    driver = new Cl1Driver({ port, electrode: { areaUm2: 707, material: "titanium-nitride" } });
    return driver;
  };
  afterEach(() => driver?.close());

  for (const { name, run } of conformanceChecks(make, {
    repeatable: false,
    stimulates: true,
    live: true,
    frames: 5000,
  }))
    it(name, run);

  it("gives the device's spikes with frames from 0, and the answer to a pulse", async () => {
    const device = openDevice(make());
    const first = await device.read(1000);
    // The spikes that the pulses of an earlier client evoked may still come.
    const heard = new Set(first.frames);
    const steady = first.frames.filter((frame) => heard.has(frame - 40) || heard.has(frame + 40));
    expect(steady.length).toBe(25);
    // On a busy machine a pulse may come to be late, and is dropped.
    for (let trial = 0; trial < 20; trial++) {
      const seen = calls().length;
      const due = device.present() + 1500;
      await ifInTime(device.stimulate(pulsesFor([9], 1, due, device.profile)));
      const { frames, channels } = await device.read(due + 2500);
      const stim = calls()
        .slice(seen)
        .find(({ call }) => call === "stim");
      if (!stim) continue;
      expect(stim.phases).toEqual([160, -2.5, 160, 2.5]);
      const answers = frames
        .map((frame, i) => (channels[i] === 9 ? frame : -1))
        .filter((frame) => frame % 40 !== steady[0] % 40 && frame >= 0);
      expect(answers.length).toBe(1);
      expect(answers[0]).toBeGreaterThanOrEqual(due + 100);
      expect(answers[0]).toBeLessThanOrEqual(due + 100 + 25);
      return;
    }
    throw new Error("no pulse of 20 was in time");
  });

  it("drops a train that has become late, where it would come together", async () => {
    await driver?.close();
    await pause(50);
    const before = calls().length;
    const { socket, messages } = await silentClient([]);
    const beat = setInterval(() => socket.write(encodeMessage({ type: "heartbeat" })), 20);
    const origin = messages.find(({ type }) => type === "welcome") as { startFrame: number };
    await pause(300);
    for (let i = 0; i < 40; i++) socket.write(encodeMessage(later(origin.startFrame + 150 * i, 10)));
    await pause(100);
    clearInterval(beat);
    const answers = messages.filter((message) => message.type === "answer");
    expect(answers.length).toBe(40);
    expect(answers.every(({ refused, text }) => refused && text.includes("a pulse is late"))).toBe(true);
    expect(
      calls()
        .slice(before)
        .filter(({ call }) => call === "stim"),
    ).toEqual([]);
    socket.destroy();
    await pause(20);
  });

  it("does not stimulate where the electrodes are unknown", async () => {
    await driver?.close();
    driver = new Cl1Driver({ port, electrode: { areaUm2: 707, material: "unknown" } });
    const device = openDevice(driver);
    await expect(device.stimulate(pulsesFor([9], 0.5, 100, device.profile))).rejects.toThrow(/\(material\)/);
  });

  /** A client that does not beat. */
  async function silentClient(pulses: Message[]) {
    const socket = connect(port, "127.0.0.1");
    const messages: Message[] = [];
    const reader = new MessageReader();
    socket.on("data", (bytes) => messages.push(...reader.feed(bytes)));
    socket.on("error", () => {});
    socket.write(encodeMessage({ type: "hello", version: LINK_VERSION, token: "" }));
    while (!messages.some(({ type }) => type === "welcome")) await pause(1);
    for (const message of pulses) socket.write(encodeMessage(message));
    return { socket, messages, silentFrom: Date.now() / 1000 };
  }
  const later = (frame: number, channel = 9): Message => ({
    type: "stimulate",
    id: 1,
    pulses: [
      {
        frame,
        channel,
        phases: [
          { currentUa: -1, durationUs: 160 },
          { currentUa: 1, durationUs: 160 },
        ],
      },
    ],
  });

  it("interrupts the device when the link has been silent for 100 ms, and lets no more through", async () => {
    await driver?.close();
    const waits: number[] = [];
    for (let trial = 0; trial < 3; trial++) {
      const { socket, messages, silentFrom } = await silentClient([later(2 ** 40)]);
      await pause(220);
      const interrupt = calls().find(({ call, time }) => call === "interrupt" && time > silentFrom)!;
      waits.push(1000 * (interrupt.time - silentFrom));
      expect(messages.find(({ type }) => type === "stopped")).toMatchObject({
        text: "the link was silent for 100 ms",
      });
      socket.write(encodeMessage(later(0)));
      await pause(30);
      const answers = messages.filter((message) => message.type === "answer");
      expect(answers.map(({ refused }) => refused)).toEqual([false, true]);
      expect(calls().filter(({ call, time }) => call === "stim" && time > silentFrom)).toEqual([]);
      socket.destroy();
      await pause(20);
    }
    waits.sort((a, b) => a - b);
    expect(waits[0]).toBeGreaterThan(95);
    expect(waits[1]).toBeLessThan(150);
  });

  it("interrupts the device at once when the client is gone, and when the bridge is ended", async () => {
    await driver?.close();
    const { socket } = await silentClient([later(2 ** 40)]);
    const gone = Date.now() / 1000;
    socket.destroy();
    await pause(60);
    expect(calls().some(({ call, time }) => call === "interrupt" && time >= gone - 0.002)).toBe(true);
  });

  it("stops its client's stimulation at the word of a second connection, that client's reading not", async () => {
    await driver?.close();
    await pause(50);
    const device = openDevice(make());
    await device.read(500);
    const far = () => device.present() + 1_000_000;
    await device.stimulate(pulsesFor([9], 1, far(), device.profile));
    const before = Date.now() / 1000;
    await expect(stopLink({ host: "127.0.0.1", port })).resolves.toMatch(/stopped its client/);
    expect(calls().some(({ call, time }) => call === "interrupt" && time >= before - 0.002)).toBe(true);
    await expect(device.stimulate(pulsesFor([10], 1, far(), device.profile))).rejects.toThrow(/stopped/);
    await device.read(device.now() + 1000);
    await device.close();
  });

  it("hears a second connection also while its client never stops talking", async () => {
    await driver?.close();
    const { socket } = await silentClient([]);
    const words = Buffer.concat(Array.from({ length: 100_000 }, () => encodeMessage({ type: "heartbeat" })));
    const talk = () => {
      while (!socket.destroyed && socket.write(words));
    };
    socket.on("drain", talk).on("error", () => {});
    talk();
    await expect(stopLink({ host: "127.0.0.1", port })).resolves.toMatch(/stopped its client/);
    socket.destroy();
    await pause(50);
  });

  it("judges pulses itself: ground, balance, current", async () => {
    const { socket, messages } = await silentClient([later(0, 4), later(0, 63)]);
    await pause(30);
    const answers = messages.filter((message) => message.type === "answer");
    expect(answers.map(({ refused }) => refused)).toEqual([true, true]);
    socket.destroy();
    await pause(20);
  });

  it("ends a device whose bridge is gone with one clear line", async () => {
    const device = openDevice(make());
    await device.read(500);
    const ending = device.read(1e9);
    const ended = new Promise((resolve) => bridge.on("exit", resolve));
    bridge.kill("SIGTERM");
    await expect(ending).rejects.toMatchObject({
      name: "DeviceLost",
      message: `the device at 127.0.0.1:${port} the bridge ended`,
    });
    await ended;
    expect(calls().at(-1)!.call).toBe("interrupt");
    await expect(device.read(2e9)).rejects.toThrow("the bridge ended");
  });
});
