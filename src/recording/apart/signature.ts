/** What files begin with that are HDF5, by another name or not. */
const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export function isHdf5(head: Uint8Array): boolean {
  return HDF5.every((byte, i) => head[i] === byte);
}

/** HDF5 behind 512 bytes of text. */
export function isMat73(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 10)).toString("latin1") === "MATLAB 7.3";
}
