/** `wetgrad doctor`: what is here, what is missing and what for, and how to get it. */
import { spawnSync } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { Command } from "commander";
import { columns } from "../report/columns.ts";
import { print, printJson, stdoutPaint } from "./manners/output.ts";
import { packageVersion } from "./manners/version.ts";

export interface Finding {
  readonly name: string;
  /** What was found; null where it is missing. */
  readonly found: string | null;
  /** What it is good for. */
  readonly for: string;
  /** Of what is missing: how to get it. */
  readonly get?: string;
}

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("what this machine has of what wetgrad can use, what is missing, and how to get it")
    .option("--json", "print the findings as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad doctor\n\nNothing that is missing keeps the main experiment from running.\n",
    )
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine();
      if (json) printJson(findings);
      else print(tableOf(findings));
      // Executors hold threads.
      process.exitCode = 0;
    });
}

export async function examine(): Promise<Finding[]> {
  const { nativeRuntime, wasmRuntime } = await import("../compute/executor/runtime.ts");
  const { arithmetic, checkDevice } = await import("../compute/index.ts");
  const [native, wasm] = [await nativeRuntime(), await wasmRuntime()];
  const gpu = async (name: "webgpu" | "cuda") =>
    checkDevice(name).then(
      () => "answers",
      () => null,
    );
  const program = (command: string, args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
    return status === 0 ? (`${stdout}${stderr}`.trim().split("\n")[0] ?? "") || "found" : null;
  };
  const zeromq = await import("zeromq").then(
    () => "installed",
    () => null,
  );
  return [
    { name: "wetgrad", found: `${packageVersion()} on Node.js ${process.versions.node}`, for: "everything" },
    {
      name: "machine",
      found: `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`,
      for: "a worker per core, about 0.5 GiB each",
    },
    {
      name: "ONNX Runtime, native",
      found: typeof native === "string" ? null : "loads",
      for: "computing models, fastest",
      get: `npm i onnxruntime-node@1.30.0 (${String(native)})`,
    },
    {
      name: "ONNX Runtime, WebAssembly",
      found: typeof wasm === "string" ? null : "loads",
      for: "computing models where there is no native one",
      get: "it comes with the package: install wetgrad anew",
    },
    {
      name: "arithmetic",
      found: await arithmetic(),
      for: "runs of the same name here and there have the same bits",
    },
    {
      name: "WebGPU",
      found: await gpu("webgpu"),
      for: "--compute webgpu",
      get: "a GPU with a Vulkan, Metal or Direct3D 12 driver",
    },
    {
      name: "CUDA",
      found: await gpu("cuda"),
      for: "--compute cuda",
      get: "an NVIDIA GPU, CUDA 12 and cuDNN 9 (docs/compute.md)",
    },
    { name: "zeromq", found: zeromq, for: "reading an Open Ephys GUI", get: "npm i zeromq@6.8.0" },
    {
      name: "nats-server",
      found: program("nats-server", ["--version"]),
      for: "cultures on several machines (vat host, --nats)",
      get: "apt install nats-server, or https://nats.io/download",
    },
    {
      name: "Doom engine",
      found: await doomFound(),
      for: "vat run --task doom",
      get: "wetgrad doom setup",
    },
    {
      name: "Python with h5py",
      found: program(process.platform === "win32" ? "python" : "python3", [
        "-c",
        "import h5py, sys; print('Python', sys.version.split()[0], 'with h5py', h5py.__version__)",
      ]),
      for: "opening recordings in Python (docs/guide/python.md)",
      get: "pip install h5py",
    },
  ];
}

async function doomFound(): Promise<string | null> {
  const { doomFolder } = await import("../engines/place.ts");
  const { readManifest } = await import("../engines/manifest.ts");
  try {
    const manifest = readManifest(doomFolder());
    return manifest && `built, ${manifest.engine.sha256.slice(0, 12)}, ${manifest.data.name}`;
  } catch {
    return null;
  }
}

function tableOf(findings: readonly Finding[]): string {
  const paint = stdoutPaint();
  return columns(
    findings.map(({ name, found, for: purpose, get }) => [
      found === null ? { text: "-", paint: paint.yellow } : { text: "✓", paint: paint.green },
      { text: name },
      { text: found ?? `missing: ${get}` },
      { text: purpose, paint: paint.dim },
    ]),
  );
}
