/** Elementary functions over rows: out[i] = f(a[i]), i < n; `out` may be `a`. SIMD with the same bits as the scalar functions. */
import type { Rows } from "../contract.ts";
import * as math from "./math.ts";
import { openWindow, type Wasm, wasm64 } from "./wasm.ts";

type Unary = (n: number, a: Rows, out: Rows) => void;
/** rows shorter than this are not worth a call */
const FEW = 8;
const CHUNK = 2048;

const rows =
  (name: string, f: (x: number) => number): Unary =>
  (n, a, out) => {
    const wasm = wasm64(a, out);
    if (wasm) wasm.exports[name]!(n, a.byteOffset, out.byteOffset);
    else if (!throughWindow(n, a, out, (wasm, m, at) => wasm.exports[name]!(m, at, at))) for (let i = 0; i < n; i++) out[i] = f(a[i]!);
  };

/** Ordinary rows, chunk by chunk through the window; false where there is none or it does not pay. */
function throughWindow(n: number, a: Rows, out: Rows, run: (wasm: Wasm, m: number, at: number) => void): boolean {
  const window = n < FEW ? null : openWindow();
  if (window === null) return false;
  const { wasm, rows } = window;
  for (let first = 0; first < n; first += CHUNK) {
    const m = Math.min(CHUNK, n - first);
    rows.set(a.subarray(first, first + m));
    run(wasm, m, rows.byteOffset);
    out.set(rows.subarray(0, m), first);
  }
  return true;
}
export const expRows: Unary = /* @__PURE__ */ rows("expRows", math.exp);
export const logRows: Unary = /* @__PURE__ */ rows("logRows", math.log);
export const sinRows: Unary = /* @__PURE__ */ rows("sinRows", math.sin);
export const cosRows: Unary = /* @__PURE__ */ rows("cosRows", math.cos);
export const tanhRows: Unary = /* @__PURE__ */ rows("tanhRows", math.tanh);

/** out[i] = a[i]^exponent */
export function powRows(n: number, a: Rows, exponent: number, out: Rows): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.powRows!(n, a.byteOffset, exponent, out.byteOffset);
  else if (!throughWindow(n, a, out, (wasm, m, at) => wasm.exports.powRows!(m, at, exponent, at)))
    for (let i = 0; i < n; i++) out[i] = math.pow(a[i]!, exponent);
}

/** forth[i] = B(z[i]) and back[i] = B(-z[i]) = B(z[i]) + z[i], where B(z) = z / (e^z - 1); forth may be z */
export function bernoulliRows(n: number, z: Rows, forth: Rows, back: Rows): void {
  const wasm = wasm64(z, forth, back);
  if (wasm) {
    wasm.exports.bernoulliRows!(n, z.byteOffset, forth.byteOffset, back.byteOffset);
    return;
  }
  for (let i = 0; i < n; i++) {
    const v = z[i]!;
    const b = v === 0 ? 1 : Math.abs(v) / math.expm1(Math.abs(v));
    forth[i] = v > 0 ? b : b - v;
    back[i] = v > 0 ? b + v : b;
  }
}
