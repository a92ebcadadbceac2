/**
 * Time-stamped annotation lists (TAL) of EDF+ and BDF+: `+onset[\x15duration]\x14text\x14...\x14\x00`. The first list of
 * each data record has an empty text: its onset is that of the record. https://www.edfplus.info/specs/edfplus.html#tal
 */

export interface Annotation {
  readonly seconds: number;
  readonly durationSeconds: number;
  readonly label: string;
}

/** All annotations of one record's bytes; those with an empty label keep the time. Malformed lists are left out. */
export function* annotations(bytes: Buffer): Generator<Annotation> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    const list = bytes.toString("utf8", at, end === -1 ? bytes.length : end);
    at = end === -1 ? bytes.length : end + 1;
    const [when = "", ...texts] = list.split("\x14");
    const [onset = "", length = "0"] = when.split("\x15");
    if (!/^[+-]\d+(\.\d*)?$/.test(onset) || !/^\d+(\.\d*)?$/.test(length) || texts.length < 2) continue;
    const seconds = Number(onset);
    const durationSeconds = Number(length);
    for (const label of texts.slice(0, -1)) yield { seconds, durationSeconds, label };
  }
}
