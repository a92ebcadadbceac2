import { describe, expect, it } from "vitest";
import type { Pulse } from "../contract.ts";
import type { Delivery } from "../gate/cleared.ts";
import { VirtualTime } from "../testing/virtual-time.ts";
import { LiveClock } from "./clock.ts";
import { PulseSchedule } from "./pulse-schedule.ts";

const pulse = (frame: number, channel: number): Pulse => ({ frame, channel, phases: [] });
const together = (...pulses: Pulse[]) => ({ pulses });

function setUp(admit: Delivery["admit"] = (_, lateUs) => (lateUs <= 1000 ? "send" : "drop")) {
  const time = new VirtualTime();
  const clock = new LiveClock(1000, time);
  const sent: [number, number[]][] = [];
  const withdrawn: number[] = [];
  const schedule = new PulseSchedule(clock, ({ pulses }) =>
    sent.push([Math.round(time.nowMs()) - 1000, pulses.map(({ channel }) => channel)]),
  );
  const delivery: Delivery = {
    pulses: [],
    admit,
    withdraw: (pulses) => withdrawn.push(...pulses.map(({ channel }) => channel)),
  };
  clock.heard(500);
  return { time, clock, schedule, sent, withdrawn, delivery };
}

describe("PulseSchedule", () => {
  it("sends pulses when their frame comes, together, and none that is cancelled", () => {
    const { time, schedule, sent, withdrawn, delivery } = setUp();
    schedule.add(delivery, [
      together(pulse(400, 1)),
      together(pulse(5000, 5)),
      together(pulse(500, 2)),
      together(pulse(600, 3), pulse(600, 4)),
    ]);
    expect(sent).toEqual([[0, [2]]]);
    time.pass(99);
    expect(sent.length).toBe(1);
    time.pass(500);
    expect(sent.slice(1)).toEqual([[100, [3, 4]]]);
    schedule.add(delivery, [together(pulse(1200, 6))]);
    schedule.cancel();
    time.pass(10_000);
    expect(sent.length).toBe(2);
    expect(withdrawn).toEqual([6, 5]);
  });

  it("drops what is late because this program did not run, or because the device's clock is ahead", () => {
    const { time, clock, schedule, sent, delivery } = setUp();
    const train = Array.from({ length: 40 }, (_, i) => together(pulse(520 + 20 * i, i)));
    schedule.add(delivery, train);
    time.pass(50);
    time.block(300);
    time.pass(75);
    expect(sent.map(([at]) => at)).toEqual([20, 40, 360, 380, 400, 420]);
    clock.heard(2000);
    time.pass(1000);
    expect(sent.length).toBe(6);
  });

  it("holds back what the gate does not admit yet", () => {
    const { time, schedule, sent, delivery } = setUp((_, lateUs) =>
      lateUs > 1000 ? "drop" : lateUs < 400 ? "wait" : "send",
    );
    schedule.add(delivery, [together(pulse(510, 1)), together(pulse(510, 2)), together(pulse(511, 3))]);
    time.pass(20);
    expect(sent.map(([, channels]) => channels)).toEqual([[1], [2], [3]]);
  });
});

describe("LiveClock", () => {
  it("runs on between data, follows the most advanced of late data, and a step forward at once", () => {
    const { time, clock } = setUp();
    time.pass(10);
    expect(clock.present()).toBeCloseTo(510);
    clock.heard(505); // came 5 ms late
    expect(clock.present()).toBeCloseTo(510);
    clock.heard(520);
    expect(clock.present()).toBeCloseTo(520);
    clock.heard(60_000);
    expect(clock.present()).toBeCloseTo(60_000);
  });

  it("finds out that a device has stood still", () => {
    const { time, clock } = setUp();
    time.pass(5000);
    for (let i = 1; i <= 50; i++) {
      time.pass(50);
      clock.heard(500 + 50 * i);
    }
    expect(clock.present()).toBeCloseTo(3000);
  });
});
