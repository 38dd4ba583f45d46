/** The passes over the folded rows of kernels/line.ts: its SIMD module, or the reference with the same bits. */
import { logRatio } from "../math/ratio.ts";
import type { SolverModule } from "../solver-module.ts";
import type { Exports } from "../wasm.ts";

export interface LineTerms {
  /** 1 / tau */
  readonly inverse: number;
  /** with inverse + spring > 0 */
  readonly spring: number;
  readonly pull: number;
  /** >= 0 */
  readonly noise: number;
}
/** Which end nodes stay where they are: 1 the first, 2 the last, 3 both. */
export type Pinned = 0 | 1 | 2 | 3;
/** Rows of one chain, folded: pair j holds node j and minus node n - 1 - j. */
export interface LineRows {
  readonly x: readonly Float64Array[];
  readonly s: Float64Array;
  readonly w: Float64Array;
  readonly factor: Float64Array;
  readonly part: Float64Array;
  /** of the metric: 1 / pivot and multipliers */
  readonly pivot: Float64Array;
  readonly own: Float64Array;
}
export interface Passes {
  fold(n: number, folded: Float64Array, copy: Float64Array): void;
  unfold(n: number, point: number): void;
  forward(cells: number, point: number, t: LineTerms, pinned: Pinned, centre: number | undefined): void;
  backward(cells: number, point: number, to: number): void;
  /** point 0 from s: displacements to - from at the picked pairs, continued by cubics */
  carry(picks: Int32Array, from: Float64Array, to: Float64Array): void;
  shorten(pairs: number, alpha: number, point: number, to: number): void;
  gap(cells: number, point: number, t: LineTerms, pinned: Pinned, centre: number): void;
}

export function simdPasses({ exports }: SolverModule, rows: LineRows, out: Float64Array, flat: Float64Array): Passes {
  const call = exports as Exports;
  const at = (row: Float64Array): number => row.byteOffset;
  const x = rows.x.map(at);
  const [s, w, factor, part, pivot, own, o] = [rows.s, rows.w, rows.factor, rows.part, rows.pivot, rows.own, out].map(at) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    fold: (n, folded, copy) => void call.fold!(n, at(flat), at(folded), at(copy)),
    unfold: (n, point) => void call.unfold!(n, x[point]!, at(flat)),
    forward(cells, point, t, pinned, centre) {
      const run = centre === undefined ? call.forward! : call.forwardSums!;
      run(cells, x[point]!, s, w, t.inverse, t.spring, t.pull, t.noise, pinned, centre ?? 0, factor, part, o);
    },
    backward: (cells, point, to) => void call.backward!(cells, x[point]!, factor, part, x[to]!, o + 96, o),
    carry: (picks, from, to) => void call.carry!(picks.length - 1, picks.byteOffset, at(from), at(to), s, x[0]!),
    shorten: (pairs, alpha, point, to) => void call.shorten!(pairs, alpha, x[point]!, x[to]!),
    gap: (cells, point, t, pinned, centre) => void call.gap!(cells, x[point]!, s, w, t.inverse, t.spring, t.pull, t.noise, pinned, centre, own, pivot, o),
  };
}

/** The reference: the lanes one after the other, operation for operation as in assembly/line. */
export function plainPasses(rows: LineRows, out: Float64Array, flat: Float64Array): Passes {
  const { s, w, factor, part, pivot, own } = rows;
  return {
    fold(n, folded, copy) {
      for (let j = 0; 2 * j < n; j++) {
        folded[2 * j] = flat[j]!;
        folded[2 * j + 1] = -flat[n - 1 - j]!;
      }
      if (copy !== folded) copy.set(folded);
    },
    unfold(n, point) {
      const x = rows.x[point]!;
      for (let j = 0; 2 * j < n; j++) {
        flat[n - 1 - j] = -x[2 * j + 1]!;
        flat[j] = x[2 * j]!;
      }
    },
    forward(cells, point, { inverse, spring, pull, noise }, pinned, centre) {
      const x = rows.x[point]!;
      const bend = inverse + spring;
      for (let lane = 0; lane < 2; lane++) {
        const b = lane === 0 ? pull : -pull;
        const c = lane === 0 ? (centre ?? 0) : -(centre ?? 0);
        let u = (x[lane]! - s[lane]!) * inverse + (spring * x[lane]! - b);
        let [a, right, decrement, first, second] = [0, 0, 0, 0, 0];
        for (let j = lane; j < 2 * cells; j += 2) {
          const [here, next, share] = [x[j]!, x[j + 2]!, w[j]!];
          const q = 1 / (next - here);
          const v = (next - s[j + 2]!) * inverse + (spring * next - b);
          const w6 = share * (1 / 6);
          const sum = u + v;
          const density = share * q;
          const pressure = noise * density;
          const stiff = pressure * q;
          const m = w6 * bend;
          const D = stiff + (m + m);
          const r = right - (w6 * (sum + u) + pressure);
          const ahead = pressure - w6 * (sum + v);
          const ip = 1 / (a + D);
          const held = j < 2 && (pinned & (lane + 1)) !== 0;
          const l = held ? 0 : (m - stiff) * ip;
          const d = held ? 0 : r * ip;
          a = held ? D : (a * D + 3 * m * (stiff + stiff + m)) * ip;
          decrement += r * d;
          right = ahead - l * r;
          factor[j] = l;
          part[j] = d;
          if (centre !== undefined) {
            const [y, z] = [here - c, next - c];
            first += share * (y + z);
            second += share * (y * (y + z) + z * z);
          }
          u = v;
        }
        [a, right, decrement].forEach((value, k) => {
          out[2 * k + lane] = value;
        });
        if (centre !== undefined)
          [first, second].forEach((value, k) => {
            out[6 + 2 * k + lane] = value;
          });
      }
    },
    backward(cells, point, to) {
      const [x, trial] = [rows.x[point]!, rows.x[to]!];
      for (let lane = 0; lane < 2; lane++) {
        let next = x[2 * cells + lane]!;
        let d = out[12 + lane]!;
        let most = 0;
        trial[2 * cells + lane] = next + d;
        for (let j = 2 * (cells - 1) + lane; j >= 0; j -= 2) {
          const here = x[j]!;
          const before = part[j]! - factor[j]! * d;
          const closing = (before - d) / (next - here);
          most = most < closing ? closing : most;
          d = before;
          next = here;
          trial[j] = here + d;
        }
        out[lane] = most;
      }
    },
    carry(picks, from, to) {
      const x = rows.x[0]!;
      for (let lane = 0; lane < 2; lane++) {
        let [start, value, h, secant, slope, origin, constant] = [from[lane]!, to[lane]! - from[lane]!, 0, 0, 0, 0, 0];
        for (let k = 0; k < picks.length; k++) {
          let [next, moved, width, mean, bent] = [start, value, h, secant, 2 * secant - slope];
          if (k + 1 < picks.length) {
            next = from[2 * k + 2 + lane]!;
            moved = to[2 * k + 2 + lane]! - next;
            width = next - start;
            mean = (moved - value) / width;
            bent = k === 0 ? mean : (width * secant + h * mean) / (h + width);
          }
          if (k === 1) slope = 2 * secant - bent;
          const bend = (3 * secant - 2 * slope - bent) / h;
          const twist = (slope + bent - 2 * secant) / (h * h);
          if (k > 0)
            for (let j = 2 * picks[k - 1]! + lane; j < 2 * picks[k]!; j += 2) {
              const z = s[j]! - origin;
              x[j] = s[j]! + (constant + z * (slope + z * (bend + z * twist)));
            }
          [origin, constant, start, value, h, secant, slope] = [start, value, next, moved, width, mean, bent];
        }
      }
    },
    shorten(pairs, alpha, point, to) {
      const [x, trial] = [rows.x[point]!, rows.x[to]!];
      for (let j = 0; j < 2 * pairs; j++) trial[j] = x[j]! + alpha * (trial[j]! - x[j]!);
    },
    gap(cells, point, { inverse, spring, pull, noise }, pinned, centre) {
      const x = rows.x[point]!;
      for (let lane = 0; lane < 2; lane++) {
        const b = lane === 0 ? pull : -pull;
        const c = lane === 0 ? 2 * centre : -2 * centre;
        let u = (x[lane]! - s[lane]!) * inverse + (spring * x[lane]! - b);
        let [carried, dual, logarithm, moved, change] = [0, 0, 0, 0, 0];
        for (let j = lane; j < 2 * cells; j += 2) {
          const [here, next, from, to, share] = [x[j]!, x[j + 2]!, s[j]!, s[j + 2]!, w[j]!];
          const dx = next - here;
          const density = share / dx;
          const v = (next - to) * inverse + (spring * next - b);
          const w6 = share * (1 / 6);
          const sum = u + v;
          const pressure = noise * density;
          let g = carried + (w6 * (sum + u) + pressure);
          if (j < 2 && (pinned & (lane + 1)) !== 0) g = 0;
          dual += g * g * pivot[j]!;
          carried = w6 * (sum + v) - pressure - own[j]! * g;
          logarithm += share * logRatio(dx, to - from);
          const [p, q] = [here - from, next - to];
          moved += share * (p * (p + q) + q * q);
          if (spring !== 0) {
            const [y, z] = [here + from - c, next + to - c];
            change += share * (p * (y + y + z) + q * (y + (z + z)));
          }
          u = v;
        }
        [carried, dual, logarithm, moved, change].forEach((value, k) => {
          out[2 * k + lane] = value;
        });
      }
    },
  };
}
