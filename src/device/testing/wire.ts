/** A connection in memory, for tests in time of their own: two ends of one wire. */
import { Duplex } from "node:stream";

/** What a driver asks of a socket beside a stream. */
export class WireEnd extends Duplex {
  readonly connecting = false;
  private other: WireEnd | undefined;

  static pair(): [WireEnd, WireEnd] {
    const [a, b] = [new WireEnd(), new WireEnd()];
    a.other = b;
    b.other = a;
    return [a, b];
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.other && !this.other.destroyed) this.other.push(bytes);
    done();
  }

  override _final(done: () => void): void {
    if (this.other && !this.other.destroyed) this.other.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.other?.destroy();
    done(error);
  }
}
