import type { Measure, Rows } from "../../contract.ts";

/** One part opened on a space: `slope` ADDS to out, so that a sum of parts is a sum of calls. */
export interface PartOn {
  /** how many numbers a state carries for this part, see `On` */
  warm?(m: Measure): number;
  value(m: Measure, t: number, warm?: Rows): number | null;
  slope(m: Measure, t: number, out: Rows, warm?: Rows): void;
}

const BLOCK = 256;

/** sum_i a_i w_i in fixed blocks, so that the rounding grows with the number of blocks and not of cells. */
export function weighted(n: number, a: Rows, w: Rows): number {
  let total = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(n, start + BLOCK);
    let sum = 0;
    for (let i = start; i < end; i++) sum += a[i]! * w[i]!;
    total += sum;
  }
  return total;
}
/** sum_i a_i b_i w_i, blocked alike. */
export function weighted3(n: number, a: Rows, b: Rows, w: Rows): number {
  let total = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(n, start + BLOCK);
    let sum = 0;
    for (let i = start; i < end; i++) sum += a[i]! * b[i]! * w[i]!;
    total += sum;
  }
  return total;
}
