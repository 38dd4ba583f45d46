import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMemory } from "../kernels/memory.ts";
import { solveChain, solveCircle } from "./chain.ts";
import { openBiCGStab } from "./krylov.ts";
import { openMultigrid } from "./multigrid.ts";

const random = (seed: number): (() => number) => {
  let s = seed >>> 0;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
};

describe("birth–death chain", () => {
  test("equations hold, mass is kept, positive data stay positive: line and circle, rates over 24 decades", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), fc.boolean(), (n, seed, circle) => {
        const u = random(seed);
        const row = (f: () => number): Float64Array => Float64Array.from({ length: n }, f);
        const a = row(() => 10 ** (12 * (u() - 0.5) * 2));
        const b = row(() => 10 ** (12 * (u() - 0.5) * 2));
        const f = row(() => (u() < 0.3 ? 0 : u()));
        const x = new Float64Array(n);
        (circle ? solveCircle : solveChain)(n, new Float64Array(n).fill(1), a, b, f, x, new Float64Array(3 * n));
        const mass = f.reduce((s, v) => s + v, 0);
        expect(Math.abs(x.reduce((s, v) => s + v, 0) - mass)).toBeLessThanOrEqual(1e-14 * n * mass);
        expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
        const edges = circle && n > 1 ? n : n - 1;
        const r = f.map((v, i) => v - x[i]!);
        const size = f.map((v, i) => Math.abs(v) + x[i]!);
        for (let e = 0; e < edges; e++) {
          const j = (e + 1) % n;
          const flux = a[e]! * x[e]! - b[e]! * x[j]!;
          for (const [i, s] of [
            [e, -1],
            [j, 1],
          ] as const) {
            r[i] = r[i]! + s * flux;
            size[i] = size[i]! + a[e]! * x[e]! + b[e]! * x[j]!;
          }
        }
        for (let i = 0; i < n; i++) expect(Math.abs(r[i]!)).toBeLessThanOrEqual(1e-13 * size[i]!);
      }),
    );
  });
  test("entries that differ by 100 decades are each right to 13 digits: two cells in closed form, then a Gibbs chain", () => {
    // stationary weights of a chain in detailed balance are reproduced by the step, cell by cell
    const n = 60;
    const gibbs = Float64Array.from({ length: n }, (_, i) => Math.exp(-((i - 10) ** 2) / 10));
    const a = new Float64Array(n);
    const b = new Float64Array(n);
    for (let i = 0; i + 1 < n; i++) {
      a[i] = 1e6 * Math.sqrt(gibbs[i + 1]! / gibbs[i]!);
      b[i] = 1e6 * Math.sqrt(gibbs[i]! / gibbs[i + 1]!);
    }
    const x = new Float64Array(n);
    solveChain(n, new Float64Array(n).fill(1), a, b, gibbs, x, new Float64Array(n));
    for (let i = 0; i < n; i++) expect(Math.abs(x[i]! / gibbs[i]! - 1)).toBeLessThan(1e-13);
  });
});

describe("BiCGStab", () => {
  test("agrees with the chain on one-sided rates, the diagonal as preconditioner", () => {
    const n = 50;
    const u = random(3);
    const a = Float64Array.from({ length: n }, () => 2 * u());
    const b = Float64Array.from({ length: n }, () => 0.1 * u());
    const f = Float64Array.from({ length: n }, () => u());
    const out = (i: number): number => 1 + (i + 1 < n ? a[i]! : 0) + (i > 0 ? b[i - 1]! : 0);
    const apply = (x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < n; i++) y[i] = out(i) * x[i]! - (i > 0 ? a[i - 1]! * x[i - 1]! : 0) - (i + 1 < n ? b[i]! * x[i + 1]! : 0);
    };
    const x = new Float64Array(n);
    const made = openBiCGStab(n, apply, (r, z) => z.set(r.map((v, i) => v / out(i)))).solve(f, x, 1e-13, 200);
    expect(made).toBeLessThan(80);
    const y = new Float64Array(n);
    solveChain(n, new Float64Array(n).fill(1), a, b, f, y, new Float64Array(n));
    for (let i = 0; i < n; i++) expect(x[i]).toBeCloseTo(y[i]!, 12);
  });
});

describe("multigrid", () => {
  const bernoulli = (z: number): number => (Math.abs(z) < 1e-9 ? 1 - z / 2 : z / Math.expm1(z));
  /** Scharfetter–Gummel step of size tau for V at temperature eps */
  function fill(
    shape: readonly number[],
    periodic: readonly boolean[],
    h: readonly number[],
    V: (x: readonly number[]) => number,
    eps: number,
    tau: number,
    alloc?: (n: number) => Float64Array,
  ): ReturnType<typeof openMultigrid> {
    const mg = openMultigrid(shape, periodic, alloc);
    const stride = shape.map((_, k) => shape.slice(k + 1).reduce((a, b) => a * b, 1));
    const n = shape.reduce((a, b) => a * b, 1);
    const at = (i: number): number[] => shape.map((m, k) => h[k]! * ((Math.floor(i / stride[k]!) % m) - (m - 1) / 2));
    for (let k = 0; k < shape.length; k++) {
      for (let i = 0; i < n; i++) {
        const last = Math.floor(i / stride[k]!) % shape[k]! === shape[k]! - 1;
        if (last && !periodic[k]) continue;
        const j = last ? i - stride[k]! * (shape[k]! - 1) : i + stride[k]!;
        const z = (V(at(j)) - V(at(i))) / eps;
        mg.system.up[k]![i] = ((tau * eps) / h[k]! ** 2) * bernoulli(z);
        mg.system.down[k]![i] = ((tau * eps) / h[k]! ** 2) * bernoulli(-z);
      }
    }
    mg.prepare();
    return mg;
  }
  const well = (x: readonly number[]): number => (x[0]! ** 2 - 1) ** 2 + (x[1] ?? 0) ** 2 / 2 + (x[2] ?? 0) ** 2;
  const cases: readonly (readonly [string, readonly number[], readonly boolean[], readonly number[], number, number, number])[] = [
    ["heat, large step", [64, 64], [false, false], [1 / 64, 1 / 64], 1, 10, 0.32],
    ["heat, periodic", [64, 64], [true, true], [1 / 64, 1 / 64], 1, 0.1, 0.35],
    ["double well, moderate step", [64, 64], [false, false], [0.1, 0.16], 1, 0.01, 0.15],
    ["double well, large step", [64, 64], [false, false], [0.1, 0.16], 1, 10, 0.35],
    ["cold double well", [64, 64], [false, false], [0.06, 0.06], 0.01, 0.1, 0.3],
    ["stretched cells", [64, 64], [false, false], [0.01, 0.2], 1, 0.01, 0.35],
    ["odd sizes, one periodic axis", [51, 37], [false, true], [0.1, 0.1], 0.5, 0.1, 0.3],
    ["three axes", [17, 16, 15], [false, false, true], [0.2, 0.2, 0.2], 0.5, 0.1, 0.3],
  ];
  test.each(cases)("%s: the residual falls by the stated factor a cycle and mass is kept", (_, shape, periodic, h, eps, tau, factor) => {
    const V = eps === 1 && h[0]! < 0.02 ? () => 0 : periodic[1] ? (x: readonly number[]) => well([x[0]!]) : well;
    const mg = fill(shape, periodic, h, V, eps, tau);
    const n = shape.reduce((a, b) => a * b, 1);
    const u = random(5);
    const f = Float64Array.from({ length: n }, () => u() ** 4);
    const x = new Float64Array(n);
    const r = new Float64Array(n);
    const mass = f.reduce((a, b) => a + b, 0);
    mg.residual(f, x, r);
    const cycle = (): number => {
      mg.cycle(f, x, r);
      return mg.residual(f, x, r) / mass;
    };
    const norms = Array.from({ length: 9 }, cycle);
    expect((norms[8]! / norms[3]!) ** (1 / 5)).toBeLessThan(factor);
    for (let k = 0; k < 40; k++) cycle();
    // the rates reach 4e5, so 1e-10 is rounding
    expect(mg.residual(f, x, r) / mass).toBeLessThan(1e-10);
    expect(Math.abs(x.reduce((a, b) => a + b, 0) / mass - 1)).toBeLessThan(1e-10);
  });
  test.each([
    [
      [24, 33],
      [false, false],
      [0.1, 0.16],
    ],
    [
      [33, 24],
      [false, false],
      [0.1, 0.1],
    ],
    [
      [40, 19],
      [false, false],
      [0.16, 0.1],
    ],
    [
      [9, 20],
      [true, false],
      [0.2, 0.2],
    ],
    [
      [7, 5],
      [true, true],
      [0.2, 0.2],
    ],
    [
      [1, 6],
      [false, false],
      [0.2, 0.2],
    ],
    [
      [6, 1],
      [false, false],
      [0.2, 0.2],
    ],
    [
      [2, 3],
      [false, false],
      [0.2, 0.2],
    ],
  ] as const)("%j cells, periodic %j: SIMD rows and plain rows give the same bits", (shape, periodic, h) => {
    const n = shape[0] * shape[1];
    const { alloc } = openMemory({ bytes: 2e6 });
    const outcome = [alloc, (size: number) => new Float64Array(size)].map((row) => {
      const mg = fill(shape, periodic, h, well, 0.7, 0.3, row);
      const u = random(11);
      const [f, x, r] = [row(n), row(n), row(n)];
      for (let i = 0; i < n; i++) f[i] = u() < 0.2 ? 0 : u();
      const trace: number[] = [];
      // walls all around, and rows along the narrower cells
      expect(mg.halves).toBe(shape[1] > 1 && h[0] >= h[1] && !periodic[0] && !periodic[1]);
      let [first, last] = [0, 0];
      for (let k = 0; k < 4; k++) {
        last = mg.residual(f, x, r);
        if (k === 0) first = last;
        trace.push(last, mg.weight);
        const half = k > 0 && mg.halves;
        if (half) {
          const floor = 1e-14 * mg.weight;
          trace.push(mg.residualHalf(f, x), mg.weight);
          // lines relaxed last have no residual, so half of them know it all
          expect(Math.abs(trace[trace.length - 2]! - last)).toBeLessThan(floor);
        }
        mg.cycle(f, x, half ? null : r, k === 0);
      }
      expect(last / first).toBeLessThan(0.2);
      const solved = x.slice();
      for (let i = 0; i < n; i += 3) x[i] = -x[i]!;
      mg.relaxPositive(f, x);
      expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
      return [...x, ...r, ...solved, ...trace];
    });
    expect(outcome[0]!.findIndex((v, i) => !Object.is(v, outcome[1]![i]))).toBe(-1);
  });
  test("on a line it agrees with the chain", () => {
    const n = 45;
    const mg = fill([n], [false], [0.12], well, 1, 0.3);
    const u = random(9);
    const f = Float64Array.from({ length: n }, () => u());
    const x = new Float64Array(n);
    const r = new Float64Array(n);
    for (let k = 0; k < 20; k++) {
      mg.residual(f, x, r);
      mg.cycle(f, x, r);
    }
    const y = new Float64Array(n);
    solveChain(n, new Float64Array(n).fill(1), mg.system.up[0]!, mg.system.down[0]!, f, y, new Float64Array(n));
    for (let i = 0; i < n; i++) expect(x[i]).toBeCloseTo(y[i]!, 12);
  });
});
