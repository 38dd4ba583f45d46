import type { Rows } from "../contract.ts";
import { wasm64 } from "./wasm.ts";

/** The transpose of a [n0, n1] to the first n0 values of each row of out [n1, pitch]; out is another row than a. */
export function transpose(n0: number, n1: number, a: Rows, out: Rows, pitch: number = n0): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.transpose!(n0, n1, a.byteOffset, out.byteOffset, pitch);
  else for (let i = 0; i < n0; i++) for (let j = 0; j < n1; j++) out[j * pitch + i] = a[i * n1 + j]!;
}
