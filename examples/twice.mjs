/**
 * A method of one's own: a teacher who says everything twice. Every lesson is shown two times in a row, the electrodes of its next
 * class written each time, in as many presentations as any other method has; so half as many lessons, each confirmed at once.
 *
 *   wetgrad organoid --with examples/twice.mjs --method twice --quick --arms descent,random,sham
 *
 * Nothing descends here, and no emulator chooses the writes: the arm named descent is the method itself, as in every report, and
 * knows the answers, so compare it with the teacher of the organoid cycle. Its controls: as many pulses on random electrodes, and
 * the same lessons without writes.
 */
import { lessonsOf, NO_EFFORT, Random, randomPattern, registerMethod, ShownSum, show } from "wetgrad";

async function train(training) {
  const { arm, plan, seed, cycle, cultures, beginning, plasticity } = training;
  const half = Math.floor(plan.presentations / 2);
  const random = Random.of(seed, "twice", arm, cycle);
  const sum = new ShownSum();
  for (const lesson of lessonsOf(training, cycle * half, (cycle + 1) * half)) {
    const right = beginning.patterns[0][lesson.nextClass];
    const channels = { descent: right, random: randomPattern(cultures.layouts[0], random), sham: undefined }[arm];
    sum.add(await show(training, lesson, plasticity, channels));
    sum.add(await show(training, lesson, plasticity, channels));
  }
  const { presentations, writePulses, pulses, refused } = sum;
  return { effort: { ...NO_EFFORT, presentations, writePulses }, pulses, refused, events: [] };
}

registerMethod({
  name: "twice",
  access: "electrodes, by a hand that knows the answers",
  needs: { tissue: ["plasticity"], task: ["series"], brains: "one", arms: [] },
  arms: {
    descent: { label: "twice", meaning: "every lesson twice in a row, the true next class written each time" },
    random: { label: "random", meaning: "the same lessons, as many pulses on random electrodes" },
    sham: { label: "sham", meaning: "the same lessons, no writes" },
  },
  plasticity: "Plasticity is full in the first half of the cycles and half of that in the second, for every arm.",
  train,
});
