/**
 * A plan with the right marginals out of a map: every cell's mass goes where the gradient sends it, what would overfill a point is held back, and what
 * is held back fills the nearest gaps, square by square of a quadtree. Its cost is an upper bound of transport between the points, and between the
 * densities too where both grids have cells of one size: a cell moves onto a cell as it is.
 */
import type { Density } from "./pair.ts";
import { cornerGradients } from "./push.ts";

export interface Moves {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly mass: Float64Array;
}
/** Growing rows of moves. */
class Heap {
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  mass = new Float64Array(1024);
  size = 0;
  add(from: number, to: number, mass: number): void {
    if (this.size === this.mass.length) this.grow();
    this.from[this.size] = from;
    this.to[this.size] = to;
    this.mass[this.size++] = mass;
  }
  private grow(): void {
    const more = <T extends Int32Array | Float64Array>(a: T): T => {
      const b = new (a.constructor as new (n: number) => T)(2 * a.length);
      b.set(a as never);
      return b;
    };
    this.from = more(this.from);
    this.to = more(this.to);
    this.mass = more(this.mass);
  }
  moves(): Moves {
    return { from: this.from.slice(0, this.size), to: this.to.slice(0, this.size), mass: this.mass.slice(0, this.size) };
  }
}

/** Moves between places of the two grids; masses of both densities sum to the same. */
export function planOfMap(from: Density, u: Float64Array, to: Density): Moves {
  const sent = sentBy(from, u, to);
  const arrived = new Float64Array(to.mass.length);
  for (let e = 0; e < sent.mass.length; e++) arrived[sent.to[e]!] = arrived[sent.to[e]!]! + sent.mass[e]!;
  const out = new Heap();
  const held = new Heap();
  const room = new Float64Array(to.mass);
  for (let e = 0; e < sent.mass.length; e++) {
    const j = sent.to[e]!;
    const part = Math.min(1, to.mass[j]! / arrived[j]!);
    const stays = part < 1 ? sent.mass[e]! * part : sent.mass[e]!;
    if (stays > 0) out.add(sent.from[e]!, j, stays);
    if (part < 1) held.add(sent.from[e]!, j, sent.mass[e]! - stays);
    room[j] = part < 1 ? 0 : room[j]! - stays;
  }
  fill(held, room, to.lattice.shape, out);
  return out.moves();
}

/** Every cell cut into parts as in `pushGradient`, each part to the nearest point; parts of a cell that go to the same point are one move. */
function sentBy(from: Density, u: Float64Array, to: Density): Moves {
  const [n0, n1] = from.lattice.shape;
  const [m0, m1] = to.lattice.shape;
  const corners = (n0 + 1) * (n1 + 1);
  const grad = new Float64Array(2 * corners);
  cornerGradients(from.lattice, u, grad);
  const place = (axis: 0 | 1, c: number): number => (grad[axis * corners + c]! - to.lattice.origin[axis]) / to.lattice.h[axis];
  const out = new Heap();
  const last = new Int32Array(m0 * m1).fill(-1);
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      const cell = i * n1 + j;
      const m = from.mass[cell]!;
      if (m === 0) continue;
      const p = i * (n1 + 1) + j;
      const q = p + n1 + 1;
      const [X0, X1, X2, X3] = [place(0, p), place(0, p + 1), place(0, q), place(0, q + 1)];
      const [Y0, Y1, Y2, Y3] = [place(1, p), place(1, p + 1), place(1, q), place(1, q + 1)];
      // four parts per target cell and axis: nearest points then share as areas do
      const k0 = Math.max(2, Math.ceil(2 * Math.max(Math.abs(X2 - X0), Math.abs(X3 - X1), Math.abs(Y2 - Y0), Math.abs(Y3 - Y1))));
      const k1 = Math.max(2, Math.ceil(2 * Math.max(Math.abs(X1 - X0), Math.abs(X3 - X2), Math.abs(Y1 - Y0), Math.abs(Y3 - Y2))));
      const first = out.size;
      for (let s = 0; s < k0; s++) {
        const b = (s + 0.5) / k0;
        for (let t = 0; t < k1; t++) {
          const a = (t + 0.5) / k1;
          const x = (1 - b) * ((1 - a) * X0 + a * X1) + b * ((1 - a) * X2 + a * X3);
          const y = (1 - b) * ((1 - a) * Y0 + a * Y1) + b * ((1 - a) * Y2 + a * Y3);
          const at = Math.min(Math.max(Math.round(x), 0), m0 - 1) * m1 + Math.min(Math.max(Math.round(y), 0), m1 - 1);
          const known = last[at]!;
          if (known >= first) out.mass[known] = out.mass[known]! + m / (k0 * k1);
          else {
            last[at] = out.size;
            out.add(cell, at, m / (k0 * k1));
          }
        }
      }
    }
  return out.moves();
}

/** Held moves and open room meet in squares of two, four, eight … points: both lie in the order of a quadtree, so every square is a stretch of it. */
function fill(held: Heap, room: Float64Array, shape: readonly [number, number], out: Heap): void {
  const [m0, m1] = shape;
  let moves = inTreeOrder(held, m1);
  let gaps = inTreeOrder(openings(room), m1);
  let top = 1;
  while (1 << top < Math.max(m0, m1)) top++;
  for (let level = 1; level <= top; level++) {
    meet(moves, gaps, pointsIn(level), out);
    moves = left(moves);
    gaps = left(gaps);
  }
  // what rounding leaves over
  for (let e = 0; e < moves.heap.size && gaps.heap.size > 0; e++)
    out.add(moves.heap.from[e]!, gaps.heap.to[Math.min(e, gaps.heap.size - 1)]!, moves.heap.mass[e]!);
}
function openings(room: Float64Array): Heap {
  const out = new Heap();
  for (let j = 0; j < room.length; j++) if (room[j]! > 0) out.add(-1, j, room[j]!);
  return out;
}
interface Ordered {
  readonly heap: Heap;
  /** place along the quadtree's curve: bits of row and column by turns */
  readonly key: Float64Array;
}
/** Bits of a number below 2^16 moved to the even places. */
function spreadBits(v: number): number {
  let x = v;
  x = (x | (x << 8)) & 0x00ff00ff;
  x = (x | (x << 4)) & 0x0f0f0f0f;
  x = (x | (x << 2)) & 0x33333333;
  return (x | (x << 1)) & 0x55555555;
}
function inTreeOrder(a: Heap, m1: number): Ordered {
  const place = (j: number): number => 2 * spreadBits(Math.floor(j / m1)) + spreadBits(j % m1);
  // the entry's number rides in the low digits, so that a plain sort of numbers sorts entries
  const size = Math.max(a.size, 1);
  const code = Float64Array.from({ length: a.size }, (_, e) => place(a.to[e]!) * size + e).sort();
  const heap = new Heap();
  for (const c of code) {
    const e = c % size;
    heap.add(a.from[e]!, a.to[e]!, a.mass[e]!);
  }
  return { heap, key: code.map((c) => Math.floor(c / size)) };
}
const pointsIn = (level: number): number => (1 << level) * (1 << level);
function meet(moves: Ordered, gaps: Ordered, points: number, out: Heap): void {
  let g = 0;
  const [m, r] = [moves.heap, gaps.heap];
  for (let e = 0; e < m.size; e++) {
    const here = Math.floor(moves.key[e]! / points);
    while (g < r.size && Math.floor(gaps.key[g]! / points) < here) g++;
    while (m.mass[e]! > 0 && g < r.size && Math.floor(gaps.key[g]! / points) === here) {
      const part = Math.min(m.mass[e]!, r.mass[g]!);
      out.add(m.from[e]!, r.to[g]!, part);
      m.mass[e] = m.mass[e]! - part;
      r.mass[g] = r.mass[g]! - part;
      if (r.mass[g] === 0) g++;
    }
  }
}
function left(a: Ordered): Ordered {
  const heap = new Heap();
  const key = new Float64Array(a.heap.size);
  for (let e = 0; e < a.heap.size; e++)
    if (a.heap.mass[e]! > 0) {
      key[heap.size] = a.key[e]!;
      heap.add(a.heap.from[e]!, a.heap.to[e]!, a.heap.mass[e]!);
    }
  return { heap, key };
}
