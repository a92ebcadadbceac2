/**
 * SQLite (node-sqlite3-wasm) as this room needs it. Two traps of that build, both met in tests:
 * - its rollback journal is not rolled back after a kill (the file-system layer reports its own lock as another's,
 *   so SQLite takes the hot journal for someone else's) and the database is corrupted: hence write-ahead logging,
 *   which without shared memory needs exclusive locking, set before the first access;
 * - its lock is a folder `<file>.lock`, which a killed process leaves behind: removed at opening, which is safe
 *   because only the holder of the run folder's claim (files/claim.ts) opens the journal.
 * https://www.sqlite.org/wal.html#noshm
 */
import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import sqlite from "node-sqlite3-wasm";
import { storing } from "../../files/storage.ts";
import { PARTIAL } from "../../files/whole.ts";

export type Row = Record<string, string | number | bigint | Uint8Array | null>;
export type Value = string | number;

export class Database {
  private readonly db: InstanceType<typeof sqlite.Database>;
  private readonly statements = new Map<
    string,
    ReturnType<InstanceType<typeof sqlite.Database>["prepare"]>
  >();

  constructor(readonly path: string) {
    rmSync(`${path}.lock`, { recursive: true, force: true });
    this.db = storing(path, () => {
      closeSync(openSync(path, "a"));
      return asked(() => new sqlite.Database(path));
    });
    try {
      this.exec("PRAGMA locking_mode = EXCLUSIVE");
      this.exec("PRAGMA journal_mode = WAL");
      this.exec("PRAGMA synchronous = FULL");
    } catch (error) {
      try {
        this.db.close();
      } catch {
        // What could not be done is told by the first error.
      }
      throw error;
    }
  }

  exec(sql: string): void {
    this.ask(() => this.db.exec(sql));
  }

  run(sql: string, values: Value[]): number {
    return this.ask(() => Number(this.statement(sql).run(values).lastInsertRowid));
  }

  get(sql: string, values: Value[] = []): Row | undefined {
    return this.all(sql, values)[0];
  }

  all(sql: string, values: Value[] = []): Row[] {
    return this.ask(() => this.statement(sql).all(values) as Row[]);
  }

  /** All of `work` or nothing. */
  transaction<T>(work: () => T): T {
    if (this.db.inTransaction) return work();
    this.exec("BEGIN");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      // A disk that gives out may have ended the transaction already.
      if (this.db.inTransaction) this.exec("ROLLBACK");
      throw error;
    }
  }

  /** Closes, and leaves the file as if its rows had been written in the order of their keys, once each. */
  closeAsNew(): void {
    const copy = `${this.path}${PARTIAL}`;
    rmSync(copy, { force: true });
    this.run("VACUUM INTO ?", [copy]);
    this.close();
    // In the mode in which it is opened again, so that who reads it changes nothing; a copy counts its schema one up.
    const tidy = new Database(copy);
    tidy.exec("PRAGMA schema_version = 1");
    tidy.close();
    storing(this.path, () => renameSync(copy, this.path));
  }

  close(): void {
    for (const statement of this.statements.values()) {
      try {
        statement.finalize();
      } catch {
        // What its last call has thrown, which was told.
      }
    }
    this.statements.clear();
    this.ask(() => this.db.close());
  }

  private ask<T>(work: () => T): T {
    return storing(this.path, () => asked(work));
  }

  private statement(sql: string) {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.db.prepare(sql)));
    return statement;
  }
}

/** SQLite keeps no reason why a file cannot be opened; where the database could be a moment ago it is the disk's. */
function asked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw /(unable to|could not) open/i.test((error as Error).message)
      ? new Error("disk I/O error", { cause: error })
      : error;
  }
}
