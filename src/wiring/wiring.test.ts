import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { cutWiring } from "./change/cut.ts";
import { generateWiring } from "./change/generate.ts";
import { rewire, rewireTraced } from "./change/rewire.ts";
import { drivingConnections, labelsOf, type Wiring, WiringError } from "./contract.ts";
import { describeWiring } from "./describe.ts";
import { Edges } from "./edges.ts";
import { decodeWiring } from "./file/decode.ts";
import { loadWiring } from "./file/load.ts";
import { saveWiring } from "./file/save.ts";
import { selectCells } from "./select.ts";
import { parseSignRule, signsBy } from "./signs.ts";
import { lz4Frame } from "./tables/lz4.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-wiring-"));
afterAll(() => rmSync(folder, { recursive: true }));

function someWiring(cells: number, rows: number, seed: number): Wiring {
  const random = Random.of(seed);
  const [edges, silent] = [new Edges(), new Edges()];
  for (let i = 0; i < rows; i++)
    edges.add(random.integer(cells), random.integer(cells), 1 + random.integer(5));
  for (let i = 0; i < rows / 4; i++) silent.add(random.integer(cells), random.integer(cells), 70_000);
  const kinds = Array.from({ length: cells }, (_, cell) => ["A", "B", ""][cell % 3]);
  return {
    names: Array.from({ length: cells }, (_, cell) => `n${cell}é`),
    signs: Int8Array.from({ length: cells }, (_, cell) => (cell % 5 === 0 ? -1 : 1)),
    layers: [
      { name: "ad", drives: true, ...edges.connections(cells) },
      { name: "aa", drives: false, ...silent.connections(cells) },
    ],
    labels: [labelsOf("class", kinds)],
    positionsUm: Float32Array.from({ length: 3 * cells }, (_, i) => i / 2),
    pairs: new Int32Array(cells).fill(-1),
    facts: { source: "s", licence: "l", signRule: "r", notes: ["n"] },
  };
}

describe("connections", () => {
  it("are what a map of pairs sums, with targets ascending, for any rows", () => {
    const row = fc.tuple(fc.nat(6), fc.nat(6), fc.nat(9));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const edges = new Edges();
        const sums = new Map<string, number>();
        for (const [pre, post, count] of rows) {
          edges.add(pre, post, count);
          if (count > 0) sums.set(`${pre},${post}`, (sums.get(`${pre},${post}`) ?? 0) + count);
        }
        const { offsets, targets, counts } = edges.connections(7);
        const found: [string, number][] = [];
        for (let pre = 0; pre < 7; pre++)
          for (let j = offsets[pre]; j < offsets[pre + 1]; j++) {
            if (j > offsets[pre]) expect(targets[j]).toBeGreaterThan(targets[j - 1]);
            found.push([`${pre},${targets[j]}`, counts[j]]);
          }
        expect(new Map(found)).toEqual(sums);
      }),
      { seed: 1 },
    );
  });
});

describe("the file of a wiring", () => {
  const path = join(folder, "w.safetensors");
  const wiring = someWiring(30, 200, 1);

  it("brings everything back, counts beyond 16 bits too", () => {
    saveWiring(path, wiring);
    expect(loadWiring(path)).toEqual(wiring);
  });

  it("damaged in any byte of its tensors is read or refused in one line, and an index out of range is refused", () => {
    saveWiring(path, wiring);
    const bytes = readFileSync(path);
    const random = Random.of(3);
    for (let i = 0; i < 100; i++) {
      const damaged = Buffer.from(bytes);
      damaged[random.integer(bytes.length)] ^= 1 << random.integer(8);
      try {
        const read = decodeWiring(path, new Uint8Array(damaged));
        const { targets } = drivingConnections(read);
        expect(targets.every((target) => target >= 0 && target < 30)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(WiringError);
        expect((error as Error).message).not.toContain("\n");
      }
    }
    const far = {
      ...wiring,
      layers: [{ ...wiring.layers[0], targets: wiring.layers[0].targets.map(() => 30) }],
    };
    saveWiring(path, far);
    expect(() => loadWiring(path)).toThrow(/index out of range/);
  });
});

describe("signs", () => {
  const labels = [labelsOf("class", ["LN", "KC", "x1", "x2", "y"])];
  const names = ["a", "b", "c", "d", "e"];

  it("go by the rule, and what it does not name is counted", () => {
    const { signs, notes } = signsBy(parseSignRule("class:LN=-,x*=0,else=+"), { names, labels });
    expect([...signs]).toEqual([-1, 1, 0, 0, 1]);
    expect(notes[0]).toMatch(/2 cells by the rule's else, taken as excitatory: KC 1, y 1/);
  });

  it("of a share are drawn by the seed, both cells of a pair alike", () => {
    const many = Array.from({ length: 4000 }, (_, i) => `${i}`);
    const pairs = Int32Array.from({ length: 4000 }, (_, i) => i ^ 1);
    const rule = parseSignRule("class:LN=-,else=25%@7");
    const { signs } = signsBy(rule, { names: many, labels: [labelsOf("class", many)], pairs });
    const inhibit = signs.reduce((sum, sign) => sum + Number(sign < 0), 0) / 4000;
    expect(Math.abs(inhibit - 0.25)).toBeLessThan(0.03);
    expect(many.every((_, i) => signs[i] === signs[i ^ 1])).toBe(true);
  });

  it("a rule that cannot be followed is refused", () => {
    for (const text of ["class", "class:LN", "class:LN=2,else=+", "class:LN=-", "class:else=130%@1"])
      expect(() => parseSignRule(text), text).toThrow(WiringError);
    expect(() => signsBy(parseSignRule("no:else=+"), { names, labels })).toThrow(
      /expected a column of the annotation \(class\)/,
    );
  });
});

describe("changes", () => {
  const wiring = someWiring(60, 900, 2);
  const degrees = ({ names }: Wiring, { offsets, targets }: ReturnType<typeof drivingConnections>) => {
    const into = new Array<number>(names.length).fill(0);
    for (const target of targets) into[target]++;
    return { out: [...offsets], into };
  };
  const classPairs = (of: Wiring) => {
    const { offsets, targets } = drivingConnections(of);
    const found = new Map<string, number>();
    for (let cell = 0; cell < of.names.length; cell++)
      for (let j = offsets[cell]; j < offsets[cell + 1]; j++) {
        const pair = `${cell}>${of.labels[0].of[targets[j]]}`;
        found.set(pair, (found.get(pair) ?? 0) + 1);
      }
    return found;
  };

  it("rewiring keeps every in- and out-degree and, within classes, each cell's contacts by class; few connections stay", () => {
    const before = drivingConnections(wiring);
    for (const within of [undefined, "class"]) {
      const rewired = rewire(wiring, { what: "targets", seed: 5, within });
      const after = drivingConnections(rewired);
      expect(degrees(rewired, after)).toEqual(degrees(wiring, before));
      const same = after.targets.filter((target, j) => target === before.targets[j]).length;
      expect(same).toBeLessThan(0.5 * after.targets.length);
      if (within) expect(classPairs(rewired)).toEqual(classPairs(wiring));
    }
    const only = rewire(wiring, { what: "targets", seed: 5, within: "class", only: "A>B" });
    const { offsets, targets } = drivingConnections(only);
    for (let cell = 1; cell < 60; cell += 3)
      expect([...targets.subarray(offsets[cell], offsets[cell + 1])]).toEqual([
        ...before.targets.subarray(before.offsets[cell], before.offsets[cell + 1]),
      ]);
  });

  it("dealing counts or signs out anew keeps who is connected, and what there is to deal", () => {
    const before = drivingConnections(wiring);
    const traced = rewireTraced(wiring, { what: "targets", seed: 5, within: "class" });
    const now = drivingConnections(traced.wiring);
    const rowOf = ({ offsets }: { offsets: Uint32Array }, j: number) =>
      offsets.findIndex((end) => end > j) - 1;
    expect([...traced.origin].sort((a, b) => a - b)).toEqual([...now.targets.keys()]);
    traced.origin.forEach((from, j) => {
      expect([rowOf(now, j), now.counts[j]]).toEqual([rowOf(before, from), before.counts[from]]);
    });
    const counts = drivingConnections(rewire(wiring, { what: "counts", seed: 1 }));
    expect(counts.targets).toEqual(before.targets);
    expect(counts.counts).not.toEqual(before.counts);
    expect([...counts.counts].sort()).toEqual([...before.counts].sort());
    const { signs } = rewire(wiring, { what: "signs", seed: 1, within: "class" });
    expect(signs).not.toEqual(wiring.signs);
    expect(signs.slice().sort()).toEqual(wiring.signs.slice().sort());
  });

  it("a cut has the connections among its cells, and neighbours that enough synapses join", () => {
    const cells = selectCells(wiring, "class=A");
    expect(cells.length).toBe(20);
    const cut = cutWiring(wiring, cells);
    const [all, part] = [drivingConnections(wiring), drivingConnections(cut)];
    let among = 0;
    for (const cell of cells)
      for (let j = all.offsets[cell]; j < all.offsets[cell + 1]; j++)
        if (all.targets[j] % 3 === 0) among += all.counts[j];
    expect([...part.counts].reduce((sum, count) => sum + count, 0)).toBe(among);
    expect(cutWiring(wiring, cells, { neighbours: { steps: 1, least: 1 } }).names.length).toBeGreaterThan(20);
    expect(() => selectCells(wiring, "class=C")).toThrow(/expected the name of a cell or a value of class/);
    expect([...selectCells(wiring, "n3é, class=B&n4*")]).toEqual([3, 4, 40, 43, 46, 49]);
  });

  it("a generated table has the size, signs and mean count of its model, and no pair twice", () => {
    const made = generateWiring(wiring, { cells: 600, connections: 9000, seed: 3, near: 0.9 });
    const { connections, signs, synapsesPerConnection, layers } = describeWiring(made);
    expect(Math.abs(connections / 9000 - 1)).toBeLessThan(0.1);
    expect(layers[0].ontoItself).toBe(0);
    expect(Math.abs(signs.inhibit / 600 - 0.2)).toBeLessThan(0.06);
    expect(Math.abs(synapsesPerConnection / describeWiring(wiring).synapsesPerConnection - 1)).toBeLessThan(
      0.1,
    );
    const { offsets, targets } = drivingConnections(made);
    for (let cell = 0; cell < 600; cell++)
      for (let j = offsets[cell] + 1; j < offsets[cell + 1]; j++)
        expect(targets[j]).toBeGreaterThan(targets[j - 1]);
  });
});

describe("LZ4", () => {
  // Made by the lz4 program.
  const frame =
    "BCJNGGRApxcBAAByMCwwLGFiYwMARwoxLDEOADc0LDIOADg5LDMqADc2LDQPAEcyNSw1DwBIMzYsNkkAGTlmACk2NGcAKTgxaAAZM2gAKTI0aAApNDdoACk3MmgAGTJnABozzgAqNjLPABk1aAApMzNoACk3MGgAGjFoACk1M2kAKjk2NwELOAEZMWkAGjRpACk5NGkAKTUwaQAaODgBGTVoACkyN2gAKTg4aAAaNTkBKTIyaAApODloACo2MToBCmkAGjGhASk4NmkAGjYKAio0OAoCCjoBGzHSAAloACo5M2gACqIBKjc5ogEKcgJKNzMsNg8AGjAtABoxSwAPaQAIGjmiARo2CgI6OCw23wAaMP0AGjEbAQ85AQNQY2FiYwoAAAAAx6ON3g==";
  const text = Array.from({ length: 60 }, (_, i) => `${(i * i) % 97},${i % 7},abcabcabc\n`).join("");

  it("unpacks what the program packed, and refuses damage", () => {
    const bytes = Buffer.from(frame, "base64");
    expect(Buffer.from(lz4Frame(bytes, 1 << 20)).toString()).toBe(text);
    expect(() => lz4Frame(bytes.subarray(0, 100), 1 << 20)).toThrow("damaged LZ4");
    expect(() => lz4Frame(bytes, 100)).toThrow("damaged LZ4");
  });
});
