/** What an ONNX graph under construction is made of. */
import type { ElementType } from "./jaxpr.ts";

export type OnnxType = ElementType | "int64" | "uint8" | "float64";
/** An attribute; an integral number is written as an int, `{ float }` as a float. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export const ONNX_TYPE: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
  uint32: 12,
};

/** Operators of ONNX Runtime's own domain, `com.microsoft`, begin with this. */
export const MICROSOFT = "com.microsoft.";

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  readonly outputs: string[];
}

/** A constant of the graph. */
export interface Initializer {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An input or an output of the graph. */
export interface Port {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
}
