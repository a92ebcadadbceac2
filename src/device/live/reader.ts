/** The reading half that drivers of live devices share: a clock that reading moves, over an inbox. */
import type { DeviceProfile, Frame, ReadableDevice, Spikes } from "../contract.ts";
import { assertReadable } from "../reading.ts";
import type { Inbox } from "./inbox.ts";

export abstract class LiveReader<P extends DeviceProfile = DeviceProfile> implements ReadableDevice {
  private frame: Frame = 0;
  private hasClosed = false;

  /** Frame 0 is the first frame of the inbox. */
  protected constructor(
    readonly profile: P,
    protected readonly inbox: Inbox,
  ) {}

  now(): Frame {
    return this.frame;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    assertReadable(this, this.hasClosed, this.frame, untilFrame);
    if (untilFrame > this.frame) await this.inbox.arrived(untilFrame);
    this.frame = untilFrame;
    return this.inbox.takeUntil(untilFrame);
  }

  async close(): Promise<void> {
    if (this.hasClosed) return;
    this.hasClosed = true;
    await this.hangUp();
  }

  protected get closed(): boolean {
    return this.hasClosed;
  }

  /** Lets the peer go; called once. */
  protected abstract hangUp(): void | Promise<void>;
}
