/**
 * What a coordinator has asked of hosts and not yet been answered. Messages may be lost and hosts may die, so each is
 * asked again until it is answered, and fails with `HostLost` when its host is gone. Hosts answer a thing asked twice
 * twice, and do it once.
 */
import { monotonicMs } from "../../../device/time.ts";

/** The host that was asked has gone; what it held has to be held elsewhere. */
export class HostLost extends Error {
  override readonly name = "HostLost";
}

interface PendingRequest {
  readonly session: string;
  readonly ask: () => void;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  askAgainAt: number;
  waitMs: number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const CHECK_MS = 100;

export class PendingRequests {
  private readonly open = new Map<string, PendingRequest>();
  private readonly timer = setInterval(() => this.askAgain(), CHECK_MS);

  /** Waits for the answer to `key` from a host's session. `ask` is called now if `askNow`, and again after a while. */
  wait<Answer>(key: string, session: string, ask: () => void, askNow = true): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      const times = { askAgainAt: monotonicMs() + FIRST_WAIT_MS, waitMs: FIRST_WAIT_MS };
      this.open.set(key, { session, ask, resolve, reject, ...times });
    });
    if (askNow) ask();
    return answer;
  }

  answer<Answer>(key: string, answer: Answer): void {
    const request = this.open.get(key);
    this.open.delete(key);
    request?.resolve(answer as never);
  }

  fail(key: string, error: Error): void {
    const request = this.open.get(key);
    this.open.delete(key);
    request?.reject(error);
  }

  /** Fails all that was asked of a session. */
  lose(session: string, error: Error): void {
    for (const [key, request] of this.open) if (request.session === session) this.fail(key, error);
  }

  failAll(error: Error): void {
    for (const key of [...this.open.keys()]) this.fail(key, error);
  }

  /** Fails everything, and asks nothing again. */
  end(error: Error): void {
    clearInterval(this.timer);
    this.failAll(error);
  }

  private askAgain(): void {
    const now = monotonicMs();
    for (const request of this.open.values()) {
      if (now < request.askAgainAt) continue;
      request.waitMs = Math.min(LONGEST_WAIT_MS, 2 * request.waitMs);
      request.askAgainAt = now + request.waitMs;
      request.ask();
    }
  }
}
