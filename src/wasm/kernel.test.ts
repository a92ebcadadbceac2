import { expect, it } from "vitest";
import { instantiateKernel } from "./kernel.ts";

it("says in one line how much memory could not be had", () => {
  const ask = (bytes: number) => instantiateKernel("culture/kernel-large.wasm", bytes, true);
  expect(() => ask(5e9)).toThrow(
    /^could not allocate memory: culture\/kernel-large\.wasm asked for 5\.0 GB, and can have at most 4\.3$/,
  );
  expect(ask(1e5).buffer.byteLength).toBe(2 * 65_536);
});
