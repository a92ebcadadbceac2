/** The bytes of a file of `save.ts` as a wiring; sees that nothing in them points outside. */
import { z } from "zod";
import { decodeRawTensors, type RawTensor } from "../../files/raw-safetensors.ts";
import { type Connections, type Labels, type Layer, type Wiring, WiringError } from "../contract.ts";
import { FORMAT } from "./format.ts";

const layersSchema = z.array(z.strictObject({ name: z.string(), drives: z.boolean() })).min(1);
const labelsSchema = z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) }));
const factsSchema = z.strictObject({
  source: z.string(),
  licence: z.string(),
  signRule: z.string(),
  notes: z.array(z.string()),
});

/** `path` names the file in messages; arrays of the answer may lie in `bytes`. */
export function decodeWiring(path: string, bytes: Uint8Array<ArrayBuffer>): Wiring {
  const fail = (what: string): never => {
    throw new WiringError(`${path}: ${what}; expected a file of \`wetgrad wiring convert\`, whole`);
  };
  const { tensors, metadata } = attempt(() => decodeRawTensors(bytes), fail);
  if (metadata["format"] !== FORMAT)
    fail(`its format is ${JSON.stringify(metadata["format"] ?? "unsaid").slice(0, 40)}`);
  const get = <T extends RawTensor["data"]>(name: string, ...types: (new (length: number) => T)[]): T => {
    const data = tensors.get(name)?.data;
    const found = types.some((type) => data instanceof type) ? (data as T) : undefined;
    return found ?? fail(`lacks ${name}, or has it of another type`);
  };
  const parse = <T>(name: string, schema: z.ZodType<T>): T =>
    attempt(
      () => schema.parse(JSON.parse(metadata[name] ?? "")),
      () => fail(`its ${name} are damaged`),
    );
  const names = new TextDecoder().decode(get("names", Uint8Array)).split("\n");
  const cells = names.length;
  if (metadata["cells"] !== `${cells}`) fail(`has ${cells} names and says ${metadata["cells"]} cells`);
  const sized = <T extends RawTensor["data"]>(name: string, data: T, length: number): T =>
    data.length === length ? data : fail(`has ${data.length} ${name}, expected ${length}`);
  const layers = parse("layers", layersSchema).map(({ name, drives }): Layer => {
    const layer = {
      offsets: sized(`${name}.offsets`, get(`${name}.offsets`, Uint32Array), cells + 1),
      targets: get(`${name}.targets`, Int32Array),
      counts: get<Uint16Array | Uint32Array>(`${name}.counts`, Uint16Array, Uint32Array),
    };
    const fault = faultIn(layer);
    if (fault) fail(`${name}: ${fault}`);
    return { name, drives, ...layer };
  });
  const labels = parse("labels", labelsSchema).map(({ name, values }): Labels => {
    const of = sized(name, get<Uint16Array | Uint32Array>(`label.${name}`, Uint16Array, Uint32Array), cells);
    if (of.some((value) => value >= values.length)) fail(`${name}: a value out of range`);
    return { name, values, of };
  });
  const signs = sized("signs", get("signs", Int8Array), cells);
  if (signs.some((sign) => Math.abs(sign) > 1)) fail("has a sign that is none of -1, 0, 1");
  const pairs = tensors.has("pairs") ? sized("pairs", get("pairs", Int32Array), cells) : undefined;
  if (pairs?.some((pair) => pair < -1 || pair >= cells)) fail("pairs: an index out of range");
  const positionsUm = tensors.has("positions_um")
    ? sized("positions", get("positions_um", Float32Array), 3 * cells)
    : undefined;
  const facts = parse("facts", factsSchema);
  return {
    names,
    signs,
    layers,
    labels,
    ...(positionsUm && { positionsUm }),
    ...(pairs && { pairs }),
    facts,
  };
}

function attempt<T>(work: () => T, fail: (what: string) => never): T {
  try {
    return work();
  } catch (error) {
    return fail((error as Error).message.slice(0, 200));
  }
}

/** What is wrong with connections, in a few words. */
function faultIn({ offsets, targets, counts }: Connections): string | undefined {
  if (targets.length !== counts.length) return `${targets.length} targets and ${counts.length} counts`;
  const cells = offsets.length - 1;
  if (offsets[0] !== 0 || offsets[cells] !== targets.length)
    return "offsets that do not end with the targets";
  for (let cell = 0; cell < cells; cell++) {
    if (offsets[cell + 1] < offsets[cell]) return "offsets that fall";
    for (let j = offsets[cell], before = -1; j < offsets[cell + 1]; j++) {
      if (targets[j] <= before || targets[j] >= cells) return "an index out of range, or out of order";
      before = targets[j];
    }
  }
  return undefined;
}
