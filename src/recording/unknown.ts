/**
 * What a file seems to be that no reader here opens, and the way from there: by the marks that formats put at their
 * beginning, or by the columns of a table. Marks: https://en.wikipedia.org/wiki/List_of_file_signatures and the formats' own pages.
 */
import { existsSync } from "node:fs";
import { RecordingError } from "./contract.ts";

interface Mark {
  /** Latin-1 bytes at `at` (0 unless told). */
  readonly mark: string;
  readonly at?: number;
  readonly what: string;
  readonly way: string;
}

const TO_NWB = "convert it to NWB (neuroconv)";
const MARKS: readonly Mark[] = [
  {
    mark: "NEURALCD",
    what: "Blackrock's continuous samples (.nsX)",
    way: `open the .nev beside it, or ${TO_NWB}`,
  },
  {
    mark: "NEURALSG",
    what: "Blackrock's continuous samples (.nsX)",
    way: `open the .nev beside it, or ${TO_NWB}`,
  },
  {
    mark: "BRSMPGRP",
    what: "Blackrock's continuous samples (.nsX)",
    way: `open the .nev beside it, or ${TO_NWB}`,
  },
  { mark: "NEX5", what: "a NeuroExplorer 5 file (.nex5)", way: "save it as .nex in NeuroExplorer" },
  { mark: "XELP", what: "a Plexon file (.plx)", way: `export .nex from Offline Sorter, or ${TO_NWB}` },
  { mark: "PLEX", what: "a Plexon file (.plx)", way: `export .nex from Offline Sorter, or ${TO_NWB}` },
  { mark: "######## Neuralynx", what: "a Neuralynx file (.ncs, .nse, .nev)", way: TO_NWB },
  {
    mark: "MCSSTRM",
    what: "a Multi Channel Systems file (.mcd)",
    way: "export HDF5 with the Multi Channel DataManager",
  },
  { mark: "S64", what: "a Spike2 file (.smrx)", way: `export spike times as text, or ${TO_NWB}` },
  { mark: "ABF", what: "an Axon file of pClamp (.abf)", way: TO_NWB },
  {
    mark: "GDF ",
    what: "a General Data Format file (biosignals)",
    way: "convert it to EDF (EEGLAB, BioSig)",
  },
  {
    mark: "Version 3.0",
    what: "a Neuroscan file (.cnt, .eeg)",
    way: "convert it to EDF or BrainVision (EEGLAB, MNE)",
  },
  {
    mark: "MATLAB 5.0",
    what: "a MATLAB file that is no EEGLAB dataset",
    way: "write time and channel of each spike to a text file (writematrix)",
  },
  {
    mark: "MATLAB 7.3",
    what: "a MATLAB 7.3 file that is no EEGLAB dataset",
    way: "write time and channel of each spike to a text file (writematrix)",
  },
  {
    mark: "PK\x03\x04",
    what: "a ZIP archive (.xlsx, .npz, .zip)",
    way: "of a spreadsheet, save the sheet as CSV; of an archive, unpack it and open what is inside",
  },
  { mark: "\xd0\xcf\x11\xe0", what: "an old Office document (.xls, .doc)", way: "save the sheet as CSV" },
  {
    mark: "\x93NUMPY",
    what: "a single NumPy array (.npy)",
    way: "open the sorter's folder that it is part of, or write time and channel of each spike to a text file",
  },
  {
    mark: "RIFF",
    what: "a sound or a film (RIFF)",
    way: "`--series` of `wetgrad organoid` reads WAV; spikes are not in it",
  },
  { mark: "SQLite format 3", what: "an SQLite database", way: "export its table as CSV" },
  { mark: "PAR1", what: "a Parquet table", way: "write it as CSV (pandas: to_csv)" },
  { mark: "ARROW1", what: "an Arrow table", way: "write it as CSV (pandas: to_csv)" },
  { mark: "\x89PNG", what: "a picture (PNG)", way: "open the recording itself" },
  { mark: "\xff\xd8\xff", what: "a picture (JPEG)", way: "open the recording itself" },
  {
    mark: "II*\0",
    what: "a picture or a stack of them (TIFF)",
    way: "extract traces or events first (suite2p, CaImAn) and write NWB",
  },
  {
    mark: "MM\0*",
    what: "a picture or a stack of them (TIFF)",
    way: "extract traces or events first (suite2p, CaImAn) and write NWB",
  },
  { mark: "%PDF", what: "a PDF document", way: "open the recording itself" },
  { mark: "DICM", at: 128, what: "a DICOM picture", way: "open the recording itself" },
  { mark: "n+1\0", at: 344, what: "a NIfTI picture", way: "open the recording itself" },
  {
    mark: "\x80\x04\x95",
    what: "a Python pickle",
    way: "write time and channel of each spike to a text file",
  },
  { mark: "BZh", what: "a bzip2 archive", way: "unpack it" },
  { mark: "\xfd7zXZ", what: "an xz archive", way: "unpack it" },
  { mark: "7z\xbc\xaf", what: "a 7-Zip archive", way: "unpack it" },
  {
    mark: "Brain Vision Data Exchange Marker",
    what: "BrainVision's markers (.vmrk)",
    way: "open the .vhdr beside it",
  },
];

/** One line for a binary file; undefined where nothing is known of it. */
export function unknownBinary(path: string, head: Uint8Array): RecordingError | undefined {
  const text = Buffer.from(head).toString("latin1");
  const found = MARKS.find(({ mark, at = 0 }) => text.startsWith(mark, at));
  if (found)
    return new RecordingError(`${path}: seems to be ${found.what}, which is not read here: ${found.way}`);
  return undefined;
}

/** Files of samples, by the file beside them that says how to read them. */
const BESIDE = [".vhdr", ".hea", ".set"] as const;

/** The file of the same name that describes this one. */
function headingBeside(path: string): string | undefined {
  const stem = path.replace(/\.[^./\\]*$/, "");
  return BESIDE.map((extension) => stem + extension).find((other) => other !== path && existsSync(other));
}

/** Columns named, at most. */
const NAMED = 8;

/** One line for a text: its columns, and which of them a spike list would need. */
export function unknownText(path: string, lines: readonly string[]): RecordingError {
  const rows = lines.filter((line) => !line.startsWith("#"));
  const [first = lines[0] ?? ""] = rows;
  const separator = ["\t", ";", ","].find(
    (candidate) => rows.length > 1 && rows.every((row) => row.includes(candidate)),
  );
  const heading = headingBeside(path);
  if (heading !== undefined)
    return new RecordingError(`${path}: seems to be the samples that ${heading} describes: open that`);
  if (isNoText(first))
    return new RecordingError(
      `${path}: seems to be a binary file of a kind not known here (\`wetgrad recording formats\` lists what is read): ${TO_NWB}`,
    );
  if (/^\s*(\{|\[)\s*(["{[\d]|$)/.test(first))
    return new RecordingError(
      `${path}: seems to be JSON, which is not read here: write time and channel of each spike as CSV`,
    );
  if (/^\s*</.test(first))
    return new RecordingError(
      `${path}: seems to be XML or HTML, which is not read here: write time and channel of each spike as CSV`,
    );
  if (rows.length > 0 && rows.every((row) => Number.isFinite(Number(row.trim()))))
    return new RecordingError(
      `${path}: holds no spikes in a form known here: seems to be a series of numbers, which \`--series\` of \`wetgrad organoid\` reads; times of spikes need the channel of each beside`,
    );
  const pair = (row: string) => /^\s*-?\d+(\s*[,;\s]\s*)-?\d+\s*$/.test(row);
  if (rows.length > 1 && rows.every(pair))
    return new RecordingError(
      `${path}: seems to be rows of two whole numbers, without a header: if one is the time of a spike and the other its channel, say what the time is in: --time-unit ms, or --time-unit samples --sampling-rate HZ`,
    );
  if (separator === undefined)
    return new RecordingError(
      `${path}: holds no spikes in a form known here: seems to be a text without columns; expected rows of time and channel (\`wetgrad recording formats\` lists what is read)`,
    );
  const names = first.split(separator).map((name) => name.trim());
  return new RecordingError(
    `${path}: holds no spikes in a form known here: seems to be a table of ${names.length} columns (${names.slice(0, NAMED).join(", ").slice(0, 200)}${names.length > NAMED ? ", ..." : ""}); a spike list has a column named time (s, ms or samples) and one named channel, electrode, unit or neuron; a binned one time and unit_1, unit_2, ...; for a series, see \`--series\``,
  );
}

/** Bytes that no text has, or that are no letters of one. */
function isNoText(line: string): boolean {
  const head = line.slice(0, 1000);
  let odd = 0;
  for (const letter of head) if (letter < "\t" || letter === "\ufffd") odd++;
  return odd > 0.02 * head.length;
}
