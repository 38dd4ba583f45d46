import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOttoflowError } from "../errors.ts";
import { runFlow } from "../run.ts";
import { workedOut } from "./named.ts";
import { readParameters } from "./parameters.ts";
import { resolvePath } from "./path.ts";
import { patched, resolveSpec } from "./resolve.ts";

const spec = {
  title: "a well",
  parameters: {
    noise: { value: 0.5, min: 0.1, max: 4, step: 0.1, title: "noise", summary: "how hot" },
    tau: 0.05,
    n: 4,
    stiffness: "2*noise + 1",
  },
  energy: [
    { kind: "entropy", temperature: "=noise" },
    { kind: "potential", formula: "stiffness*x^2/2", weight: "=1/n" },
  ],
  space: { kind: "box", lower: [-4], upper: ["=4"], cells: ["=10*n"] },
  initial: { kind: "gaussian", mean: ["=-tau"], deviation: ["=noise/2"] },
  scheme: { kind: "finite-volume", time: "implicit", step: "=tau" },
  until: "=n*tau",
  observe: { frames: { every: "=2*tau" } },
  variants: { hot: { parameters: { noise: 2 } }, fine: { parameters: { tau: { value: 0.01 } }, scheme: { step: "=tau/2" } } },
  quick: { parameters: { n: 2 } },
};
/** the same with the numbers written by hand */
const byHand = (noise: number, tau: number, n: number) => ({
  title: "a well",
  energy: [
    { kind: "entropy", temperature: noise },
    { kind: "potential", formula: `(${2 * noise + 1})*x^2/2`, weight: 1 / n },
  ],
  space: { kind: "box", lower: [-4], upper: [4], cells: [10 * n] },
  initial: { kind: "gaussian", mean: [-tau], deviation: [noise / 2] },
  scheme: { kind: "finite-volume", time: "implicit", step: tau },
  until: n * tau,
  observe: { frames: { every: 2 * tau } },
});

describe("a spec with parameters is the spec with their numbers", () => {
  test("property: the same plain spec and the same bits in every frame", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.2, max: 1.6, noNaN: true }),
        fc.double({ min: 0.01, max: 0.1, noNaN: true }),
        fc.integer({ min: 2, max: 6 }),
        async (noise, tau, n) => {
          const named = await resolveSpec(spec, { parameters: { noise, tau, n } });
          const hand = await resolveSpec(byHand(noise, tau, n));
          expect(named.spec).toEqual(hand.spec);
          const [a, b] = [await runFlow(named), await runFlow(hand)];
          expect(a.frames.length).toBe(b.frames.length);
          const rows = ({ frames }: typeof a) => frames.map(({ t, measure }) => [t, (measure as { rho: Float64Array }).rho]);
          expect(rows(a)).toEqual(rows(b));
          expect(a.trace.energy).toEqual(b.trace.energy);
        },
      ),
      { numRuns: 15 },
    );
  });
  test("what it says of itself resolves to itself, without parameters", async () => {
    const { spec: plain, parameters, written } = await resolveSpec(spec);
    expect(JSON.stringify(plain)).not.toMatch(/"=|stiffness|parameters/);
    expect((await resolveSpec(plain)).spec).toEqual(plain);
    expect((await resolveSpec(plain)).written).toBeNull();
    expect(parameters.map(({ name, value, formula }) => [name, value, formula])).toEqual([
      ["noise", 0.5, null],
      ["tau", 0.05, null],
      ["n", 4, null],
      ["stiffness", 2, "2*noise + 1"],
    ]);
    expect(parameters[0]).toEqual({ name: "noise", value: 0.5, formula: null, min: 0.1, max: 4, step: 0.1, title: "noise", summary: "how hot" });
    expect(Object.keys(written!)).not.toContain("variants");
  });
  test("what was written runs again with other numbers", async () => {
    const { written } = await resolveSpec(spec, { variant: "hot" });
    expect((await resolveSpec(written, { parameters: { noise: 0.3 } })).spec).toEqual((await resolveSpec(spec, { parameters: { noise: 0.3 } })).spec);
  });
});

describe("who sets a parameter", () => {
  const noise = async (options: Parameters<typeof resolveSpec>[1]): Promise<unknown> =>
    ((await resolveSpec(spec, options)).spec.energy as readonly { temperature?: number }[])[0]!.temperature;
  test("a variant, by its number alone, which keeps the range", async () => {
    expect(await noise({ variant: "hot" })).toBe(2);
    await expect(noise({ variant: "hot", set: { noise: 5 } })).rejects.toThrow("parameters.noise: got 5 when expected 0.1 to 4");
  });
  test("set, by the bare name, by `parameters.NAME`, or by a formula of others", async () => {
    expect(await noise({ set: { noise: 0.7 } })).toBe(0.7);
    expect(await noise({ set: { "parameters.noise": 0.7 } })).toBe(0.7);
    expect(await noise({ set: { noise: "=3*n/10" } })).toBe(1.2);
    expect(await noise({ set: { "energy[0].temperature": "=noise/n" } })).toBe(0.125);
  });
  test("the calling program, after all others", async () => {
    expect(await noise({ set: { noise: 0.7 }, parameters: { noise: 0.9 } })).toBe(0.9);
    await expect(noise({ parameters: { nois: 1 } })).rejects.toThrow(
      '"nois" is not a parameter of this spec (noise, tau, n, stiffness). Did you mean "noise"?',
    );
  });
  test("quick and variants together: the last one wins, and what follows from it follows", async () => {
    const quick = (await resolveSpec(spec, { quick: true, variant: "fine" })).spec;
    expect([quick.until, (quick.scheme as { step: number }).step]).toEqual([2 * 0.01, 0.01 / 2]);
  });
  test("a number in place of a text that is worked out leaves the others alone", async () => {
    const { spec: plain } = await resolveSpec(spec, { set: { "scheme.step": 0.025 } });
    expect([(plain.scheme as { step: number }).step, plain.until]).toEqual([0.025, 0.2]);
  });
});

describe("where names may stand", () => {
  test("in formulas of every kind: kernels, initial densities, velocities, named measures", async () => {
    const { spec: plain } = await resolveSpec({
      parameters: { k: 2, s: "k/4" },
      energy: [{ kind: "interaction", formula: "k*r^2" }],
      drift: [{ kind: "advection", velocity: ["-k*x", "k*cos(t)"] }],
      measures: { start: { kind: "formula", formula: "exp(-(x^2 + y^2)/s)" } },
      space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [8, 8] },
      initial: "$start",
      scheme: { kind: "finite-volume", time: "explicit", step: 0.01 },
      until: 0.02,
    });
    expect(plain).toMatchObject({
      energy: [{ formula: "(2)*r^2" }],
      drift: [{ velocity: ["-(2)*x", "(2)*cos(t)"] }],
      measures: { start: { formula: "exp(-(x^2 + y^2)/(0.5))" } },
    });
  });
  test("in paths", async () => {
    const { spec: plain, parameters } = await resolvePath(
      {
        job: "path",
        parameters: { gap: 1 },
        space: { kind: "box", lower: [-1], upper: [3], cells: [40] },
        from: { kind: "gaussian", mean: [0], deviation: [0.2] },
        to: { kind: "gaussian", mean: ["=2*gap"], deviation: [0.2] },
        path: "displacement",
        frames: "=2 + gap",
      },
      { set: { gap: 0.5 + 0.5 } },
    );
    expect(plain).toMatchObject({ to: { mean: [2] }, frames: [0, 0.5, 1] });
    expect(parameters).toHaveLength(1);
  });
  test("not in words, and without any parameters too", () => {
    const given = { title: "=1", tags: ["=2"], until: "=3 + 4", initial: { mean: [0, 1] }, variants: { v: { until: "=8" } } };
    const { spec: plain } = workedOut(given);
    expect(plain).toEqual({ ...given, until: 7 });
    expect(plain.initial).toBe(given.initial);
  });
  test("functions of a calling program and arrays of bytes are left alone", () => {
    const value = (): number => 1;
    const bytes = new Uint8Array(3);
    const { spec: plain } = workedOut({ energy: [{ formula: { value }, bytes, weight: "=2" }] });
    expect(plain.energy).toEqual([{ formula: { value }, bytes, weight: 2 }]);
    expect((plain.energy as { bytes: unknown }[])[0]!.bytes).toBe(bytes);
  });
});

test("an unknown name is in the fields of the error, so that a page can offer to add it; a function and a variable are not", async () => {
  const unknown = async (formula: string): Promise<unknown> => {
    const error = await resolveSpec({ ...spec, energy: [{ kind: "potential", formula }] }).catch((e: unknown) => e);
    return isOttoflowError(error, "FormulaError") ? error.fields.unknown : error;
  };
  expect([await unknown("k*x"), await unknown("f(x)"), await unknown("z + x")]).toEqual(["k", undefined, undefined]);
});
test("each follows from others in any order, and is worked out once", () => {
  const chain = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`p${i}`, i === 29 ? 1 : `p${i + 1} + p${i + 1}`]));
  expect(readParameters(chain)[0]!.value).toBe(2 ** 29);
});
test("a spec without parameters is patched as ever", () => {
  const plain = { until: 1, variants: { long: { until: 2 } } };
  expect(patched(plain, { variant: "long" })).toEqual({ until: 2, variants: { long: { until: 2 } } });
});
