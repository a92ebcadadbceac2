/** Every kind of device: how its address is read, what it needs, and how it is found, opened and stopped. */
import { FIRST_DAY } from "../culture/growth/grow.ts";
import { LAST_DAY } from "../culture/growth/plan.ts";
import { DEFAULT_RULE, RULES } from "../culture/rules/rules.ts";
import type { AddressOptions } from "./address.ts";
import { answersTcp, hearsUdp } from "./answers.ts";
import type { Driver, ReadOnlyDriver } from "./contract.ts";
import type { DeviceFile } from "./device-file.ts";
import type { StimulationLimits } from "./gate/limits.ts";
import type { SampleBlock } from "./live/spike-finder.ts";
import { DeviceError } from "./lost.ts";

export interface EntryOptions {
  readonly file: DeviceFile;
  readonly token?: string;
  readonly limits?: StimulationLimits;
  readonly onSamples?: (block: SampleBlock) => void;
}

export interface DriverEntry {
  readonly scheme: string;
  readonly title: string;
  readonly example: string;
  /** What must run or be known for it to work. */
  readonly needs: string;
  /** Why it never stimulates; absent where it can. */
  readonly readOnly?: string;
  open(query: AddressOptions, options: EntryOptions): Promise<Driver | ReadOnlyDriver>;
  /** Ends stimulation at once; says what it did. */
  stop?(query: AddressOptions, options: EntryOptions): Promise<string>;
  /** Whether something answers at its default address; absent where there is none. */
  answers?(): Promise<boolean>;
}

/** zeromq is native code that only this driver needs, so it is not installed with wetgrad. */
function withoutZeroMq(error: NodeJS.ErrnoException): never {
  if (error.code !== "ERR_MODULE_NOT_FOUND" || !error.message.includes("zeromq")) throw error;
  throw new DeviceError(
    "the Open Ephys GUI is read by the package zeromq, which is not installed: npm i zeromq@6.8.0",
  );
}

const port = { min: 1, max: 65_535, whole: true } as const;

/** All kinds of devices, by the scheme of their addresses (`wetgrad device list`). */
export const DRIVERS: readonly DriverEntry[] = [
  {
    scheme: "simulated",
    title: "a culture grown here",
    example: "simulated:?scaffold=mea256&seed=1&preset=quiet",
    needs: "nothing",
    async open(query, _options) {
      const seed = query.number("seed", { min: 0, max: 2 ** 32 - 1, whole: true }) ?? 1;
      const { SCAFFOLDS, SHAPES } = await import("./simulated/scaffolds.ts");
      const scaffold = query.choice("scaffold", SCAFFOLDS);
      const shape = query.choice("shape", SHAPES);
      const neurons = query.number("neurons", { min: 101, max: 20_000, whole: true });
      const div = query.number("div", { min: FIRST_DAY, max: LAST_DAY }) ?? 21;
      const preset = query.choice("preset", ["default", "quiet"]) ?? "default";
      const rule = query.choice("rule", RULES) ?? DEFAULT_RULE;
      query.done();
      const { growSimulated } = await import("./simulated/grow.ts");
      const asked = neurons === undefined ? {} : { neurons };
      return growSimulated({ scaffold, shape, preset, rule, seed, div, ...asked });
    },
  },
  {
    scheme: "replay",
    title: "a recording, played again",
    example: "replay:recording.h5?speed=10",
    needs: "a recording of spikes; of a plate, ?culture=WELL names the well",
    readOnly: "a recording is only read",
    async open(query, { file }) {
      const speed = query.number("speed", { min: 1e-3, max: 1e6 });
      const culture = query.text("culture") ?? query.text("well");
      const path = query.path();
      query.done();
      const [{ openRecording }, { Replay, wallClock }, { replaySource }] = await Promise.all([
        import("../recording/open.ts"),
        import("./replay/driver.ts"),
        import("./replay/from-recording.ts"),
      ]);
      const recording = await openRecording(path, culture === undefined ? {} : { culture });
      try {
        return new Replay(
          replaySource(recording, file),
          speed === undefined ? undefined : { speed, clock: wallClock },
        );
      } finally {
        recording.close();
      }
    },
  },
  {
    scheme: "cl1",
    title: "a CL1, or a served culture, over TCP",
    example: "cl1://127.0.0.1:7767?file=lab.json",
    needs: "integrations/cl-sdk/wetgrad_bridge.py on the CL1, or `wetgrad culture serve`",
    async open(query, { file, token }) {
      const { host, port: number } = query.host(7767);
      const { SCAFFOLDS, scaffolds } = await import("./simulated/scaffolds.ts");
      const scaffold = query.choice("scaffold", SCAFFOLDS);
      query.done();
      const { areaUm2 = 1, material = "unknown", preparation = "in-vitro", pitchUm } = file;
      if (preparation === "person")
        throw new DeviceError("cl1: expected a preparation simulated or in-vitro: this device stimulates");
      const { Cl1Driver } = await import("./cl1/driver.ts");
      const driver = new Cl1Driver({
        host,
        port: number,
        preparation,
        electrode: { areaUm2, material },
        ...(scaffold !== undefined && { array: scaffolds[scaffold].profile }),
        ...(file.device !== undefined && { deviceId: file.device }),
        ...(token !== undefined && { token }),
        ...(pitchUm !== undefined && { pitchUm }),
      });
      await driver.connect();
      return driver;
    },
    async stop(query, { token }) {
      const { host, port: number } = query.host(7767);
      query.done();
      const { stopLink } = await import("./cl1/stop.ts");
      return stopLink({ host, port: number, ...(token !== undefined && { token }) });
    },
    answers: async () => (await answersTcp(7767)) || (await answersTcp(7766)),
  },
  {
    scheme: "udp",
    title: "a CL1, or a served culture, over its trainers' UDP interface",
    example: "udp://127.0.0.1?file=lab.json",
    needs: "`wetgrad culture serve --udp`, or a CL1 running such an interface",
    async open(query, { file }) {
      const options = udpOptions(query);
      query.done();
      const { UdpDriver } = await import("./udp/driver.ts");
      return UdpDriver.open({ ...options, file });
    },
    async stop(query) {
      const { host, ports } = udpOptions(query);
      query.done();
      const { interruptUdp } = await import("./udp/stop.ts");
      await interruptUdp(host, ports);
      return "sent an interrupt to every electrode (the interface does not answer)";
    },
    answers: () => hearsUdp(12_346, "127.0.0.1"),
  },
  {
    scheme: "intan",
    title: "an Intan controller, through RHX",
    example: "intan://127.0.0.1?file=lab.json",
    needs: "RHX with its TCP command port open; to stimulate, a device file with triggers",
    async open(query, { file, onSamples, limits }) {
      const { host, port: number } = query.host(5000);
      const spikes = query.choice("spikes", ["rhx", "here"]);
      const waveformPort = query.number("waveforms", port);
      const spikePort = query.number("spike-port", port);
      query.done();
      const { openIntan } = await import("./intan/driver.ts");
      return openIntan({
        host,
        port: number,
        file,
        ...(spikes && { spikes }),
        ...(waveformPort !== undefined && { waveformPort }),
        ...(spikePort !== undefined && { spikePort }),
        ...(limits && { limits }),
        ...(onSamples && { onSamples }),
      });
    },
    async stop(query) {
      const { host, port: number } = query.host(5000);
      query.done();
      const { stopIntan } = await import("./intan/driver.ts");
      return `the controller was in mode ${await stopIntan(host, number)}, and is stopped`;
    },
    answers: () => answersTcp(5000),
  },
  {
    scheme: "open-ephys",
    title: "the Open Ephys GUI, through its ZMQ Interface",
    example: "open-ephys://127.0.0.1:5556",
    needs: "the GUI's ZMQ Interface plugin, and acquisition running",
    readOnly: "its stimulators are not driven over ZMQ",
    async open(query, { file, onSamples }) {
      const { host, port: number } = query.host(5556);
      const spikes = query.choice("spikes", ["here", "gui"]);
      query.done();
      const { OpenEphysDriver } = await import("./open-ephys/driver.ts").catch(withoutZeroMq);
      return OpenEphysDriver.open({
        host,
        port: number,
        file,
        ...(spikes && { spikes }),
        ...(onSamples && { onSamples }),
      });
    },
    answers: () => answersTcp(5556),
  },
  {
    scheme: "brainflow",
    title: "a board that BrainFlow streams",
    example: "brainflow://225.1.1.1:6677?board=cyton",
    needs: "BrainFlow with the streamer streaming_board://225.1.1.1:6677",
    readOnly: "BrainFlow's boards only read",
    async open(query, { file, onSamples }) {
      const { host: group, port: number } = query.host(6677, "225.1.1.1");
      const { BOARDS } = await import("./brainflow/boards.ts");
      const known = BOARDS[query.choice("board", Object.keys(BOARDS)) ?? "synthetic"];
      const board = {
        rows: query.number("rows", { min: 2, max: 4096, whole: true }) ?? known.rows,
        samplesPerSecond: query.number("rate", { min: 1, max: 1e6 }) ?? known.samplesPerSecond,
        channels: query.numbers("channels") ?? known.channels,
        timeRow: query.number("time", { min: 0, max: 4095, whole: true }) ?? known.timeRow,
      };
      const networkInterface = query.text("interface");
      query.done();
      const { BrainflowDriver } = await import("./brainflow/driver.ts");
      return BrainflowDriver.open({
        board,
        group,
        port: number,
        file,
        ...(networkInterface !== undefined && { networkInterface }),
        ...(onSamples && { onSamples }),
      });
    },
    answers: () => hearsUdp(6677, "225.1.1.1"),
  },
  {
    scheme: "lsl",
    title: "a stream of the Lab Streaming Layer",
    example: "lsl://NAME?type=EEG",
    needs: "an outlet of numbers at a steady rate, on this network or on a host that is named",
    readOnly: "a stream is only read",
    async open(query, { file, onSamples }) {
      const name = query.name();
      const type = query.text("type");
      const host = query.text("host");
      const reach = query.choice("reach", ["network", "machine"]);
      query.done();
      const { LslDriver } = await import("./lsl/driver.ts");
      return LslDriver.open({
        file,
        ...(name !== undefined && { name }),
        ...(type !== undefined && { type }),
        ...(host !== undefined && { host }),
        ...(reach && { reach }),
        ...(onSamples && { onSamples }),
      });
    },
    async answers() {
      const { resolveStreams } = await import("./lsl/resolve.ts");
      return (await resolveStreams("", { first: true, waitMs: 400, reach: "machine" })).length > 0;
    },
  },
];

function udpOptions(query: AddressOptions) {
  const { host, port: stimulation } = query.host(12_345);
  const spikes = query.number("spikes", port) ?? stimulation + 1;
  const phaseUs = query.number("phase", { min: 20, max: 1000 });
  const ports = { stimulation, spikes, events: stimulation + 2, feedback: stimulation + 3 };
  return { host, ports, ...(phaseUs !== undefined && { phaseUs }) };
}
