/**
 * Files beside Python: read and written there by the format's description alone (struct, json, numpy), which is what
 * the safetensors package does with them.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { tensor } from "./tensor.ts";

/** Reads the first file, says what is in it, and writes the same tensors, doubled and in another order, to the second. */
const PYTHON = `
import json, struct, sys
import numpy as np
TYPES = {"F32": np.float32, "I32": np.int32, "U32": np.uint32, "BOOL": np.bool_}
def read(path):
    with open(path, "rb") as f: raw = f.read()
    (n,) = struct.unpack("<Q", raw[:8])
    header, body = json.loads(raw[8 : 8 + n]), raw[8 + n :]
    about = header.pop("__metadata__", {})
    ends = sorted(v["data_offsets"] for v in header.values())
    assert n % 8 == 0 and ends[0][0] == 0 and ends[-1][1] == len(body)
    assert all(a[1] == b[0] for a, b in zip(ends, ends[1:]))
    of = lambda v: np.frombuffer(body[slice(*v["data_offsets"])], TYPES[v["dtype"]]).reshape(v["shape"])
    return {name: of(v) for name, v in header.items()}, about
def write(path, tensors, about):
    header, body = {"__metadata__": about}, b""
    for name, t in tensors.items():
        dtype = next(k for k, v in TYPES.items() if t.dtype == v)
        header[name] = {"dtype": dtype, "shape": list(t.shape), "data_offsets": [len(body), len(body) + t.nbytes]}
        body += t.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f: f.write(struct.pack("<Q", len(text)) + text + body)
tensors, about = read(sys.argv[1])
print(json.dumps([{k: [str(t.dtype), t.shape, t.tolist()] for k, t in tensors.items()}, about]))
doubled = {k: t if t.dtype == np.bool_ else (t * 2).astype(t.dtype) for k, t in reversed(tensors.items())}
write(sys.argv[2], doubled, {"by": "numpy"})
`;

it("opens in Python, and opens what Python writes (needs python3-numpy)", async (context) => {
  if (spawnSync("python3", ["-c", "import numpy"]).status !== 0)
    return context.skip("python3-numpy is not installed: the files are not read beside Python");
  const folder = mkdtempSync(join(tmpdir(), "safetensors-python-"));
  try {
    const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
    await writeSafetensors(
      ours,
      {
        blocks: [{ weight: tensor([2, 3], [1, -2, 0.5, 4, 5, 6]) }, { weight: tensor([0, 3], []) }],
        count: tensor([], Int32Array.of(-5)),
        bits: tensor([1], Uint32Array.of(7)),
        mask: tensor([3], Uint8Array.of(1, 0, 1)),
      },
      { kind: "test" },
    );
    const python = spawnSync("python3", ["-c", PYTHON, ours, theirs], { encoding: "utf8" });
    expect(python.stderr).toBe("");
    expect(JSON.parse(python.stdout)).toEqual([
      {
        "blocks.0.weight": [
          "float32",
          [2, 3],
          [
            [1, -2, 0.5],
            [4, 5, 6],
          ],
        ],
        "blocks.1.weight": ["float32", [0, 3], []],
        count: ["int32", [], -5],
        bits: ["uint32", [1], [7]],
        mask: ["bool", [3], [true, false, true]],
      },
      { kind: "test" },
    ]);
    expect(await readSafetensors(theirs)).toEqual({
      tensors: {
        mask: tensor([3], Uint8Array.of(1, 0, 1)),
        bits: tensor([1], Uint32Array.of(14)),
        count: tensor([], Int32Array.of(-10)),
        blocks: [{ weight: tensor([2, 3], [2, -4, 1, 8, 10, 12]) }, { weight: tensor([0, 3], []) }],
      },
      metadata: { by: "numpy" },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
