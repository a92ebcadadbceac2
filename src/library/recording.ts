/** `wetgrad/recording`: files of arrays, sorters, EEG and gaze, read by one contract and written as NWB or in the CL SDK's layout. */
export { type Cl1Conversion, convertToCl1 } from "../recording/cl1/convert.ts";
export {
  allSpikes,
  type Doubt,
  type Interval,
  labelOf,
  observedSeconds,
  type ReadCulture,
  type ReadOptions,
  type Recording,
  type RecordingChannel,
  RecordingError,
  type RecordingFile,
  type RecordingMeta,
} from "../recording/contract.ts";
export { convertToNwb, type NwbConversion } from "../recording/nwb/convert.ts";
export { openRecording, openRecordingFile } from "../recording/open.ts";
