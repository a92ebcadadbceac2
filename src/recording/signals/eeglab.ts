/**
 * EEGLAB datasets: a MATLAB file (level 5, or 7.3) with the struct `EEG` (or its fields as variables), and the samples
 * in it or in a .fdt file beside it: float32, little-endian, all channels of a sample together.
 * https://eeglab.org/tutorials/ConceptsGuide/Data_Structures.html
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isMat73 } from "../apart/signature.ts";
import { RecordingError } from "../contract.ts";
import { ByteFile } from "./bytes.ts";
import type { SignalChannel, SignalEvent, SignalRecording } from "./contract.ts";
import { openMat5 } from "./mat5/file.ts";
import type { MatValue } from "./mat5/value.ts";
import { checkedWindow } from "./window.ts";

type Fields = ReadonlyMap<string, MatValue>;

/** Samples read in one piece. */
const BLOCK = 4096;

export async function openEeglab(file: ByteFile, name: string): Promise<SignalRecording> {
  const mat = await open(file);
  let samplesFile: ByteFile | undefined;
  try {
    const eeg = fieldsOf(mat.variables, file.path);
    const [channelCount, points, rateHz] = ["nbchan", "pnts", "srate"].map((field) =>
      numberOf(eeg.get(field)),
    );
    const trials = numberOf(eeg.get("trials")) ?? 1;
    if (!whole(channelCount) || !whole(points) || !whole(trials) || !(rateHz! > 0 && rateHz! < 1e9))
      throw new RecordingError(
        `${file.path}: expected EEG.nbchan, pnts, trials and srate, got ${channelCount}, ${points}, ${trials} and ${rateHz}`,
      );
    const [C, N] = [channelCount!, points! * trials];
    const data = eeg.get("data");
    if (data?.kind === "text") samplesFile = openSamples(file.path, data.text, C, N);
    else if (data?.kind !== "numbers" || data.dimensions.reduce((a, b) => a * b, 1) !== C * N)
      throw new RecordingError(
        `${file.path}: expected EEG.data of ${C} x ${N}, or the name of its .fdt file`,
      );
    const labels = structs(eeg.get("chanlocs")).map((place) => textOf(place.get("labels")));
    const channels = Array.from(
      { length: C },
      (_, i): SignalChannel => ({
        label: labels[i] || `channel ${i + 1}`,
        unit: "uV",
        rateHz: rateHz!,
        samples: N,
      }),
    );
    const stored = (from: number, count: number): Float64Array | Float32Array => {
      if (data?.kind === "numbers") return data.read(from * C, count * C);
      const bytes = samplesFile!.read(from * C * 4, count * C * 4);
      return new Float32Array(Uint8Array.from(bytes).buffer); // little-endian, as all machines that Node runs on
    };
    const setName = textOf(eeg.get("setname"));
    return {
      name,
      source: "eeglab",
      preparation: "person",
      durationSeconds: N / rateHz!,
      channels,
      meta: {
        ...(textOf(eeg.get("subject")) ? { subject: textOf(eeg.get("subject")) } : {}),
        ...(setName ? { description: setName } : {}),
      },
      events: () => eventsOf(eeg, rateHz!),
      read: (start, count, wanted) => {
        const chosen = checkedWindow(name, channels, { start, count, wanted });
        const out = new Float64Array(chosen.length * count);
        for (let from = 0; from < count; from += BLOCK) {
          const length = Math.min(BLOCK, count - from);
          const block = stored(start + from, length);
          chosen.forEach((channel, row) => {
            for (let i = 0; i < length; i++) out[row * count + from + i] = block[i * C + channel];
          });
        }
        return out;
      },
      close: () => {
        mat.close();
        samplesFile?.close();
      },
    };
  } catch (error) {
    mat.close();
    samplesFile?.close();
    throw error;
  }
}

/** Closes `file` with the result, or when it throws. */
async function open(file: ByteFile) {
  if (!isMat73(file.read(0, Math.min(16, file.length)))) return openMat5(file);
  file.close();
  // Loaded where it is needed: it brings the library of HDF5 with it.
  const { openMat73 } = await import("./mat73/file.ts");
  return openMat73(file.path);
}

function fieldsOf(variables: Fields, path: string): Fields {
  const eeg = structs(variables.get("EEG"))[0];
  if (eeg) return eeg;
  if (variables.has("nbchan")) return variables;
  throw new RecordingError(
    `${path}: expected a variable EEG (an EEGLAB dataset), got ${[...variables.keys()].slice(0, 5).join(", ") || "none"}`,
  );
}

function openSamples(setPath: string, given: string, channels: number, samples: number): ByteFile {
  // Datasets are renamed and moved: the .fdt is looked for by its own name, then by the dataset's.
  const own = setPath.replace(/\.set$/i, ".fdt");
  const path = [join(dirname(setPath), basename(given.replaceAll("\\", "/"))), own].find(
    (candidate) => candidate !== setPath && /\.fdt$/i.test(candidate) && existsSync(candidate),
  );
  if (!path)
    throw new RecordingError(
      `${setPath}: its samples are in ${JSON.stringify(given.slice(0, 80))}, which is not beside it; put the .fdt file there`,
    );
  const file = new ByteFile(path);
  if (file.length === channels * samples * 4) return file;
  file.close();
  throw new RecordingError(
    `${path}: expected ${channels} x ${samples} float32 samples (${channels * samples * 4} bytes), got ${file.length} bytes`,
  );
}

/** Latencies are samples counted from 1; durations are in samples. */
function* eventsOf(eeg: Fields, rateHz: number): Generator<SignalEvent> {
  for (const event of structs(eeg.get("event"))) {
    const latency = numberOf(event.get("latency"));
    if (latency === undefined || !Number.isFinite(latency)) continue;
    const duration = numberOf(event.get("duration")) ?? 0;
    const type = event.get("type");
    yield {
      seconds: (latency - 1) / rateHz,
      durationSeconds: Number.isFinite(duration) ? duration / rateHz : 0,
      kind: "marker",
      label: type?.kind === "text" ? type.text : String(numberOf(type) ?? ""),
    };
  }
}

function structs(value: MatValue | undefined): readonly Fields[] {
  return value?.kind === "struct" ? value.elements : [];
}

function numberOf(value: MatValue | undefined): number | undefined {
  return value?.kind === "numbers" && value.dimensions.every((size) => size > 0)
    ? value.read(0, 1)[0]
    : undefined;
}

function textOf(value: MatValue | undefined): string {
  return value?.kind === "text" ? value.text.trim() : "";
}

function whole(value: number | undefined): boolean {
  return Number.isInteger(value) && value! >= 1 && value! <= 2 ** 40;
}
