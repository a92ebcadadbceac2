/**
 * Where ONNX Runtime comes from: the package onnxruntime-node where it is installed and loads on this machine, else its
 * WebAssembly build, which is shipped in dist/vendor (scripts/vendor.mjs). Both have the same interface
 * (https://onnxruntime.ai/docs/api/js/).
 */
import { existsSync } from "node:fs";
import type * as Common from "onnxruntime-common";

export interface OnnxRuntime {
  readonly kind: "native" | "wasm";
  readonly InferenceSession: typeof Common.InferenceSession;
  readonly Tensor: typeof Common.Tensor;
  /** Names of the execution providers that this build has. */
  readonly providers: readonly string[];
}

const VENDORED = ["../../../vendor", "../../../dist/vendor"].map(
  (folder) => new URL(`${folder}/onnxruntime-web/ort.node.min.mjs`, import.meta.url),
);

let native: Promise<OnnxRuntime | string> | undefined;
let wasm: Promise<OnnxRuntime | string> | undefined;

/** The native runtime, or why it is not there, in one line. */
export function nativeRuntime(): Promise<OnnxRuntime | string> {
  return (native ??= loadNative().catch(firstLine));
}

/** The runtime in WebAssembly, or why it is not there, in one line. */
export function wasmRuntime(): Promise<OnnxRuntime | string> {
  return (wasm ??= loadWasm().catch(firstLine));
}

async function loadNative(): Promise<OnnxRuntime> {
  const { env, InferenceSession, listSupportedBackends, Tensor } = await import("onnxruntime-node");
  // What goes wrong is thrown; ONNX Runtime need not print it as well.
  env.logLevel = "fatal";
  return {
    kind: "native",
    InferenceSession,
    Tensor,
    providers: listSupportedBackends().map(({ name }) => name),
  };
}

async function loadWasm(): Promise<OnnxRuntime> {
  const file = VENDORED.find((url) => existsSync(url));
  if (file === undefined) throw new Error("dist/vendor/onnxruntime-web is not there");
  const { env, InferenceSession, Tensor } = (await import(file.href)) as typeof Common;
  env.logLevel = "fatal";
  env.wasm.wasmPaths = new URL("./", file).href;
  // Cultures are run in parallel by workers, not by programs.
  env.wasm.numThreads = 1;
  return { kind: "wasm", InferenceSession, Tensor, providers: ["wasm"] };
}

function firstLine(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_MODULE_NOT_FOUND") return "the package onnxruntime-node is not installed";
  return message.split("\n")[0];
}
