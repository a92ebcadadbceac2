/**
 * The crash-safe way of a run's events into its one NWB file: workers write finished segments into the spool
 * (`writeSegment`); the run appends them to the file in canonical order (`NwbRun` of nwb/run.ts). Nothing here loads
 * HDF5, so that workers stay small.
 */
export { cleanSpool, hasSegment, readSegment, readSegments, writeSegment } from "./spool/files.ts";
export {
  decodeSegment,
  encodeSegment,
  type Segment,
  type SegmentId,
  type SegmentPulse,
  type SegmentSeries,
  type SegmentTrial,
  segmentKey,
} from "./spool/segment.ts";
