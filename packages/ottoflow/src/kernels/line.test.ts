import { expect, test } from "vitest";
import { type LineKernel, type LineTerms, openLine, type Pinned } from "./line.ts";
import { logRatio } from "./math/ratio.ts";

function mulberry(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
/** shares and increasing nodes over four decades */
function chain(n: number, seed: number): { share: Float64Array; x: Float64Array } {
  const u = mulberry(seed);
  const share = Float64Array.from({ length: n - 1 }, () => 10 ** (-4 * u()));
  const x = new Float64Array(n);
  x[0] = -3;
  for (let i = 1; i < n; i++) x[i] = x[i - 1]! + 10 ** (-3 * u());
  return { share, x };
}
const terms: LineTerms = { inverse: 7, spring: 1.5, pull: 0.4, noise: 0.3 };

/** J of kernels/line.ts */
function J(share: Float64Array, s: Float64Array, x: ArrayLike<number>, t: LineTerms): number {
  let total = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [p, q, w, z] = [x[i]! - s[i]!, x[i + 1]! - s[i + 1]!, x[i]!, x[i + 1]!];
    total += share[i]! * ((t.inverse * (p * p + p * q + q * q)) / 6 + (t.spring * (w * w + w * z + z * z)) / 6 - (t.pull * (w + z)) / 2);
    total += t.noise * share[i]! * Math.log(share[i]! / (z - w));
  }
  return total;
}
/** gradient and Hessian by hand, node by node */
function derivatives(share: Float64Array, s: Float64Array, x: Float64Array, t: LineTerms): { g: number[]; H: number[][]; B: number[][] } {
  const n = x.length;
  const zero = (): number[][] => Array.from({ length: n }, () => new Array(n).fill(0));
  const [H, B] = [zero(), zero()];
  const g: number[] = new Array(n).fill(0);
  for (let i = 0; i + 1 < n; i++) {
    const w = share[i]!;
    const dx = x[i + 1]! - x[i]!;
    for (const [a, b, m] of [
      [i, i, w / 3],
      [i + 1, i + 1, w / 3],
      [i, i + 1, w / 6],
      [i + 1, i, w / 6],
    ] as const) {
      B[a]![b]! += m;
      H[a]![b]! += m * (t.inverse + t.spring) + ((a === b ? 1 : -1) * t.noise * w) / (dx * dx);
      g[a]! += m * (t.inverse * (x[b]! - s[b]!) + t.spring * x[b]!);
    }
    g[i]! += (t.noise * w) / dx - (t.pull * w) / 2;
    g[i + 1]! -= (t.noise * w) / dx + (t.pull * w) / 2;
  }
  return { g, H, B };
}
/** Gaussian elimination */
function solve(A: number[][], b: number[]): number[] {
  const n = b.length;
  const M = A.map((row, i) => [...row, b[i]!]);
  for (let k = 0; k < n; k++)
    for (let i = k + 1; i < n; i++) {
      const f = M[i]![k]! / M[k]![k]!;
      for (let j = k; j <= n; j++) M[i]![j]! -= f * M[k]![j]!;
    }
  const x = new Array(n).fill(0);
  for (let i = n - 1; i >= 0; i--) x[i] = (M[i]![n]! - x.reduce((s, v, j) => s + (j > i ? M[i]![j]! * v : 0), 0)) / M[i]![i]!;
  return x;
}
const read = (k: LineKernel, point: number, n: number): Float64Array => {
  const x = new Float64Array(n);
  k.read(point, x);
  return x;
};
const close = (a: number, b: number, scale: number): void => {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(scale);
};

test.each([3, 4, 5, 6, 12, 13])("Newton step, decrement, dual norm and sums of %i nodes by hand and by dense elimination", (n) => {
  const { share, x: s } = chain(n, n);
  const u = mulberry(100 + n);
  const x = s.map((v, i) => v + 0.2 * (u() - 0.5) * Math.min((s[i + 1] ?? 9) - v, v - (s[i - 1] ?? -9)));
  const kernel = openLine(share);
  // s, then a point away from it: by hand through the folded row
  kernel.start(s);
  const folded = kernel.folded(0);
  for (let j = 0; 2 * j < n; j++) {
    folded[2 * j] = x[j]!;
    folded[2 * j + 1] = -x[n - 1 - j]!;
  }
  const { g, H, B } = derivatives(share, s, x, terms);
  for (const pinned of [0, 1, 2, 3] as const) {
    const hold = [...(pinned & 1 ? [0] : []), ...(pinned & 2 ? [n - 1] : [])];
    const [h, A] = [g.slice(), H.map((row) => row.slice())];
    for (const i of hold) {
      h[i] = 0;
      for (let j = 0; j < n; j++) A[i]![j] = A[j]![i] = i === j ? 1 : 0;
    }
    const d = solve(A, h).map((v) => -v);
    kernel.forward(0, terms, pinned as Pinned, 0.3);
    expect(kernel.sums.definite).toBe(true);
    const decrement = -d.reduce((sum, v, i) => sum + v * h[i]!, 0);
    close(kernel.sums.decrement, decrement, 1e-11 * decrement);
    kernel.backward(1);
    const to = read(kernel, 1, n);
    const size = Math.max(...d.map(Math.abs));
    d.forEach((v, i) => {
      close(to[i]!, x[i]! + v, 1e-11 * size + 1e-15);
    });
    const closing = Math.max(0, ...d.slice(1).map((v, i) => (d[i]! - v) / (x[i + 1]! - x[i]!)));
    close(kernel.sums.closing, closing, 1e-9 * (1 + closing));
    kernel.shorten(1, 0.25);
    close(read(kernel, 1, n)[1]!, x[1]! + 0.25 * d[1]!, 1e-11 * size + 1e-15);
    kernel.gap(0, terms, pinned as Pinned, 0.3);
    const dual = solve(B, h).reduce((sum, v, i) => sum + v * h[i]!, 0);
    close(kernel.sums.dual, dual, 1e-10 * dual);
  }
  // F falls by what the sums say
  const still = { ...terms, inverse: 0 };
  const centre = terms.pull / terms.spring;
  kernel.gap(0, terms, 0, centre);
  const drop = terms.noise * kernel.sums.logarithm - 0.5 * terms.spring * kernel.sums.change;
  close(drop, J(share, s, s, still) - J(share, s, x, still), 1e-13);
  close(0.5 * terms.inverse * kernel.sums.moved, J(share, s, x, { ...terms, spring: 0, pull: 0, noise: 0 }), 1e-14);
});

test.each([3, 4, 5, 257, 1000])("%i nodes: reference and SIMD give the same bits", (n) => {
  const { share, x } = chain(n, 7);
  const last = (n - 1) >> 1;
  const picks = [...new Set([0, 1, 2, 5, 40, 41, 77].filter((j) => j < last)), last];
  const kernels = [openLine(share, { picks }), openLine(share, { picks, reference: true })] as const;
  const trail = kernels.map((k) => {
    const seen: number[] = [];
    k.start(x);
    for (const [spring, pinned] of [
      [0, 0],
      [1.5, 3],
      [1.5, 2],
    ] as const) {
      const t = { ...terms, spring };
      k.forward(0, t, pinned, 0.1);
      seen.push(...Object.values(k.sums).map(Number));
      k.backward(1);
      k.shorten(1, 1 / (1 + k.sums.closing));
      k.gap(1, t, pinned, 0.1);
      seen.push(...Object.values(k.sums).map(Number), ...read(k, 1, n), ...k.ends(1), k.pressed(1, t, 1e9, -1e9));
    }
    if (picks.length > 2) {
      // a coarser chain that has moved: its folded rows are those of the picks
      const [from, to] = [-1, 1].map((point) => Float64Array.from(picks.flatMap((j) => [k.folded(point)[2 * j]!, k.folded(point)[2 * j + 1]!])));
      k.carry(from!, to!);
      seen.push(...read(k, 0, n));
    }
    return seen;
  });
  expect(trail[0]!.findIndex((v, i) => !Object.is(v, trail[1]![i]))).toBe(-1);
});

test("carry: displacements that are quadratic in x are continued exactly", () => {
  const n = 400;
  const { share, x } = chain(n, 3);
  const last = (n - 1) >> 1;
  const picks = Array.from({ length: 1 + Math.ceil(last / 16) }, (_, k) => Math.min(last, 16 * k));
  const kernel = openLine(share, { picks });
  kernel.start(x);
  const D = (v: number): number => 0.3 + 0.2 * v - 0.01 * v * v;
  const from = Float64Array.from(picks.flatMap((j) => [x[j]!, -x[n - 1 - j]!]));
  const to = Float64Array.from(picks.flatMap((j) => [x[j]! + D(x[j]!), -x[n - 1 - j]! - D(x[n - 1 - j]!)]));
  kernel.carry(from, to);
  read(kernel, 0, n).forEach((v, i) => {
    close(v, x[i]! + D(x[i]!), 1e-11 * Math.abs(x[i]! + 1));
  });
});

test("logRatio against log1p over twelve decades of quotients", () => {
  const u = mulberry(5);
  for (let k = 0; k < 20_000; k++) {
    const b = 10 ** (20 * u() - 10);
    const e = (u() < 0.5 ? -1 : 1) * 10 ** (-14 * u());
    const a = b * (1 + 0.999 * e);
    // where the quotient is near 1, a - b is exact
    const exact = Math.abs(a - b) < 0.5 * b ? Math.log1p((a - b) / b) : Math.log(a / b);
    close(logRatio(a, b), exact, 1.3e-15 * Math.abs(exact));
  }
});
