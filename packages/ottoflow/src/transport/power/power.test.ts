import { describe, expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import { pixelDensity, totals } from "./density.ts";
import { boxOf, measureCells, openCells, openSites, polygonsOf } from "./diagram.ts";
import { orientation } from "./orientation.ts";
import { after, before, copied } from "./triangulation.ts";

const square = (n: number, rho: (i: number) => number) =>
  pixelDensity(
    { shape: [n, n], origin: [0.5 / n, 0.5 / n], h: [1 / n, 1 / n] },
    Float64Array.from({ length: n * n }, (_, i) => rho(i)),
  );
/** area, x and y moments of a polygon */
function areaOf(p: Float64Array): number {
  let s = 0;
  for (let k = 0; k < p.length; k += 2) {
    const m = (k + 2) % p.length;
    s += p[k]! * p[m + 1]! - p[k + 1]! * p[m]!;
  }
  return 0.5 * s;
}

describe("orientation is exact", () => {
  test("points on a line with rounded coordinates, and one unit in the last place off it", () => {
    expect(orientation(0.1, 0.1, 0.3, 0.3, 0.7, 0.7)).toBe(0);
    const up = 0.7 + 2 ** -53;
    expect(orientation(0.1, 0.1, 0.3, 0.3, 0.7, up)).toBeGreaterThan(0);
    expect(orientation(0.1, 0.1, 0.3, 0.3, up, 0.7)).toBeLessThan(0);
    expect(orientation(1e-30, 1e-30, 12, 12, 24, 24 + 4e-15)).toBeGreaterThan(0);
  });
  test("all points a few units in the last place around (1/2, 1/2) against the line through (12, 12) and (24, 24), where differences lose them", () => {
    for (let i = -8; i <= 8; i++)
      for (let j = -8; j <= 8; j++) {
        const [x, y] = [0.5 + i * 2 ** -53, 0.5 + j * 2 ** -53];
        expect(Math.sign(orientation(x, y, 12, 12, 24, 24))).toBe(Math.sign(y - x));
      }
  });
});

describe("triangulations and cells", () => {
  test.each([
    ["random", portableCloud(3, 400, 2)],
    [
      "a lattice, where four lie on every circle",
      Float64Array.from({ length: 2 * 225 }, (_, k) => (k < 225 ? (k % 15) + 0.5 : Math.floor((k - 225) / 15) + 0.5) / 15),
    ],
    ["on one line", Float64Array.from({ length: 60 }, (_, k) => (k < 30 ? (k + 0.5) / 30 : 0.3))],
  ])("%s: Voronoi's cells tile the square, each point is in the cell of its nearest site", (_, cloud) => {
    const n = cloud.length / 2;
    const [x, y] = [cloud.slice(0, n), cloud.slice(n)];
    const { sites, triangulation } = openSites(x, y);
    for (let e = 0; e < 3 * triangulation.count; e++) {
      const [a, b, c] = [triangulation.corner[e]!, triangulation.corner[after(e)]!, triangulation.corner[before(e)]!];
      expect(orientation(sites.x[a]!, sites.y[a]!, sites.x[b]!, sites.y[b]!, sites.x[c]!, sites.y[c]!)).toBeGreaterThan(0);
    }
    const lift = new Float64Array(n + 3);
    for (let i = 0; i < n; i++) lift[i] = 0.5 * (x[i]! ** 2 + y[i]! ** 2);
    const d = square(8, () => 1);
    const out = openCells(n);
    expect(measureCells(triangulation, sites, lift, d, d, out)).toBe(true);
    expect(Math.abs(out.mass.reduce((s, v) => s + v, 0) - 1)).toBeLessThan(1e-12);
    const polygons = polygonsOf(triangulation, sites, lift, boxOf(d));
    for (let i = 0; i < n; i++) expect(Math.abs(areaOf(polygons[i]!) - out.mass[i]!)).toBeLessThan(1e-13);
    const u = portableUniform(9);
    const count = new Float64Array(n);
    for (let k = 0; k < 20000; k++) {
      const [p, q] = [u(), u()];
      let best = 0;
      for (let i = 1; i < n; i++) if ((x[i]! - p) ** 2 + (y[i]! - q) ** 2 < (x[best]! - p) ** 2 + (y[best]! - q) ** 2) best = i;
      count[best]! += 1 / 20000;
    }
    // 5 standard deviations
    for (let i = 0; i < n; i++) expect(Math.abs(count[i]! - out.mass[i]!)).toBeLessThan(5 * Math.sqrt((out.mass[i]! + 1e-4) / 20000));
  });

  test("weights: masses and moments over pixels against a fine midpoint rule, rates against differences", () => {
    const n = 12;
    const cloud = portableCloud(5, n, 2);
    const [x, y] = [cloud.slice(0, n), cloud.slice(n)];
    const next = portableUniform(6);
    const d = square(6, () => 0.2 + next());
    const psi = Float64Array.from({ length: n }, () => 0.01 * next());
    const cellsAt = (values: Float64Array) => {
      const { sites, triangulation } = openSites(x, y);
      const lift = new Float64Array(n + 3);
      for (let i = 0; i < n; i++) lift[i] = 0.5 * (x[i]! ** 2 + y[i]! ** 2 - values[i]!);
      const out = openCells(n);
      expect(measureCells(copied(triangulation), sites, lift, d, d, out)).toBe(true);
      return out;
    };
    const out = cellsAt(psi);
    const all = totals(d);
    const k = 600;
    const [mass, mx, my] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    for (let a = 0; a < k * k; a++) {
      const [p, q] = [((a % k) + 0.5) / k, (Math.floor(a / k) + 0.5) / k];
      let best = 0;
      const cost = (i: number) => (x[i]! - p) ** 2 + (y[i]! - q) ** 2 - psi[i]!;
      for (let i = 1; i < n; i++) if (cost(i) < cost(best)) best = i;
      const m = d.rho[Math.floor(q * 6) * 6 + Math.floor(p * 6)]! / (k * k);
      mass[best]! += m;
      mx[best]! += m * p;
      my[best]! += m * q;
    }
    for (let i = 0; i < n; i++) {
      expect(Math.abs(mass[i]! - out.mass[i]!)).toBeLessThan(1e-4);
      expect(Math.abs(mx[i]! - out.mx[i]!)).toBeLessThan(1e-4);
      expect(Math.abs(my[i]! - out.my[i]!)).toBeLessThan(1e-4);
    }
    expect(Math.abs(out.mass.reduce((s, v) => s + v, 0) - all.mass)).toBeLessThan(1e-14);
    expect(Math.abs(out.mx.reduce((s, v) => s + v, 0) - all.x)).toBeLessThan(1e-14);
    expect(Math.abs(out.my.reduce((s, v) => s + v, 0) - all.y)).toBeLessThan(1e-14);
    const t = 1e-6;
    const moved = (s: number) => cellsAt(psi.map((v, i) => (i === 4 ? v + s : v))).mass;
    const [up, down] = [moved(t), moved(-t)];
    for (let i = 0; i < n; i++) {
      let rate = 0;
      for (let e = 0; e < out.edges; e++) {
        const [a, b] = [out.from[e]!, out.to[e]!];
        if (i === 4 && (a === 4 || b === 4)) rate += out.rate[e]!;
        else if ((a === i && b === 4) || (b === i && a === 4)) rate -= out.rate[e]!;
      }
      expect(Math.abs((up[i]! - down[i]!) / (2 * t) - rate)).toBeLessThan(1e-6);
    }
  });
  test("a cell that is empty is told", () => {
    const { sites, triangulation } = openSites(Float64Array.of(0.2, 0.8, 0.5, 0.5), Float64Array.of(0.5, 0.5, 0.2, 0.51));
    const lift = Float64Array.from({ length: 7 }, (_, i) => (i < 4 ? 0.5 * (sites.x[i]! ** 2 + sites.y[i]! ** 2 + (i === 3 ? 1 : 0)) : 0));
    const d = square(1, () => 1);
    const out = openCells(4);
    const found = measureCells(triangulation, sites, lift, d, d, out);
    expect(found && out.mass[3]! > 0).toBe(false);
  });
});
