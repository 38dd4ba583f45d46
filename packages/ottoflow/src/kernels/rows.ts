/** Elementary functions over rows: out[i] = f(a[i]), i < n; `out` may be `a`. SIMD where the rows stand in WASM memory, with the same bits. */
import type { Rows } from "../contract.ts";
import * as math from "./math.ts";
import { wasm64 } from "./memory.ts";

type Unary = (n: number, a: Rows, out: Rows) => void;
const rows =
  (name: string, f: (x: number) => number): Unary =>
  (n, a, out) => {
    const wasm = wasm64(a, out);
    if (wasm) wasm.exports[name]!(n, a.byteOffset, out.byteOffset);
    else for (let i = 0; i < n; i++) out[i] = f(a[i]!);
  };
export const expRows: Unary = /* @__PURE__ */ rows("expRows", math.exp);
export const logRows: Unary = /* @__PURE__ */ rows("logRows", math.log);
export const sinRows: Unary = /* @__PURE__ */ rows("sinRows", math.sin);
export const cosRows: Unary = /* @__PURE__ */ rows("cosRows", math.cos);
export const tanhRows: Unary = /* @__PURE__ */ rows("tanhRows", math.tanh);

/** out[i] = a[i]^exponent */
export function powRows(n: number, a: Rows, exponent: number, out: Rows): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.powRows!(n, a.byteOffset, exponent, out.byteOffset);
  else for (let i = 0; i < n; i++) out[i] = math.pow(a[i]!, exponent);
}
