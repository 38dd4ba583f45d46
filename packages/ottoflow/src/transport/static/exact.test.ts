import { describe, expect, test } from "vitest";
import { portableCloud } from "../../../test/portable.ts";
import { solve } from "../../solve.ts";
import { cloud } from "../problem.ts";

const published: readonly (readonly [number, number, number, number])[] = [
  [64, 2, 0.01905371331677, 0.11969889623403],
  [256, 2, 0.00512523826639, 0.06136383463666],
  [1000, 2, 0.00178471164497, 0.03637756223318],
  [1000, 3, 0.00743267039755, 0.07816609909473],
  [2000, 2, 0.00070939052973, 0.02278060316592],
  [4096, 2, 0.00039597462358, 0.01708705464181],
];
const pair = (n: number, d: number) => ({ from: cloud(portableCloud(1, n, d), { dim: d }), to: cloud(portableCloud(2, n, d), { dim: d }) });

describe("A28.1: U(1) and U(2) in [0, 1]^d, equal weights", () => {
  for (const [n, d, w2, w1] of published)
    for (const [p, value] of [
      [2, w2],
      [1, w1],
    ] as const)
      for (const solver of ["shortest-paths", "sparse-simplex", "assignment", "network-simplex"])
        if (solver.startsWith("s") || n <= 1000)
          test(`${solver}: n = ${n}, d = ${d}, p = ${p}`, async () => {
            const answer = await solve({ ...pair(n, d), p }, { solver });
            expect(answer.status).toBe("optimal");
            expect(Math.abs(answer.value - value)).toBeLessThan(6e-15);
            expect(Math.abs(answer.dual - value)).toBeLessThan(6e-15);
            expect(Math.max(...answer.defect)).toBeLessThan(1e-12);
          });
});
