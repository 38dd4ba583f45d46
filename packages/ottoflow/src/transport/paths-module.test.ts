import { describe, expect, test } from "vitest";
import { portableNormal } from "../../test/portable.ts";
import { pathsBetweenPoints, pathsBytes } from "./paths-module.ts";

/** N points of N(mean, deviation^2 I) in the plane, coordinate-major, unit masses. */
function cloud(seed: number, n: number, mean: number, deviation: number) {
  const normal = portableNormal(seed);
  const x = Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? mean : 0) + deviation * normal());
  return { n, x, mass: new BigInt64Array(n).fill(1n) };
}

describe("shortest paths that find too little room", () => {
  const n = 5000;
  // far apart and of other width: searches go through most rows, and their lists lengthen
  const [a, b] = [cloud(1, n, 0, 1), cloud(2, n, 2, 0.7)];
  const told: { readonly stage: string; readonly fraction: number }[] = [];
  const turns = pathsBetweenPoints(2, 2, a, b);
  let next = turns.next();
  for (; !next.done; next = turns.next()) told.push({ stage: next.value.stage, fraction: next.value.fraction as number });
  const end = next.value;
  if (end === "aborted" || end === "full" || "violator" in end) throw new Error(`no plan: ${JSON.stringify(end)}`);

  test("they go on with more of it: no cloud is solved twice, and what is said of the progress only grows, up to 1", () => {
    expect(end.figures.bytes).toBeGreaterThan(pathsBytes(n, n, 2));
    const stages = told.map(({ stage }) => stage).filter((stage, k, all) => k === 0 || stage !== all[k - 1]);
    expect(new Set(stages).size).toBe(stages.length);
    for (let k = 1; k < told.length; k++) expect(told[k]!.fraction).toBeGreaterThanOrEqual(told[k - 1]!.fraction - 1e-12);
    expect(told[0]!.fraction).toBeLessThan(0.01);
    expect(told.at(-1)!.fraction).toBeLessThanOrEqual(1);
  });
  test("the plan is an assignment, and a certificate of all pairs closes: dual value = cost, no reduced cost below zero", () => {
    const cost = (i: number, j: number): number => (a.x[i]! - b.x[j]!) ** 2 + (a.x[n + i]! - b.x[n + j]!) ** 2;
    expect(new Set(end.from).size).toBe(n);
    expect(new Set(end.to).size).toBe(n);
    let [primal, dual, least] = [0, 0, 0];
    for (let e = 0; e < n; e++) primal += cost(end.from[e]!, end.to[e]!);
    for (let i = 0; i < n; i++) dual += end.f[i]! + end.g[i]!;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) least = Math.min(least, cost(i, j) - end.f[i]! - end.g[j]!);
    expect(Math.abs(primal - dual) / primal).toBeLessThan(1e-12);
    expect(least).toBeGreaterThan(-1e-9);
  });
});
