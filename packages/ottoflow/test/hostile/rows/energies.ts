/** Bad input: energies, discrepancies to a target, and formulas. */
import { deep, flatland, goal, type Hostile, potential } from "../sound.ts";

export const energies: readonly Hostile[] = [
  // energies
  { name: "no energy", patch: { energy: [] }, says: /energy: got no parts and there is no drift either/ },
  { name: "an unknown energy", patch: { energy: [{ kind: "entropi" }] }, says: /Did you mean "entropy"/ },
  { name: "an energy without a kind", patch: { energy: [{ temperature: 1 }] }, says: /energy\[0\].kind: got nothing when expected a known energy/ },
  {
    name: "a negative temperature",
    patch: { energy: [{ kind: "entropy", temperature: -1 }] },
    says: /got -1 when expected a number > 0. Meaning: factor eps in front of the entropy\.$/m,
  },
  { name: "a temperature of text", patch: { energy: [{ kind: "entropy", temperature: "hot" }] }, says: /got "hot" when expected a number/ },
  {
    name: "an infinite temperature",
    patch: { energy: [{ kind: "entropy", temperature: Number.POSITIVE_INFINITY }] },
    says: /got Infinity when expected a number/,
    unwritable: true,
  },
  { name: "NaN as a parameter", patch: { energy: [{ kind: "entropy", temperature: Number.NaN }] }, says: /got NaN when expected a number/, unwritable: true },
  { name: "an unknown parameter", patch: { energy: [{ kind: "entropy", temprature: 1 }] }, says: /temprature: is not a known key. Did you mean "temperature"/ },
  { name: "power one", patch: { energy: [{ kind: "power", m: 1 }] }, says: /got 1 when expected a number .*!= 1/ },
  {
    name: "fast diffusion without second moment",
    patch: { energy: [{ kind: "power", m: 0.3 }], space: { "stands-for": "whole-space" } },
    says: /infinite second moment/,
  },
  { name: "a negative weight on entropy", patch: { energy: [{ kind: "entropy", weight: -1 }] }, says: /ill-posed/ },
  { name: "a weight of zero", patch: { energy: [{ kind: "entropy", weight: 0 }] }, says: /is 0: leave the energy out/ },
  {
    name: "a matrix that is not symmetric",
    patch: {
      energy: [
        {
          kind: "quadratic",
          matrix: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
      space: { lower: [-1, -1], upper: [1, 1], cells: [4, 4] },
      initial: { mean: [0, 0] },
    },
    says: /is not symmetric/,
  },
  {
    name: "two kernels at once",
    patch: { energy: [{ kind: "interaction", kernel: "gaussian", formula: "r" }] },
    says: /got 2 of kernel, formula and two-point/,
  },
  { name: "no kernel", patch: { energy: [{ kind: "interaction" }] }, says: /got 0 of kernel, formula and two-point/ },
  // discrepancies to a target
  {
    name: "a target in the wrong dimension",
    patch: { energy: [{ kind: "wasserstein", to: { kind: "gaussian", mean: [0, 0], deviation: [1] } }] },
    says: /energy\[0\].to.mean: got 2 numbers when expected 1/,
  },
  {
    name: "a target of three coordinates in the plane",
    patch: { ...flatland, energy: [{ kind: "sinkhorn-divergence", to: { kind: "points", points: [[0, 1, 2]] } }] },
    says: /energy\[0\].to.points.*3/,
  },
  {
    name: "a smoothing of zero",
    patch: { ...flatland, energy: [{ kind: "sinkhorn-divergence", to: goal, epsilon: 0 }] },
    says: /epsilon: got 0 when expected a number > 0/,
  },
  {
    name: "a negative smoothing",
    patch: { ...flatland, energy: [{ kind: "sinkhorn-divergence", to: goal, epsilon: -1 }] },
    says: /epsilon: got -1 when expected a number > 0/,
  },
  {
    name: "a target of infinite second moment",
    patch: { energy: [{ kind: "wasserstein", to: { kind: "barenblatt", m: 0.3 } }] },
    says: /energy\[0\].to.*second moment is infinite/,
  },
  {
    name: "a target of another mass",
    patch: { energy: [{ kind: "wasserstein", to: { kind: "gaussian", mass: 2 } }] },
    says: /energy\[0\].to.mass: is 2 when the measure that flows has the mass 1/,
  },
  {
    name: "a target that is not there",
    patch: { energy: [{ kind: "mmd" }] },
    says: /energy\[0\].to: is missing/,
  },
  {
    name: "a target on a circle by straight distances",
    patch: { space: { boundary: "periodic" }, energy: [{ kind: "wasserstein", to: { kind: "gaussian" } }] },
    says: /measures straight distances, and an axis here is periodic/,
  },
  {
    name: "a discrepancy with a kernel that is infinite at 0",
    patch: { ...flatland, energy: [{ kind: "mmd", to: goal, kernel: "logarithmic" }] },
    says: /energy\[0\].kernel: .*infinite at 0/,
  },
  {
    name: "a Sinkhorn divergence on a grid",
    patch: { energy: [{ kind: "sinkhorn-divergence", to: { kind: "gaussian", deviation: [0.3] } }] },
    says: /needs sinkhorn-divergence on cells, where it has no code\. These would work: .*"particles"/,
  },
  {
    name: "more pairs than a Sinkhorn divergence writes out",
    patch: { ...flatland, energy: [{ kind: "sinkhorn-divergence", to: goal, points: 100_000 }] },
    says: /pairs of points of a Sinkhorn divergence: got 10000000000 when at most 40000000/,
  },
  // formulas
  { name: "a forbidden name", patch: potential("constructor(x)"), says: /constructor/ },
  { name: "reaching for the process", patch: potential("process.exit(1)"), says: /process/ },
  { name: "an assignment", patch: potential("x = 3"), says: /=/ },
  { name: "a string in a formula", patch: potential("'x'"), says: /FormulaError|'|character/ },
  { name: "an unbalanced parenthesis", patch: potential("(x + 1"), says: /\)|parenthes/ },
  { name: "an empty formula", patch: potential(""), says: /empty|nothing/i },
  { name: "a formula of spaces", patch: potential("    "), says: /empty|nothing/i },
  { name: "a million nodes", patch: potential(`x${"+x".repeat(500_000)}`), says: /characters/ },
  { name: "two thousand nodes", patch: potential(`x${"+x".repeat(1000)}`), says: /more than 500/ },
  { name: "a thousand parentheses", patch: potential(deep(1000)), says: /deep|nest/ },
  { name: "a variable that the space does not have", patch: potential("x + y"), says: /y/ },
  { name: "an unknown function", patch: potential("sinn(x)"), says: /sin/ },
  { name: "too many arguments", patch: potential("sin(x, x)"), says: /argument/ },
  { name: "a formula that is a list", patch: potential([1]), says: /when expected a formula/ },
];
