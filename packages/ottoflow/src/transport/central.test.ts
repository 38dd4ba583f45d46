import { expect, test } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import { solve } from "../solve.ts";
import { centralPotentials } from "./central.ts";
import { powerCost } from "./cost.ts";
import { atomsOf, cloud, transportProblem } from "./problem.ts";

test("potentials in the middle are optimal too, and only pairs with mass hold with equality", async () => {
  const n = 40;
  const p = transportProblem({ from: cloud(portableCloud(1, n, 2), { dim: 2 }), to: cloud(portableCloud(2, n, 2), { dim: 2 }) });
  const answer = await solve(p);
  const [a, b] = [atomsOf(p.from, "from"), atomsOf(p.to, "to")];
  const { f, g } = centralPotentials(p.cost, a, b, answer.plan!, answer.potentials!.f, answer.potentials!.g);
  const dual = f.reduce((s, v) => s + v / n, 0) + g.reduce((s, v) => s + v / n, 0);
  expect(dual).toBeCloseTo(answer.value, 12);
  const cost = powerCost(2);
  const partner = new Int32Array(n);
  answer.plan!.sparse!.from.forEach((i, e) => {
    partner[i] = answer.plan!.sparse!.to[e]!;
  });
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const slack = cost.at(i, j, n, a.x, n, b.x) - f[i]! - g[j]!;
      if (partner[i] === j) expect(Math.abs(slack)).toBeLessThan(1e-12);
      else expect(slack).toBeGreaterThan(1e-9);
    }
});
test("one-to-one pairs on the line: equal to the only potentials where they are unique", async () => {
  // 2 x 3 with shared columns: the plan's graph is connected, so potentials are unique up to a constant
  const p = transportProblem({ from: cloud([0, 1]), to: cloud([0, 0.5, 1]) });
  const answer = await solve(p);
  expect(answer.potentials!.components).toBe(1);
  const { f, g } = centralPotentials(p.cost, atomsOf(p.from, "from"), atomsOf(p.to, "to"), answer.plan!, answer.potentials!.f, answer.potentials!.g);
  f.forEach((v, i) => {
    expect(v - f[0]!).toBeCloseTo(answer.potentials!.f[i]! - answer.potentials!.f[0]!, 12);
  });
  g.forEach((v, j) => {
    expect(v - g[0]!).toBeCloseTo(answer.potentials!.g[j]! - answer.potentials!.g[0]!, 12);
  });
});
