/**
 * An HDF5 file with one empty table /spikes: timestamp int64, channel uint8, samples float32[75], in chunks of 512
 * rows. A field that is an array is what h5wasm can append to but not create, so a new recording begins as this
 * file. Made by h5py 3.7, then gzip:
 *
 *   row = numpy.dtype([("timestamp", "<i8"), ("channel", "u1"), ("samples", "<f4", (75,))])
 *   file.create_dataset("spikes", shape=(0,), maxshape=(None,), dtype=row, chunks=(512,),
 *                       compression="gzip", compression_opts=1, track_times=False)
 */
import { gunzipSync } from "node:zlib";

export const SPIKES_CHUNK_ROWS = 512;

const GZIPPED =
  "H4sIAAAAAAACA+v0cHHj5ZLiYgABDg4GFgYBBmTwHwoqWFH5MPkEKM0IpTug9AommDgjWE4CKi4INR9dXUiQqytI9X80ALPHgAVCczCM" +
  "gpEIPFwdA0B0BJQPS6UnmFDVFRdkZqcWI9KjB4X2MjKwQcxihPEhKZmRkRFrPmFmqAArVWNmYDAFMkoyc1OLSxJzC5DUCnDA0rEDQ3JGYl" +
  "5eag6YLwC3hoOhGKglB+gRTiBPC4h1GCFy3rB8pCDPAMkSCgziHAzi9VBxVqBekDomZohR3EB5RrB7Ye7nAOfIlNS0nMSSVHg4cUD9xczE" +
  "BM96TBAvoIBgP38XRrApEKDAPJo2yQEANyPZSXgFAAA=";

export function emptySpikesFile(): Uint8Array {
  return gunzipSync(Buffer.from(GZIPPED, "base64"));
}
