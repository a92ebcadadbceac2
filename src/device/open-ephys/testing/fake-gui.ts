/** A stand-in for the GUI's ZMQ Interface: buffers of four channels, faster than life, and answers to heartbeats. */
import { Publisher, Reply } from "zeromq";
import type { PeerControls } from "../../conformance.ts";
import { NoisySpikes } from "../../testing/noise.ts";

export const RATE = 20_000;
export const CHANNELS = 4;
const BUFFER = 500;
const BEAT_MS = 5;
const SPIKE_EVERY = 700;

export class FakeGui implements PeerControls {
  readonly heartbeats: { application: string; uuid: string; type: string }[] = [];
  private publisher: Publisher | undefined;
  private replier: Reply | undefined;
  private noise = new NoisySpikes(4, SPIKE_EVERY);
  private timer: NodeJS.Timeout | undefined;
  private held = 0;
  private sample = 123_000;
  private messages = 0;
  private queue: (string | Uint8Array)[][] = [];
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly port: number) {}

  async begin(): Promise<void> {
    if (this.publisher) return;
    this.publisher = new Publisher({ linger: 0, sendHighWaterMark: 100_000 });
    await this.publisher.bind(`tcp://127.0.0.1:${this.port}`);
    this.replier = new Reply({ linger: 0 });
    await this.replier.bind(`tcp://127.0.0.1:${this.port + 1}`);
    void this.answer(this.replier);
    this.timer = setInterval(() => {
      this.buffer();
      if (performance.now() >= this.held) this.flush();
    }, BEAT_MS);
  }

  /** Publishes parts as they are. */
  publish(...parts: (string | Uint8Array)[]): void {
    this.queue.push(parts);
  }

  /** Acquisition begins again from sample 0. */
  restart(): void {
    this.sample = 0;
  }

  hold(ms: number): void {
    this.held = performance.now() + ms;
  }

  async cut(): Promise<void> {
    clearInterval(this.timer);
    this.queue = [];
    await this.sending;
    this.publisher?.close();
    this.replier?.close();
    this.publisher = this.replier = undefined;
  }

  private header(type: string, about: object, bytes: number): string {
    const named = type === "spike" ? { spike: about } : { content: about };
    return JSON.stringify({
      message_num: this.messages++,
      type,
      data_size: bytes,
      timestamp: 1000 * this.messages,
      ...named,
    });
  }

  private buffer(): void {
    const columns = Array.from({ length: CHANNELS }, () => new Float32Array(BUFFER));
    for (let i = 0; i < BUFFER; i++)
      columns.forEach((column, channel) => {
        column[i] = this.noise.at(this.sample + i, channel);
      });
    columns.forEach((column, channel) => {
      const about = {
        stream: "fake",
        channel_num: channel,
        channel_name: `CH${channel + 1}`,
        num_samples: BUFFER,
        sample_num: this.sample,
        sample_rate: RATE,
      };
      const bytes = new Uint8Array(column.buffer);
      this.publish("DATA\0", this.header("data", about, bytes.length), bytes);
    });
    for (let i = 0; i < BUFFER; i++)
      for (let channel = 0; channel < CHANNELS; channel++) {
        if ((this.sample + i + 37 * channel) % SPIKE_EVERY !== 0) continue;
        const about = {
          stream: "fake",
          source_node: 105,
          electrode: `Electrode ${channel + 1}`,
          num_channels: 1,
          sample_num: this.sample + i,
          num_samples: 40,
          sorted_id: 0,
          threshold: [-50],
        };
        this.publish("EVENT\0", this.header("spike", about, 160), new Uint8Array(160));
      }
    this.sample += BUFFER;
  }

  private flush(): void {
    const messages = this.queue.splice(0);
    this.sending = this.sending.then(async () => {
      for (const parts of messages) await this.publisher?.send(parts);
    });
  }

  private async answer(replier: Reply): Promise<void> {
    for await (const [request] of replier) {
      this.heartbeats.push(JSON.parse(request!.toString()));
      await replier.send("heartbeat received");
    }
  }
}
