/** What the bundler makes of a compiled kernel: its bytes. */
declare module "*.wasm" {
  const bytes: Uint8Array;
  export default bytes;
}
