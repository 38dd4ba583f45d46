/** Orders of numbers: a radix sort of float64 keys that carries indices, linear in n and stable, so equal numbers keep their order. */
import type { Rows } from "../contract.ts";

const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
const PASSES = 6;

/** What `sortedOrder` needs besides its answer; one per n, reused over many sorts. */
export interface OrderRoom {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly other: Uint32Array;
  readonly counts: Uint32Array;
}
export const orderRoom = (n: number): OrderRoom => ({
  low: new Uint32Array(n),
  high: new Uint32Array(n),
  other: new Uint32Array(n),
  counts: new Uint32Array(PASSES * BUCKETS),
});

/** Indices of x[0 .. n) in increasing order of value, into `order` if given. NaN has no place in it: callers check. */
export function sortedOrder(n: number, x: Rows, order: Uint32Array = new Uint32Array(n), room?: OrderRoom): Uint32Array {
  for (let i = 0; i < n; i++) order[i] = i;
  let sorted = true;
  for (let i = 1; i < n && sorted; i++) sorted = x[i - 1]! <= x[i]!;
  if (sorted) return order;
  if (n <= 64) return insertion(n, x, order);
  return radix(n, x, order, room ?? orderRoom(n));
}
function insertion(n: number, x: Rows, order: Uint32Array): Uint32Array {
  for (let k = 1; k < n; k++) {
    const i = order[k]!;
    const v = x[i]!;
    let at = k;
    for (; at > 0 && x[order[at - 1]!]! > v; at--) order[at] = order[at - 1]!;
    order[at] = i;
  }
  return order;
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
const HIGH = words[1] !== 0 ? 1 : 0;

/** Least digit first over keys whose bits order as the numbers do: negative ones are inverted, the others get the sign bit. */
function radix(n: number, x: Rows, order: Uint32Array, room: OrderRoom): Uint32Array {
  const { low, high, counts } = room;
  counts.fill(0);
  for (let i = 0; i < n; i++) {
    float[0] = x[i]! + 0; // -0 becomes 0
    const top = words[HIGH]!;
    const flip = top >>> 31 === 1 ? 0xffffffff : 0;
    const l = (words[1 - HIGH]! ^ flip) >>> 0;
    const h = (top ^ (flip | 0x80000000)) >>> 0;
    low[i] = l;
    high[i] = h;
    for (let pass = 0; pass < PASSES; pass++) {
      const at = pass * BUCKETS + digit(l, h, pass);
      counts[at] = counts[at]! + 1;
    }
  }
  let source = order;
  let target = room.other;
  for (let pass = 0; pass < PASSES; pass++) {
    const start = counts.subarray(pass * BUCKETS, (pass + 1) * BUCKETS);
    if (start[digit(low[0]!, high[0]!, pass)] === n) continue;
    let sum = 0;
    for (let b = 0; b < BUCKETS; b++) {
      const count = start[b]!;
      start[b] = sum;
      sum += count;
    }
    for (let k = 0; k < n; k++) {
      const i = source[k]!;
      const b = digit(low[i]!, high[i]!, pass);
      const at = start[b]!;
      target[at] = i;
      start[b] = at + 1;
    }
    [source, target] = [target, source];
  }
  if (source !== order) order.set(source.subarray(0, n));
  return order;
}
function digit(l: number, h: number, pass: number): number {
  switch (pass) {
    case 0:
      return l & (BUCKETS - 1);
    case 1:
      return (l >>> 11) & (BUCKETS - 1);
    case 2:
      return ((l >>> 22) | (h << 10)) & (BUCKETS - 1);
    case 3:
      return (h >>> 1) & (BUCKETS - 1);
    case 4:
      return (h >>> 12) & (BUCKETS - 1);
    default:
      return h >>> 23;
  }
}
