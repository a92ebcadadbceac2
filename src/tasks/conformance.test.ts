import { beforeAll, describe, expect, it } from "vitest";
import { isDoomInstalled } from "../engines/installed.ts";
import { STANDARD_PROTOCOL } from "../protocol/protocol.ts";
import { TASK_CHECKS, type TaskSubject } from "./conformance.ts";
import type { DoomOptions } from "./doom/options.ts";
import { TaskError } from "./error.ts";
import { openTask, registerTask, type TaskOptions, taskNames } from "./open.ts";

const plain: TaskOptions = {
  brains: 1,
  cycles: 2,
  presentations: 60,
  probeTrials: 45,
  streams: [],
  places: 32,
  contextSize: STANDARD_PROTOCOL.contextSize,
  volleys: STANDARD_PROTOCOL.volleysMs.length,
};
const [henon, sine, cycle] = ["henon", "sine", "noisy-cycle"].map((series) => ({ series }));

describe.each<[string, string, Partial<TaskOptions>]>([
  ["series", "series", { streams: [henon] }],
  ["symbols", "series", { streams: [cycle] }],
  ["signals", "signals", { streams: [henon, sine], brains: 5 }],
  ["peers", "peers", { brains: 5 }],
  ["pong", "pong", { brains: 5 }],
])("task %s", (_, name, own) => {
  let subject: TaskSubject;
  beforeAll(async () => {
    const options = { ...plain, ...own };
    subject = { options, make: await openTask(name, options) };
  });
  for (const [check, run] of Object.entries(TASK_CHECKS)) it(check, () => run(subject));
});

describe.skipIf(!isDoomInstalled()).each<[string, Partial<DoomOptions>]>([
  ["whole", {}],
  ["split", { view: "split", perception: "retina" }],
  ["gather", { arena: "gather" }],
  ["corridor", { arena: "corridor", perception: "retina" }],
])("task doom, %s (wetgrad doom setup)", (_, game) => {
  let subject: TaskSubject;
  beforeAll(async () => {
    const options = { ...plain, brains: 5, game };
    subject = { options, make: await openTask("doom", options) };
  });
  for (const [check, run] of Object.entries(TASK_CHECKS)) it(check, () => run(subject));
});

describe("registerTask", () => {
  const entryOf = (name: string) => ({
    name,
    kind: "symbols" as const,
    meaning: "peers by another name",
    open: () => openTask("peers", { ...plain, brains: 2 }),
  });

  it("refuses a name that is taken, built in or registered", () => {
    for (const name of taskNames())
      expect(() => registerTask(entryOf(name))).toThrow(
        new TaskError(`task ${name}: there is one of this name already; choose another`),
      );
    registerTask(entryOf("my-own"));
    expect(() => registerTask(entryOf("my-own"))).toThrow(TaskError);
  });

  it("opens what was registered, and says what there is", async () => {
    registerTask(entryOf("another"));
    expect((await openTask("another", plain))(1).name).toBe("peers");
    await expect(openTask("nothing", plain)).rejects.toThrow("task: expected one of series, signals, peers");
  });
});
