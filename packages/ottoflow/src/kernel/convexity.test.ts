import { describe, expect, test } from "vitest";
import { at, build, normals } from "../../test/kernel.ts";
import type { Kernel } from "../contract.ts";
import type { Unit } from "../define.ts";
import { attractionRepulsion } from "./attraction-repulsion.ts";
import { energyDistance } from "./energy-distance.ts";
import { gaussian } from "./gaussian.ts";
import { logarithmic } from "./logarithmic.ts";
import { morse } from "./morse.ts";
import { newtonian } from "./newtonian.ts";
import { power } from "./power.ts";
import { powerLog } from "./power-log.ts";
import { radial } from "./radial.ts";
import { twoPoint } from "./two-point.ts";

/** lowest (k(p) + k(q) - 2 k((p + q) / 2)) / (|p - q|^2 / 4) seen over segments through displacements, short and long, also across 0 */
function lowest(k: Kernel, dim: number, halfLine = false): number {
  const z = normals(dim, 600, 5);
  const far = normals(dim, 600, 6);
  const origin = new Array<number>(dim).fill(0);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 600; i++) {
    const p = Array.from({ length: dim }, (_, a) => (i % 2 === 0 ? 2 : 0.05) * z[a * 600 + i]!);
    const size = i % 3 === 0 ? 1 : 0.02;
    let q = p.map((c, a) => c + size * far[a * 600 + i]!);
    if (halfLine) {
      p[0] = Math.abs(p[0]!) + 1e-3;
      q = [Math.abs(q[0]!) + 1e-3];
    }
    const mid = p.map((c, a) => (c + q[a]!) / 2);
    const gap = at(k, dim, p, origin) + at(k, dim, q, origin) - 2 * at(k, dim, mid, origin);
    const square = p.reduce((s, c, a) => s + (c - q[a]!) ** 2, 0);
    if (square > 1e-6) least = Math.min(least, (4 * gap) / square);
  }
  return least;
}

describe("facts of convexity hold at second differences, and are sharp where said", () => {
  const claims: readonly (readonly [string, Unit<"kernel">, number, Record<string, unknown>, number | null, boolean | null])[] = [
    ["|x|^2 / 2", power, 2, { p: 2 }, 1, null],
    ["-|x|^2 / 2", power, 1, { p: 2, factor: -1 }, -1, null],
    ["|x|^3 / 3", power, 1, { p: 3 }, 0, true],
    ["|x|", power, 2, { p: 1 }, 0, null],
    ["-|x|^(1/2)", power, 1, { p: 0.5, factor: -1 }, null, true],
    ["|x|^(1/2)", power, 1, { p: 0.5 }, null, false],
    ["-log|x|", logarithmic, 1, {}, null, true],
    ["log|x|", logarithmic, 1, { factor: -1 }, null, false],
    ["x^2/2 - log|x|", powerLog, 1, {}, null, true],
    ["x^4/4 - x^2/2 (A8.2)", attractionRepulsion, 1, { a: 4, b: 2 }, -1, false],
    ["x^6/6 - x^3/3", attractionRepulsion, 2, { a: 6, b: 3 }, 5 * 0.1 ** (4 / 3) - 2 * 0.1 ** (1 / 3), null],
    ["x^2/2 - |x| (A8.4)", attractionRepulsion, 1, { a: 2, b: 1 }, null, true],
    ["Gaussian of width 1/2", gaussian, 2, { width: 0.5 }, -4, null],
    ["attractive Gaussian", gaussian, 1, { width: 1, factor: -1 }, -2 * Math.exp(-1.5), null],
    ["Morse with a kink that repels", morse, 1, {}, null, false],
    ["Morse that attracts", morse, 1, { repulsion: 0 }, -1, false],
    ["-|x|", energyDistance, 1, {}, null, true],
    ["|x|", energyDistance, 2, { factor: -1 }, 0, null],
    ["Newton on the line", newtonian, 1, {}, null, true],
    ["formula r^4/4 - r^2/2", radial, 3, { formula: "r^4/4 - r^2/2" }, -1, null],
    ["formula r^2/2 - r", radial, 1, { formula: "r^2/2 - r" }, null, true],
    ["formula -log(r)", radial, 1, { formula: "-log(r)" }, null, true],
    ["formula -r^2", radial, 1, { formula: "-r^2", factor: 0.5 }, -1, null],
  ];
  test.each(claims)("%s", (_, unit, dim, params, lambda, half) => {
    const k = build(unit, dim, params);
    if (lambda === null) expect(k.convex).toBeUndefined();
    else {
      expect(k.convex!.value).toBeCloseTo(lambda, 7);
      expect(lowest(k, dim)).toBeGreaterThan(lambda - 1e-6);
      expect(lowest(k, dim)).toBeLessThan(lambda + 0.05 + 0.05 * Math.abs(lambda));
    }
    if (half === null || dim > 1) return;
    expect(k.convexOnHalfLine?.value ?? false).toBe(half);
    if (half) expect(lowest(k, 1, true)).toBeGreaterThan(-1e-6);
    else expect(lowest(k, 1, true)).toBeLessThan(-1e-3);
  });
  test("the quadratic kernel is known as such", () => {
    expect(build(power, 3, { p: 2, factor: 0.5 }).quadratic).toBe(0.5);
    expect(build(radial, 2, { formula: "3*r^2/2" }).quadratic).toBe(3);
    expect(build(twoPoint, 2, { formula: "(x1-y1)^2/2 + (x2-y2)^2/2" }).quadratic).toBe(1);
    expect(build(twoPoint, 1, { formula: "x^2 + y^2" }).quadratic).toBeUndefined();
    expect(build(power, 3, { p: 3 }).quadratic).toBeUndefined();
  });
});
