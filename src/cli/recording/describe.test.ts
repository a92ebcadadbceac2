import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { EYELINK, makeEdf } from "../../recording/signals/testing.ts";
import { wetgrad } from "../testing.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-describe-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test("describe: EEG, gaze and spikes, for people and for programs", async () => {
  const edf = file("a.edf", makeEdf([{ label: "Fp1", records: [[1, 2, 3, 4]] }]));
  expect(await wetgrad("recording", "describe", edf)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^a\.edf: signals of a person \(edf\), 1\.00 s\n {2}1 channels at 4\.00 Hz, uV: Fp1\n {2}0 events/,
    ),
  });
  const gaze = await wetgrad("recording", "describe", file("b.asc", EYELINK), "--json");
  expect(JSON.parse(gaze.stdout)).toMatchObject({
    name: "b.asc",
    kind: "signals",
    source: "eyelink-asc",
    preparation: "person",
    events: 7,
    channelGroups: [
      { unit: "px", rateHz: 500, labels: ["left x", "left y"] },
      { unit: "area" },
      { unit: "" },
    ],
  });
  // 0.0004 s after the last: one spike seen twice. Unit 9 fires once in 300 s: dead.
  const spikes = await wetgrad(
    "recording",
    "describe",
    file("c.csv", "time,channel\n1,2\n1.0004,2\n2,2\n3,2\n4,2\n5,9\n300,2\n"),
    "--json",
  );
  expect(JSON.parse(spikes.stdout)).toMatchObject({
    kind: "spikes",
    channels: 2,
    spikes: 7,
    doubleDetections: 1,
    deadChannels: ["9"],
  });
});

test("a plate: every well with its own numbers, one by name, a page, and a file for other programs", async () => {
  const wells = ["A1", "B2"].flatMap((well, w) =>
    Array.from({ length: 90 }, (_, i) => `${well},${11 + (i % 2)},${(100 + w / 10 + i / 3).toFixed(4)}`),
  );
  const plate = file("plate.csv", `well,electrode,time\n${wells.join("\n")}\n`);
  const { stdout, stderr } = await wetgrad("recording", "describe", plate, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    channels: 4,
    spikes: 180,
    doubts: [{ kind: "starts-late" }],
    cultures: [
      {
        name: "A1",
        channels: 2,
        spikes: 90,
        startSeconds: 100,
        channelList: [{ name: "11" }, { name: "12" }],
      },
      { name: "B2", channels: 2, spikes: 90, startSeconds: 100 },
    ],
  });
  expect(stderr).toMatch(/^\S+plate.csv: nothing fires for the first 100\.0 s .*\(otherwise: --from 0\)\n$/);
  const one = JSON.parse((await wetgrad("recording", "describe", plate, "--well", "b2", "--json")).stdout);
  expect(one).toMatchObject({ spikes: 90, startSeconds: 100, channelList: [{ group: "B2" }, {}] });
  expect(one).not.toHaveProperty("cultures");
  const page = join(folder, "plate.html");
  expect(await wetgrad("recording", "view", plate, "--out", page)).toMatchObject({
    code: 0,
    stdout: `${page}\n`,
  });
  expect(readFileSync(page, "utf8")).toMatch(/2 cultures, 4 channels, 180 spikes.*<details><summary>B2/s);
  const refused = await wetgrad("recording", "convert", plate, join(folder, "plate.h5"));
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/holds 2 cultures \(A1, B2\): name one with --culture/),
  ]);
  const nwb = join(folder, "b2.nwb");
  expect(
    (await wetgrad("recording", "convert", plate, nwb, "--culture", "B2", "--channels", "12")).code,
  ).toBe(0);
  expect(JSON.parse((await wetgrad("recording", "describe", nwb, "--json")).stdout)).toMatchObject({
    channels: 1,
    spikes: 45,
  });
});

test("what cannot be described is one clear line and exit code 2", async () => {
  mkdirSync(join(folder, "sub"));
  for (const [path, message] of [
    [join(folder, "none.edf"), /no such file/],
    [join(folder, "sub"), /got a folder/],
    [file("empty.edf", ""), /empty/],
    [file("cut.bdf", Buffer.from("\xffBIOSEMI".padEnd(300), "latin1")), /not a whole/],
    [file("x.set", "Dear editor,\nplease find\n"), /holds no spikes/],
  ] as const) {
    const { code, stdout, stderr } = await wetgrad("recording", "describe", path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.trim()).not.toContain("\n");
  }
});

test("a pipe that is closed early ends quietly", () => {
  const list = file(
    "long.csv",
    `time,channel\n${Array.from({ length: 9000 }, (_, i) => `${i / 50},${i}`).join("\n")}`,
  );
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const command = `"${process.execPath}" --import tsx "${main}" recording describe "${list}" --json | head -1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
  expect(stderr).not.toMatch(/EPIPE|Error/);
  expect(stdout).toBe("{\n0\n");
});

test("bandwidth: bad numbers are refused before anything is grown", async () => {
  for (const [flag, value] of [
    ["--neurons", "100"],
    ["--seeds", "0"],
    ["--trials", "50"],
    ["--div", "99"],
  ] as const) {
    const { code, stderr } = await wetgrad("bandwidth", flag, value);
    expect(code).toBe(2);
    expect(stderr).toContain(flag);
  }
});
