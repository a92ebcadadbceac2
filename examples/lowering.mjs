/**
 * A function of jax-js and its gradient as ONNX, and run by ONNX Runtime: a line is fitted to points.
 *
 *   node examples/lowering.mjs [OUT.onnx]
 */
import { writeFileSync } from "node:fs";
import { numpy as np, valueAndGrad } from "@jax-js/jax";
import { compile, onnxOf, scalar, tensor } from "wetgrad/lowering";

const [out = "line.onnx"] = process.argv.slice(2);
const x = tensor([8], [0, 1, 2, 3, 4, 5, 6, 7]);
const y = tensor([8], Array.from(x.data, (value) => 3 * value - 2));

const loss = (slope, offset) => {
  const miss = np.array([...x.data]).mul(slope).add(offset).sub(np.array([...y.data]));
  return miss.mul(miss).mean();
};
const step = valueAndGrad(loss, { argnums: [0, 1] });
const bytes = onnxOf(step, [scalar(0), scalar(0)]);
writeFileSync(out, bytes);

const program = await compile(step, [scalar(0), scalar(0)]);
let [slope, offset] = [0, 0];
for (let i = 0; i < 400; i++) {
  const [, [ofSlope, ofOffset]] = await program.run(scalar(slope), scalar(offset));
  slope -= 0.03 * ofSlope.data[0];
  offset -= 0.03 * ofOffset.data[0];
}
console.log(`${out}: ${bytes.length} bytes; y = ${slope.toFixed(2)} x ${offset < 0 ? "-" : "+"} ${Math.abs(offset).toFixed(2)} (true: 3 x - 2)`);
await program.dispose();
process.exit(0);
