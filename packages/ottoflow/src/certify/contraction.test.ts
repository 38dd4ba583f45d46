import { expect, test } from "vitest";
import { run } from "../run.ts";

test.each([0.1, 1])("proximal steps of length %d contract the slope by their own bound, with equality for a Dirac in a parabola", async (step) => {
  const { checks } = await run({
    energy: [{ kind: "quadratic", matrix: 2 }],
    space: { kind: "free", dimension: 1 },
    initial: { kind: "points", points: [1] },
    scheme: { kind: "jko", proximal: "particles", step },
    until: 5,
  });
  const check = checks.find((c) => c.kind === "contraction")!;
  // x_{k+1} = x_k / (1 + 2 step): the ratio is 1 at every step, when e^{-2t} would have it grow with the number of steps
  expect(check.value).toBeCloseTo(1, 6);
  expect(check.verdict).not.toBe("fail");
  expect(check.source).toContain("|dF|(rho_k) / (1 + lambda tau)");
});
test("steps that are not proximal are held to exp(-lambda t): explicit Euler in a parabola stays below it", async () => {
  const { checks } = await run({
    energy: [{ kind: "quadratic", matrix: 2 }],
    space: { kind: "free", dimension: 1 },
    initial: { kind: "points", points: [1] },
    scheme: { kind: "particles", time: "euler", step: 0.1 },
    until: 1,
  });
  // (1 - 0.2) / e^{-0.2} after one step, less later
  expect(checks.find((c) => c.kind === "contraction")!.value).toBeCloseTo(0.8 * Math.exp(0.2), 9);
});
