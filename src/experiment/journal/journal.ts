/**
 * The run's journal: what was decided, measured and finished, in one embedded database in the run folder. `put`
 * keeps the latest value of a key (a run's config, a culture's checkpoint); `append` adds an event that is never
 * changed (cycle, loss, decision). Whatever a call has returned from survives a kill.
 */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { ClaimError, refuseOthersFolder } from "../../files/claim.ts";
import { StorageError } from "../../files/storage.ts";
import { Database, type Row } from "./database.ts";
import { JournalError } from "./error.ts";

export { JournalError };

/** Anything JSON can say; also NaN and the infinities, which losses can be. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export interface JournalEvent<T extends Json = Json> {
  /** Position in the journal, ascending from 1. */
  readonly sequence: number;
  readonly kind: string;
  readonly value: T;
}

/** "wgrd": marks the database as a wetgrad journal (SQLite's application_id). */
const APPLICATION_ID = 0x77677264;

export class Journal {
  private isTidied = false;

  private constructor(private readonly db: Database) {}

  /**
   * Opens the journal at `path`, or creates it. `formatVersion` is that of the run folder's layout. Refused while
   * another process holds the folder's claim: the database has one user at a time, reading or writing.
   */
  static open(path: string, formatVersion: number): Journal {
    try {
      refuseOthersFolder(dirname(path));
    } catch (error) {
      throw error instanceof ClaimError ? new JournalError(error.message) : error;
    }
    const isNew = !existsSync(path);
    let db: Database;
    try {
      db = new Database(path);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      throw new JournalError(`${path}: not a journal that can be opened (${(error as Error).message})`, {
        cause: error,
      });
    }
    try {
      if (isNew || isBlank(db)) create(db, formatVersion);
      else checkVersion(db, path, formatVersion);
      return new Journal(db);
    } catch (error) {
      db.close();
      if (error instanceof JournalError || error instanceof StorageError) throw error;
      throw new JournalError(`${path}: not a journal (${(error as Error).message})`, { cause: error });
    }
  }

  put(kind: string, key: string, value: Json): void {
    this.db.run("INSERT OR REPLACE INTO entry (kind, key, value) VALUES (?, ?, ?)", [
      kind,
      key,
      encode(value),
    ]);
  }

  get<T extends Json>(kind: string, key: string): T | undefined {
    const row = this.db.get("SELECT value FROM entry WHERE kind = ? AND key = ?", [kind, key]);
    return row && (decode(row["value"]) as T);
  }

  /** Entries of a kind, by key. */
  list<T extends Json>(kind: string): { key: string; value: T }[] {
    return this.db
      .all("SELECT key, value FROM entry WHERE kind = ? ORDER BY key", [kind])
      .map((row) => ({ key: String(row["key"]), value: decode(row["value"]) as T }));
  }

  /** Adds an event and returns its sequence number. */
  append(kind: string, value: Json): number {
    return this.db.run("INSERT INTO event (kind, value) VALUES (?, ?)", [kind, encode(value)]);
  }

  /** Events after `afterSequence`, in order; of one kind or of all. */
  events<T extends Json>(kind?: string, afterSequence = 0): JournalEvent<T>[] {
    const rows =
      kind === undefined
        ? this.db.all("SELECT * FROM event WHERE sequence > ? ORDER BY sequence", [afterSequence])
        : this.db.all("SELECT * FROM event WHERE kind = ? AND sequence > ? ORDER BY sequence", [
            kind,
            afterSequence,
          ]);
    return rows.map((row) => ({
      sequence: Number(row["sequence"]),
      kind: String(row["kind"]),
      value: decode(row["value"]) as T,
    }));
  }

  /** Several writes that a kill leaves all or none of. */
  transaction<T>(work: () => T): T {
    return this.db.transaction(work);
  }

  /** To be called of a run that is done: closing then leaves the same bytes for the same entries, in whatever order they came. */
  tidy(): void {
    this.isTidied = true;
  }

  close(): void {
    if (this.isTidied) this.db.closeAsNew();
    else this.db.close();
  }
}

/** A killed creation leaves an empty database. */
function isBlank(db: Database): boolean {
  return db.get("SELECT count(*) AS n FROM sqlite_master")?.["n"] === 0;
}

function create(db: Database, formatVersion: number): void {
  db.transaction(() => {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec(`PRAGMA user_version = ${formatVersion}`);
    db.exec(
      "CREATE TABLE entry (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID",
    );
    db.exec(
      "CREATE TABLE event (sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, value TEXT NOT NULL)",
    );
    db.exec("CREATE INDEX event_kind ON event (kind, sequence)");
  });
}

function checkVersion(db: Database, path: string, formatVersion: number): void {
  if (db.get("PRAGMA application_id")?.["application_id"] !== APPLICATION_ID)
    throw new JournalError(`${path}: a database, but not a journal of wetgrad`);
  const version = db.get("PRAGMA user_version")?.["user_version"];
  if (version !== formatVersion)
    throw new JournalError(
      `${path}: the run has format version ${version}, this wetgrad reads ${formatVersion}; choose another folder, or the wetgrad that made it`,
    );
}

function encode(value: Json): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? { $number: String(item) } : item,
  );
}

function decode(value: Row[string] | undefined): Json {
  return JSON.parse(String(value), (_, item: unknown) =>
    typeof item === "object" && item !== null && "$number" in item ? Number(item.$number) : item,
  ) as Json;
}
