import { describe, expect, test } from "vitest";
import { derivationOf } from "./derivation.ts";
import { flowName } from "./flow-name.ts";
import { resolveSpec } from "./resolve.ts";

const box = { kind: "box", lower: [-3], upper: [3], cells: [32] };
const flow = (change: object): object => ({
  space: box,
  initial: "gaussian",
  scheme: { kind: "finite-volume", step: 0.01, time: "explicit" },
  until: 1,
  ...change,
});
const V = { kind: "potential", formula: "(x^2 - 1)^2" };
const W = { kind: "interaction", formula: "r^2/2" };

describe("flows are known by the names of the field", () => {
  test.each([
    [{ energy: ["entropy"] }, "heat equation"],
    [{ energy: [{ kind: "power", m: 2 }] }, "porous medium equation"],
    [{ energy: ["entropy", V] }, "Fokker\u2013Planck equation"],
    [{ energy: ["entropy", { kind: "quadratic", matrix: 1 }] }, "Ornstein\u2013Uhlenbeck process, by its Fokker\u2013Planck equation"],
    [{ energy: ["entropy", V, W] }, "McKean\u2013Vlasov equation"],
    [{ energy: [{ kind: "power", m: 2 }, W] }, "aggregation\u2013diffusion equation"],
    [{ energy: [W] }, "aggregation equation"],
    [{ energy: ["entropy", V], geometry: "fisher-rao" }, /^Fisher\u2013Rao gradient flow/],
    [{ energy: ["entropy", V], geometry: "l2" }, null],
  ])("%j", async (change, name) => {
    const { problem } = await resolveSpec(flow(change));
    const found = flowName(problem);
    if (name instanceof RegExp) expect(found).toMatch(name);
    else expect(found).toBe(name);
  });
});
test("each part stands in one term of the equation, and says which entry of the spec it is from", async () => {
  const { problem, origin } = await resolveSpec(flow({ energy: ["entropy", V, W] }));
  expect(origin).toEqual([0, 1, 2]);
  const { terms, diffusion } = derivationOf(problem);
  expect(terms.flatMap(({ parts }) => parts)).toEqual([0, 1, 2]);
  for (const { tex } of terms) expect(diffusion).toContain(tex);
});
