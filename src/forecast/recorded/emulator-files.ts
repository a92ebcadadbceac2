/** Names of the files in an emulator's folder. */

/** The finished emulator. */
export const MODEL_FILE = "emulator.safetensors";
/** An interrupted fit; removed when the emulator is finished. */
export const FIT_FILE = "fit.safetensors";
