import type { Rows } from "../contract.ts";
import { wasm64 } from "./memory.ts";

/** out [n1, n0] = the transpose of a [n0, n1]; out is another row than a */
export function transpose(n0: number, n1: number, a: Rows, out: Rows): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.transpose!(n0, n1, a.byteOffset, out.byteOffset);
  else for (let i = 0; i < n0; i++) for (let j = 0; j < n1; j++) out[j * n0 + i] = a[i * n1 + j]!;
}
