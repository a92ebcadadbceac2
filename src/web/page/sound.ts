/** Notes as sound: a struck bar, sine and fourth partial. Silent until the reader has pressed something, and where sound is off. */
import { NOTES } from "../dish.ts";

/** Two octaves of a pentatonic scale: whatever is played, it does not grate. */
const HZ = [261.63, 293.66, 329.63, 392, 440, 523.25, 587.33, 659.26];
export const NAMES = ["C", "D", "E", "G", "A", "c", "d", "e"].slice(0, NOTES);
const RING_S = 0.45;

export class Sound {
  isOn = true;
  private context: AudioContext | undefined;
  private out: GainNode | undefined;

  /** To be called when the reader presses something: browsers let no page sound before. */
  wake(): void {
    if (typeof AudioContext === "undefined") return;
    if (!this.context) {
      this.context = new AudioContext();
      this.out = this.context.createGain();
      this.out.gain.value = 0.5;
      this.out.connect(this.context.destination);
    }
    void this.context.resume();
  }

  /** `loudness` 0 to 1; after `inMs`. */
  strike(note: number, loudness = 1, inMs = 0): void {
    const { context, out } = this;
    if (!this.isOn || !context || !out || context.state !== "running") return;
    const start = context.currentTime + inMs / 1000;
    for (const [partial, share] of [
      [1, 1],
      [3.98, 0.22],
    ]) {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.frequency.value = HZ[note] * partial!;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(0.5 * loudness * share!, start + 0.004);
      gain.gain.exponentialRampToValueAtTime(0.0004, start + RING_S / Math.sqrt(partial!));
      oscillator.connect(gain).connect(out);
      oscillator.start(start);
      oscillator.stop(start + RING_S);
    }
  }

  /** What is heard, as a track for a film; null before the reader has pressed anything. */
  track(): MediaStreamTrack | null {
    if (!this.context || !this.out) return null;
    const destination = this.context.createMediaStreamDestination();
    this.out.connect(destination);
    return destination.stream.getAudioTracks()[0] ?? null;
  }
}
