import { describe, expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import type { Coupling, Transport, TransportSolver } from "../../contract.ts";
import { isOttoflowError } from "../../errors.ts";
import { pace } from "../../pace.ts";
import { makeBox } from "../../space/box.ts";
import { applyCoupling } from "../apply.ts";
import { cTransform } from "../certificate.ts";
import { powerCost } from "../cost.ts";
import { marginalsOf } from "../plan.ts";
import { cloud, transportProblem } from "../problem.ts";
import { laguerre, semiDiscrete } from "./semi-discrete.ts";

const one = { shape: [1, 1] };
const quarters = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
];
const areaOf = (p: Float64Array): number => {
  let s = 0;
  for (let k = 0; k < p.length; k += 2) s += p[k]! * p[(k + 3) % p.length]! - p[k + 1]! * p[(k + 2) % p.length]!;
  return 0.5 * s;
};
const noise = (seed: number, n: number): Float64Array => {
  const u = portableUniform(seed);
  return Float64Array.from({ length: n }, () => 0.1 + u());
};
const normalised = (m: Float64Array): Float64Array => {
  const s = m.reduce((a, b) => a + b, 0);
  return m.map((v) => v / s);
};

describe("closed forms", () => {
  test("A27: the uniform square to one atom at its centre, 1/6", () => {
    const r = laguerre(one, [[0.5, 0.5]]);
    expect(Math.abs(r.value - 1 / 6)).toBeLessThan(1e-15);
    expect(r.gap).toBe(0);
    expect(areaOf(r.cells()[0]!)).toBeCloseTo(1, 14);
  });
  test("A27: to its four quarter centres, 1/24, equal weights, power weights 0", () => {
    const r = laguerre(one, quarters);
    expect(Math.abs(r.value - 1 / 24)).toBeLessThan(1e-15);
    const psi = r.potentials!.g;
    expect(Math.max(...psi) - Math.min(...psi)).toBeLessThan(1e-14);
    for (const [i, c] of r.cells().entries()) {
      expect(areaOf(c)).toBeCloseTo(0.25, 13);
      expect(r.centroids[i]).toBeCloseTo(quarters[i]![0]!, 13);
      expect(r.centroids[4 + i]).toBeCloseTo(quarters[i]![1]!, 13);
    }
  });
  test("moments of the quarters: mass 1/4, centred, spread (1/2)^2 / 12; the plan gives each pixel's mass to its atoms", () => {
    const r = laguerre({ shape: [3, 3] }, quarters);
    const { mass, centre, spread } = r.moments();
    for (let i = 0; i < 4; i++) {
      expect(mass[i]).toBeCloseTo(0.25, 12);
      expect([centre[i], centre[4 + i]]).toEqual([expect.closeTo(quarters[i]![0]!, 12), expect.closeTo(quarters[i]![1]!, 12)]);
      expect([spread[i], spread[4 + i], spread[8 + i]]).toEqual([expect.closeTo(1 / 48, 12), expect.closeTo(0, 12), expect.closeTo(1 / 48, 12)]);
    }
    // the middle pixel is shared by four, those beside it by two
    expect(r.plan!.sparse!.from.filter((i) => i === 4)).toHaveLength(4);
    expect(r.plan!.sparse!.mass.filter((_, e) => r.plan!.sparse!.from[e] === 4)[0]).toBeCloseTo(1 / 36, 13);
    const [pixels, atoms] = marginalsOf(r.plan!);
    for (const m of pixels) expect(m).toBeCloseTo(1 / 9, 14);
    for (const m of atoms) expect(m).toBeCloseTo(1 / 4, 12);
  });
  test("a lattice of 20 x 20 atoms, collinear and on common circles: 1 / (6 * 400)", () => {
    const points = Array.from({ length: 400 }, (_, k) => [((k % 20) + 0.5) / 20, (Math.floor(k / 20) + 0.5) / 20]);
    const r = laguerre(one, points);
    expect(r.status).toBe("optimal");
    expect(Math.abs(r.value - 1 / 2400)).toBeLessThan(1e-15);
  });
  test("two atoms with unequal weights split the square by a line: the value of the integral", () => {
    // weights 1/4, 3/4 at (1/4, 1/2), (3/4, 1/2): the line is x = 1/4; int (x - 1/4)^2 over [0, 1/4] + int (x - 3/4)^2 over [1/4, 1] + 1/12
    const r = laguerre(
      one,
      [
        [0.25, 0.5],
        [0.75, 0.5],
      ],
      { weights: [0.25, 0.75] },
    );
    const want = 0.25 ** 3 / 3 + (0.25 ** 3 + 0.5 ** 3) / 3 + 1 / 12;
    expect(Math.abs(r.value - want)).toBeLessThan(1e-14);
    const [x] = [Math.max(...Array.from(r.cells()[0]!).filter((_, k) => k % 2 === 0))];
    expect(x).toBeCloseTo(0.25, 13);
  });
  test("A27: unit disk to atoms on the ring 1 < r < sqrt 2, near 0.3193664499501", () => {
    const n = 96;
    const masses = new Float64Array(n * n);
    for (let i = 0; i < 8 * n; i++)
      for (let j = 0; j < 8 * n; j++) {
        const [x, y] = [-1 + (i + 0.5) / (4 * n), -1 + (j + 0.5) / (4 * n)];
        if (x * x + y * y < 1) masses[Math.floor(i / 8) * n + Math.floor(j / 8)]! += 1;
      }
    const points: number[][] = [];
    for (let a = 0; a < 16; a++)
      for (let b = 0; b < 96; b++) {
        const [r, t] = [Math.sqrt(1 + (a + 0.5) / 16), (2 * Math.PI * (b + 0.5 * (a % 2))) / 96];
        points.push([r * Math.cos(t), r * Math.sin(t)]);
      }
    const r = laguerre({ shape: [n, n], lower: [-1, -1], upper: [1, 1], masses: normalised(masses) }, points);
    expect(r.status).toBe("optimal");
    // an atom stands for a patch of the ring: its second moment, (0.07 / 2)^2 / 3 across and (0.08 / 2)^2 / 3 along at most
    expect(Math.abs(r.value - 0.3193664499501)).toBeLessThan(1.5e-3);
    expect(Math.abs(r.gap)).toBeLessThan(1e-9);
  });
});

describe("properties", () => {
  const n = 60;
  const points = portableCloud(7, n, 2);
  const rows = Array.from({ length: n }, (_, i) => [points[i]!, points[n + i]!]);
  const weights = normalised(noise(8, n));
  const masses = normalised(noise(9, 48));
  const box = { shape: [6, 8], lower: [0, -0.2], upper: [1, 1.1], masses };
  const r = laguerre(box, rows, { weights });
  test("cells hold the masses of their atoms and the dual equals the value", () => {
    expect(r.status).toBe("optimal");
    expect(r.defect[1]).toBeLessThan(1e-10);
    expect(Math.abs(r.gap)).toBeLessThan(1e-10);
    expect(r.cells().reduce((s, c) => s + areaOf(c), 0)).toBeCloseTo(1.3, 12);
  });
  test("the dual by an independent quadrature: sum b psi + mean of min |x - y|^2 - psi over 480 x 640 midpoints", () => {
    const psi = r.potentials!.g;
    let s = weights.reduce((t, w, i) => t + w * psi[i]!, 0);
    const [a, b] = [480, 640];
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++) {
        const [x, y] = [(i + 0.5) / a, -0.2 + (1.3 * (j + 0.5)) / b];
        let least = Infinity;
        for (let k = 0; k < n; k++) least = Math.min(least, (points[k]! - x) ** 2 + (points[n + k]! - y) ** 2 - psi[k]!);
        s += (least * masses[Math.floor((6 * i) / a) * 8 + Math.floor((8 * j) / b)]! * 48) / (a * b);
      }
    expect(Math.abs(s - r.value)).toBeLessThan(2e-5);
  });
  test("atoms moved far away together: W^2 + |t|^2 + 2 t . (difference of the means), the same cells", () => {
    const t = [30, -20];
    const far = laguerre(
      box,
      rows.map(([x, y]) => [x! + t[0]!, y! + t[1]!]),
      { weights },
    );
    const mean = [0, 1].map((k) => weights.reduce((s, w, i) => s + w * (points[k * n + i]! - r.centroids[k * n + i]!), 0));
    const want = r.value + t[0]! ** 2 + t[1]! ** 2 + 2 * (t[0]! * mean[0]! + t[1]! * mean[1]!);
    expect(Math.abs(far.value - want)).toBeLessThan(1e-9);
    expect(areaOf(far.cells()[5]!)).toBeCloseTo(areaOf(r.cells()[5]!), 8);
  });
  test("gradients: psi in the weights, 2 b (y - centroid) in the places, against central differences", () => {
    const t = 1e-5;
    const valueAt = (w: Float64Array, p: number[][]) => laguerre(box, p, { weights: w, defect: 1e-13 }).value;
    const w = (s: number) => weights.map((v, i) => v + (i === 3 ? s : i === 11 ? -s : 0));
    const slope = (valueAt(w(t), rows) - valueAt(w(-t), rows)) / (2 * t);
    expect(Math.abs(slope - (r.potentials!.g[3]! - r.potentials!.g[11]!))).toBeLessThan(1e-7);
    const p = (s: number) => rows.map(([x, y], i) => [x! + (i === 20 ? s : 0), y!]);
    const move = (valueAt(weights, p(t)) - valueAt(weights, p(-t))) / (2 * t);
    expect(Math.abs(move - 2 * weights[20]! * (points[20]! - r.centroids[20]!))).toBeLessThan(1e-7);
  });
  test("the map sends the centre of a cell's polygon to its atom", () => {
    for (const [i, c] of r.cells().entries()) {
      let [x, y] = [0, 0];
      for (let k = 0; k < c.length; k += 2) [x, y] = [x + (2 * c[k]!) / c.length, y + (2 * c[k + 1]!) / c.length];
      const out = new Float64Array(2);
      r.map!(1, Float64Array.of(x, y), out);
      expect([...out]).toEqual(rows[i]);
    }
  });
  test("the unit takes either order of the sides, masses other than one, atoms without mass and atoms at one place", async () => {
    const solver = (semiDiscrete.build as (v: unknown, c: unknown) => TransportSolver)({}, {});
    const space = makeBox({ lower: [0, -0.2], upper: [1, 1.1], cells: [6, 8], periodic: [false, false] });
    const density = { rep: "cells" as const, space, rho: masses.map((m, i) => (3 * m) / space.cells!.volume[i]!) };
    const twice = [...rows, rows[0]!, [0.4, 0.4]];
    const w = Float64Array.from([...weights, 0, 0], (v) => 3 * v);
    w[0] = w[60] = 1.5 * weights[0]!;
    const atoms = cloud(twice, { weights: w });
    const there = await pace(solver.solve(transportProblem({ from: density, to: atoms }), {}));
    const back = await pace(solver.solve(transportProblem({ from: atoms, to: density }), {}));
    expect(Math.abs(there.value - 3 * r.value)).toBeLessThan(1e-10);
    expect(Math.abs(back.value - 3 * r.value)).toBeLessThan(1e-10);
    expect(there.notes.join(" ")).toMatch(/1 atoms lie where another does.*1 atoms without mass/);
    const { f, g } = there.potentials!;
    expect([...back.potentials!.g]).toEqual([...f]);
    expect(g[0]).toBe(g[60]);
    const side = (k: number, x: Float64Array) => ({ n: k, d: 2, x, weight: new Float64Array(k), mass: 1, index: null, of: k });
    const top = cTransform(powerCost(2), side(48, Float64Array.from(space.cells!.centre)), side(62, Float64Array.from(atoms.x)), f);
    expect(Math.max(...g.map((v, j) => v - top[j]!))).toBeLessThan(1e-12);
    const p = transportProblem({ from: density, to: atoms });
    expect(solver.refuses({ ...p, from: atoms })).toContain("density on cells on one side");
    expect(solver.refuses({ ...p, cost: powerCost(1) })).toContain("|x - y|^2");
  });
  test("the plan: marginals, and its cost at centres plus the spread of pixels is not below the value; moments agree with the cells' integrals", () => {
    const { mass, centre } = r.moments();
    for (let i = 0; i < n; i++) {
      expect(mass[i]).toBeCloseTo(weights[i]!, 10);
      for (const k of [0, 1]) expect(centre[k * n + i]).toBeCloseTo(r.centroids[k * n + i]!, 9);
    }
    const [pixels, atoms] = marginalsOf(r.plan!);
    for (let i = 0; i < 48; i++) expect(pixels[i]).toBeCloseTo(masses[i]!, 13);
    for (let j = 0; j < n; j++) expect(atoms[j]).toBeCloseTo(weights[j]!, 10);
    // sum over atoms of mass (|centre - y|^2 + trace of the spread) is the value
    const { spread } = r.moments();
    let s = 0;
    for (let i = 0; i < n; i++) {
      const [dx, dy] = [centre[i]! - points[i]!, centre[n + i]! - points[n + i]!];
      s += mass[i]! * (dx * dx + dy * dy + spread[i]! + spread[2 * n + i]!);
    }
    expect(s).toBeCloseTo(r.value, 12);
  });
  test("new points: from the density each goes to the atom of its cell, from atoms to a pixel of theirs", () => {
    const space = makeBox({ lower: [0, -0.2], upper: [1, 1.1], cells: [6, 8], periodic: [false, false] });
    const density = { rep: "cells" as const, space, rho: masses.map((m, i) => m / space.cells!.volume[i]!) };
    const solver = (semiDiscrete.build as (v: unknown, c: unknown) => TransportSolver)({}, {});
    const atoms = cloud(rows, { weights });
    const solved = (p: Transport): Coupling => {
      const work = solver.solve(p, {});
      for (let next = work.next(); ; next = work.next()) if (next.done) return next.value;
    };
    const there = transportProblem({ from: density, to: atoms });
    const out = applyCoupling(there, solved(there), 1, Float64Array.of(0.3, 0.2));
    const psi = r.potentials!.g;
    const far = rows.map(([x, y], i) => (x! - 0.3) ** 2 + (y! - 0.2) ** 2 - psi[i]!);
    expect([...out.target]).toEqual(rows[far.indexOf(Math.min(...far))]);
    const back = transportProblem({ from: atoms, to: density });
    const answer = solved(back);
    const home = applyCoupling(back, answer, n, atoms.x);
    for (let i = 0; i < n; i++) {
      // its own cell meets the pixel that it goes to, or the next one
      const pixels = [...answer.plan!.sparse!.to].filter((_, e) => answer.plan!.sparse!.from[e] === i);
      const near = pixels.map((q) => Math.hypot(space.cells!.centre[q]! - home.target[i]!, space.cells!.centre[48 + q]! - home.target[n + i]!));
      expect(Math.min(...near)).toBeLessThan(Math.hypot(1 / 6, 1.3 / 8));
    }
  });
  test("a density with empty pixels and two separate parts", () => {
    const m = Float64Array.from({ length: 100 }, (_, k) => (k % 10 < 3 || k % 10 > 6 ? 1 : 0));
    const s = laguerre({ shape: [10, 10], masses: normalised(m) }, rows, { weights });
    expect(s.status).toBe("optimal");
    expect(s.defect[1]).toBeLessThan(1e-10);
  });
  test("a thousand atoms in a heap against the uniform square", () => {
    const c = portableCloud(11, 1000, 2, "normal").map((v) => 0.5 + 0.02 * v);
    const s = laguerre(
      one,
      Array.from({ length: 1000 }, (_, i) => [c[i]!, c[1000 + i]!]),
    );
    expect(s.status).toBe("optimal");
    expect(s.defect[1]).toBeLessThan(1e-10);
  });
});

test("random densities with holes against lattices, lines, rings and heaps with weights over three decades: all reach their masses", () => {
  const u = portableUniform(21);
  for (let k = 0; k < 30; k++) {
    const n = 1 + Math.floor(u() * u() * 120);
    const side = Math.ceil(Math.sqrt(n));
    const kinds = [
      () => [u(), u()],
      (i: number) => [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side],
      (i: number) => [(i + 0.5) / n, 0.5],
      () => [0.5 + 1e-3 * u(), 0.5 + 1e-3 * u()],
      (i: number) => [Math.cos((2 * Math.PI * i) / n), Math.sin((2 * Math.PI * i) / n)],
    ];
    const points = Array.from({ length: n }, (_, i) => kinds[k % 5]!(i));
    const w = normalised(Float64Array.from({ length: n }, () => (u() < 0.5 ? 1 : Math.exp(6 * u() - 6))));
    const shape = [2 + Math.floor(u() * 12), 1 + Math.floor(u() * 12)];
    const masses = Float64Array.from({ length: shape[0]! * shape[1]! }, () => (k % 3 === 0 && u() < 0.5 ? 0 : 0.1 + u()));
    masses[0] = 1;
    const r = laguerre({ shape, masses: normalised(masses) }, points, { weights: w });
    expect(r.status, `instance ${k}`).toBe("optimal");
    expect(r.defect[1]).toBeLessThan(1e-10);
  }
});
test("bad input is told apart", () => {
  const message = (run: () => unknown): string => {
    try {
      run();
    } catch (e) {
      return isOttoflowError(e) ? `${e.tag} ${e.message}` : "untagged";
    }
    return "none";
  };
  expect(message(() => laguerre(one, []))).toMatch(/SpecError.*no points/);
  expect(message(() => laguerre(one, [[0.5, Number.NaN]]))).toMatch(/SpecError.*NaN/);
  expect(message(() => laguerre(one, [[0.5]]))).toMatch(/expected 2/);
  expect(message(() => laguerre(one, quarters, { weights: [1, 1, 1, 1] }))).toMatch(/sum to 4 .* mass 1/);
  expect(message(() => laguerre({ shape: [2, 2], masses: [1, -1, 1, 0] }, quarters))).toMatch(/masses\[0\]\[1\].*-1/);
  expect(message(() => laguerre({ shape: [4] }, quarters))).toMatch(/two numbers/);
});
