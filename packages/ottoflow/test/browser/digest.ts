/** What a run came to, down to the last bit: status, times of the frames, and a hash of every number it produced. */
import type { Run } from "../../src/flow.ts";

export interface Digest {
  readonly status: string;
  readonly steps: number;
  readonly frames: number;
  /** [name, values, hash] of every row of the last state and of every column of the trace */
  readonly rows: readonly (readonly [string, number, string])[];
}

/** FNV-1a over the bytes, twice with different starts: 64 bits. */
function hash(values: Float64Array | Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let [a, b] = [0x811c9dc5, 0x01234567];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193);
  }
  return [a, b].map((h) => (h >>> 0).toString(16).padStart(8, "0")).join("");
}

const isRows = (value: unknown): value is Float64Array | Float32Array => value instanceof Float64Array || value instanceof Float32Array;

export function digestOf(run: Run): Digest {
  const named = [...Object.entries(run.last.measure), ...Object.entries(run.last.memory), ...Object.entries(run.trace)];
  return {
    status: run.status,
    steps: run.steps,
    frames: run.frames.length,
    rows: named.flatMap(([name, values]) => (isRows(values) ? [[name, values.length, hash(values)] as const] : [])),
  };
}
