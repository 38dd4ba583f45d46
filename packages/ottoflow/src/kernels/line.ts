/**
 * Newton's method for quantile nodes in a few passes over the rows: one builds gradient and Hessian of
 *
 *     J(x) = |x - s|_B^2 / (2 tau) + spring |x|_B^2 / 2 - pull int x + noise sum w log(w / dx),   |v|_B^2 = sum w (v^2 + v v' + v'^2) / 3,
 *
 * and eliminates on the way, one substitutes back, one takes the gradient's dual norm for the gap. The chain is eliminated from both
 * ends at once: rows are folded, so that pair j holds node j and minus node n - 1 - j. Mirrored like this both halves are increasing
 * chains that obey the same formulas, and a pair is one SIMD vector; the recurrence, which waits for a quotient per node, is half as long.
 * The elimination has no subtraction in its pivots [grassmann1985], so it loses no digits however stiff the neighbours are.
 *
 * Rows live in a memory of the kernel's own; without WASM the TypeScript reference works on ordinary rows, with the same bits.
 */
import type { Rows } from "../contract.ts";
import { type LineRows, type LineTerms, type Pinned, plainPasses, simdPasses } from "./line/passes.ts";
import { base64, sharedFlag } from "./line.gen.ts";
import { logRatio } from "./math/ratio.ts";
import { openModule, roomFor } from "./solver-module.ts";

export type { LineTerms, Pinned } from "./line/passes.ts";

/** Results of the passes; one record is reused. */
export interface LineSums {
  /** no pivot was zero, negative or not a number */
  definite: boolean;
  /** g' H^-1 g */
  decrement: number;
  /** |g|_{B^-1}^2 */
  dual: number;
  /** greatest (d_i - d_{i+1}) / dx_i: neighbours meet after 1 / closing of the step */
  closing: number;
  /** sum w log(dx / ds): how far the integral of rho log rho has fallen */
  logarithm: number;
  /** sum w (v + v') / 2 for v = x - centre */
  first: number;
  /** |x - centre|_B^2 */
  second: number;
  /** |x - s|_B^2 */
  moved: number;
  /** |x - centre|_B^2 - |s - centre|_B^2, where there is a spring */
  change: number;
}
export interface LineKernel {
  readonly sums: LineSums;
  /** sets s, and point 0 to it unless something else is to come there */
  start(x: Rows, whole?: boolean): void;
  /** moves point 0 from s as the nodes `picks` moved that a coarser chain kept: by cubics in s through from -> to, folded rows of it */
  carry(from: Float64Array, to: Float64Array): void;
  /** copies a point out */
  read(point: number, x: Rows): void;
  /** a point as it is stored, folded; -1: s */
  folded(point: number): Float64Array;
  /** first and last node of a point */
  ends(point: number): readonly [number, number];
  setEnds(point: number, first: number, last: number): void;
  /** ends that stand at a wall and are pressed against it by the gradient */
  pressed(point: number, terms: LineTerms, lower: number, upper: number): Pinned;
  /** gradient and Hessian at a point, eliminated: sets definite and decrement; with a centre also first and second */
  forward(point: number, terms: LineTerms, pinned: Pinned, centre?: number): void;
  /** the Newton step from the point of the last `forward` to `to`: sets closing */
  backward(to: number): void;
  /** moves `to` to the point of the last `forward` plus alpha times the step */
  shorten(to: number, alpha: number): void;
  /** sets dual, logarithm, moved and change at a point */
  gap(point: number, terms: LineTerms, pinned: Pinned, centre: number): void;
}

/** points that can be kept at a time */
export const linePoints = 3;
const generated = { base64, sharedFlag };

export interface LineOptions {
  /** pairs of the folded rows that a coarser chain keeps, the first and the last among them: `carry` needs them */
  readonly picks?: readonly number[];
  /** keeps away from SIMD */
  readonly reference?: boolean;
}
/** For n = share.length + 1 >= 3 nodes. */
export function openLine(share: Float64Array, options: LineOptions = {}): LineKernel {
  const { picks: chosen = [], reference = false } = options;
  const n = share.length + 1;
  const pairs = (n + 1) >> 1;
  const cells = (n - 1) >> 1;
  const size = 2 * pairs;
  const rowCount = linePoints + 6;
  const module =
    reference || typeof WebAssembly === "undefined"
      ? null
      : openModule(generated, roomFor(...new Array(rowCount + 1).fill(8 * size), 8 * n, 256, 4 * chosen.length, 16 * chosen.length, 16 * chosen.length));
  const row = (m: number): Float64Array => (module ? module.f64(m) : new Float64Array(m));
  const rows: LineRows = {
    x: Array.from({ length: linePoints }, () => row(size)),
    s: row(size),
    w: row(size),
    factor: row(size),
    part: row(size),
    pivot: row(size),
    own: row(size),
  };
  const out = row(16);
  const flat = row(n);
  const kept = [row(2 * chosen.length), row(2 * chosen.length)] as const;
  const picks = module ? module.i32(chosen.length) : new Int32Array(chosen.length);
  picks.set(chosen);
  const run = module ? simdPasses(module, rows, out, flat) : plainPasses(rows, out, flat);
  for (let j = 0; j < cells; j++) {
    rows.w[2 * j] = share[j]!;
    rows.w[2 * j + 1] = share[n - 2 - j]!;
  }
  const middle = n % 2 === 0 ? share[cells]! : 0;
  const [dualPivot, middleFactor] = factorMetric(rows, cells, middle);
  const sums: LineSums = { definite: true, decrement: 0, dual: 0, closing: 0, logarithm: 0, first: 0, second: 0, moved: 0, change: 0 };
  const e = 2 * cells;
  let current = 0;
  /** steps of the last pair */
  const ends = out.subarray(12, 14);

  const forceAt = (x: number, s: number, { inverse, spring, pull }: LineTerms): number => (x - s) * inverse + (spring * x - pull);
  const kernel: LineKernel = {
    sums,
    start(x, whole = true) {
      flat.set(x);
      run.fold(n, rows.s, whole ? rows.x[0]! : rows.s);
    },
    carry(from, to) {
      kept[0].set(from.subarray(0, 2 * picks.length));
      kept[1].set(to.subarray(0, 2 * picks.length));
      run.carry(picks, kept[0], kept[1]);
      const last = picks.length - 1;
      for (let lane = 0; lane < 2; lane++) rows.x[0]![2 * cells + lane] = to[2 * last + lane]!;
    },
    read(point, x) {
      run.unfold(n, point);
      x.set(flat);
    },
    folded: (point) => (point < 0 ? rows.s : rows.x[point]!),
    ends: (point) => [rows.x[point]![0]!, -rows.x[point]![1]!],
    setEnds(point, first, last) {
      rows.x[point]![0] = first;
      rows.x[point]![1] = -last;
    },
    pressed(point, terms, lower, upper) {
      const x = rows.x[point]!;
      /** the gradient at the outermost node of a lane, which moves outwards where it is positive */
      const outwards = (lane: number): boolean => {
        const t = lane === 0 ? terms : { ...terms, pull: -terms.pull };
        const [u, v] = [forceAt(x[lane]!, rows.s[lane]!, t), forceAt(x[lane + 2]!, rows.s[lane + 2]!, t)];
        return (rows.w[lane]! / 6) * (2 * u + v) + (terms.noise * rows.w[lane]!) / (x[lane + 2]! - x[lane]!) > 0;
      };
      return ((x[0]! <= lower && outwards(0) ? 1 : 0) | (-x[1]! >= upper && outwards(1) ? 2 : 0)) as Pinned;
    },
    forward(point, terms, pinned, centre) {
      current = point;
      run.forward(cells, point, terms, pinned, centre);
      let [a, b] = [out[0]!, out[1]!];
      let [r, t] = [out[2]!, -out[3]!];
      let decrement = out[4]! + out[5]!;
      sums.first = 0.5 * (out[6]! - out[7]!);
      sums.second = out[8]! + out[9]!;
      if (middle === 0) {
        // both halves end at the middle node
        a += b;
        r += t;
        const d = r / a;
        decrement += r * d;
        ends[0] = d;
        ends[1] = -d;
        sums.definite = a > 0 && decrement >= 0;
      } else {
        const x = rows.x[point]!;
        const [left, right] = [x[e]!, -x[e + 1]!];
        const u = forceAt(left, rows.s[e]!, terms);
        const v = forceAt(right, -rows.s[e + 1]!, terms);
        const pressure = (terms.noise * middle) / (right - left);
        const stiff = pressure / (right - left);
        const m = (middle / 6) * (terms.inverse + terms.spring);
        const D = stiff + 2 * m;
        r -= (middle / 6) * (2 * u + v) + pressure;
        t -= (middle / 6) * (u + 2 * v) - pressure;
        const p = a + D;
        const l = (m - stiff) / p;
        const q = b + (a * D + 3 * m * (2 * stiff + m)) / p;
        t -= l * r;
        const d = t / q;
        decrement += r * (r / p) + t * d;
        ends[0] = r / p - l * d;
        ends[1] = -d;
        sums.definite = p > 0 && q > 0 && decrement >= 0;
        b = q;
        if (centre !== undefined) {
          const [y, z] = [left - centre, right - centre];
          sums.first += 0.5 * middle * (y + z);
          sums.second += middle * (y * y + y * z + z * z);
        }
      }
      sums.decrement = decrement;
      sums.second /= 3;
    },
    backward(to) {
      const x = rows.x[current]!;
      const [d, f] = [ends[0]!, -ends[1]!];
      run.backward(cells, current, to);
      sums.closing = Math.max(out[0]!, out[1]!);
      if (middle !== 0) sums.closing = Math.max(sums.closing, (d - f) / (-x[e + 1]! - x[e]!));
    },
    shorten: (to, alpha) => run.shorten(pairs, alpha, current, to),
    gap(point, terms, pinned, centre) {
      run.gap(cells, point, terms, pinned, centre);
      let [g, h] = [out[0]!, -out[1]!];
      let dual = out[2]! + out[3]!;
      sums.logarithm = out[4]! + out[5]!;
      sums.moved = out[6]! + out[7]!;
      sums.change = out[8]! + out[9]!;
      if (middle === 0) {
        g += h;
        dual += g * g * dualPivot;
      } else {
        const x = rows.x[point]!;
        const [left, right] = [x[e]!, -x[e + 1]!];
        const [from, to] = [rows.s[e]!, -rows.s[e + 1]!];
        const u = forceAt(left, from, terms);
        const v = forceAt(right, to, terms);
        const pressure = (terms.noise * middle) / (right - left);
        g += (middle / 6) * (2 * u + v) + pressure;
        h += (middle / 6) * (u + 2 * v) - pressure - middleFactor.factor * g;
        dual += g * g * middleFactor.pivot + h * h * dualPivot;
        sums.logarithm += middle * logRatio(right - left, to - from);
        const [a, b, y, z] = [left - from, right - to, left + from - 2 * centre, right + to - 2 * centre];
        sums.moved += middle * (a * a + a * b + b * b);
        sums.change += middle * (a * (2 * y + z) + b * (y + 2 * z));
      }
      sums.dual = dual;
      sums.moved /= 3;
      sums.change /= 6;
    },
  };
  return kernel;
}

/** Eliminates the metric; the reciprocal of its last pivot, and factor and reciprocal pivot of the row before where that is of the middle cell. */
function factorMetric({ w, pivot, own }: LineRows, cells: number, middle: number): readonly [number, { readonly factor: number; readonly pivot: number }] {
  const a = [0, 0];
  for (let lane = 0; lane < 2; lane++)
    for (let j = lane; j < 2 * cells; j += 2) {
      const m = w[j]! / 6;
      const p = a[lane]! + 2 * m;
      pivot[j] = 1 / p;
      own[j] = m / p;
      a[lane] = (a[lane]! * 2 * m + 3 * m * m) / p;
    }
  const [b, c] = a as [number, number];
  if (middle === 0) return [1 / (b + c), { factor: 0, pivot: 0 }];
  const m = middle / 6;
  const p = b + 2 * m;
  return [1 / (c + (b * 2 * m + 3 * m * m) / p), { factor: m / p, pivot: 1 / p }];
}
