/** Awkward and wrong transport problems: each gets the right answer or one clear error; nothing crashes, hangs or returns NaN. */
import { expect, test } from "vitest";
import { isOttoflowError } from "../../src/errors.ts";
import { type SolveOptions, solve } from "../../src/solve.ts";
import { makeBox } from "../../src/space/box.ts";
import { allowOnly, circleCost, functionCost, powerCost, sphereCost, tableCost } from "../../src/transport/cost.ts";
import { allowPairs, pairCost } from "../../src/transport/pair-list.ts";
import { cloud, placeholders, type TransportInput } from "../../src/transport/problem.ts";
import { portableCloud } from "../portable.ts";

interface Case {
  readonly name: string;
  readonly problem: () => TransportInput;
  readonly options?: SolveOptions;
  /** the value it must find, known in closed form */
  readonly value?: number;
  readonly status?: string;
  /** in the message of the error or in the notes of the answer */
  readonly says?: RegExp;
}
const two = [
  [0, 0],
  [1, 0],
];
const here = () => cloud(two);
const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const box = makeBox({ lower: [0, 0], upper: [1, 1], cells: [4, 4] });
const cells = (f: (i: number) => number) => ({ rep: "cells" as const, space: box, rho: Float64Array.from({ length: 16 }, (_, i) => f(i)) });

const cases: readonly Case[] = [
  { name: "the same cloud twice", problem: () => ({ from: here(), to: here() }), value: 0 },
  { name: "one point to one point", problem: () => ({ from: cloud([[0, 0]]), to: cloud([[3, 4]]) }), value: 25 },
  { name: "one point to many: the only plan", problem: () => ({ from: cloud([0]), to: cloud([1, 2, 3]) }), value: (1 + 4 + 9) / 3 },
  {
    name: "repeated points",
    problem: () => ({
      from: cloud([
        [0, 0],
        [0, 0],
        [1, 1],
      ]),
      to: cloud([
        [1, 1],
        [0, 0],
        [0, 0],
      ]),
    }),
    value: 0,
  },
  { name: "all points in one place", problem: () => ({ from: cloud([5, 5, 5]), to: cloud([5, 5]) }), value: 0 },
  { name: "whole numbers in typed arrays", problem: () => ({ from: cloud(Int32Array.of(0, 4)), to: cloud(Uint8Array.of(1, 5)) }), value: 1 },
  {
    name: "weights that are whole numbers",
    problem: () => ({ from: cloud([0, 4], { weights: Int32Array.of(1, 3) }), to: cloud([4], { weights: [4] }) }),
    value: 16,
  },
  {
    name: "points without mass",
    problem: () => ({ from: cloud([0, 7, 1], { weights: [0.5, 0, 0.5] }), to: cloud([1, 0, -9], { weights: [0.5, 0.5, 0] }) }),
    value: 0,
    says: /without mass/,
  },
  {
    name: "very different weights",
    problem: () => ({ from: cloud([0, 1], { weights: [1, 1e-12] }), to: cloud([0, 1], { weights: [1e-12, 1] }) }),
    value: 1 - 1e-12,
  },
  { name: "tiny masses", problem: () => ({ from: cloud([0], { weights: [1e-200] }), to: cloud([2], { weights: [1e-200] }) }), value: 4e-200 },
  { name: "large masses", problem: () => ({ from: cloud([0, 1], { weights: [1e12, 1e12] }), to: cloud([1, 0], { weights: [1e12, 1e12] }) }), value: 0 },
  { name: "points far from the origin", problem: () => ({ from: cloud([1e8, 1e8 + 1]), to: cloud([1e8 + 1, 1e8 + 2]) }), value: 1 },
  { name: "points close to each other", problem: () => ({ from: cloud([0, 1e-9]), to: cloud([1e-9, 2e-9]) }), value: 1e-18 },
  {
    name: "distances whose squares overflow",
    problem: () => ({ from: cloud([[0, 0]]), to: cloud([[1e200, 0]]) }),
    says: /finite|forbid|avoid|no plan|overflow/i,
  },
  { name: "a table of zeros", problem: () => ({ from: placeholders(3), to: placeholders(3), cost: tableCost(3, 3, new Float64Array(9)) }), value: 0 },
  { name: "negative costs", problem: () => ({ from: placeholders(2), to: placeholders(2), cost: tableCost(2, 2, [-1, 0, 0, -1]) }), value: -1 },
  { name: "a forbidden pair", problem: () => ({ from: placeholders(2), to: placeholders(2), cost: tableCost(2, 2, [inf, 5, 7, inf]) }), value: 6 },
  {
    name: "a point that nothing may serve",
    problem: () => ({ from: placeholders(2), to: placeholders(2), cost: tableCost(2, 2, [inf, inf, 1, 1]) }),
    status: "infeasible",
  },
  {
    name: "two points that only one may serve",
    problem: () => ({ from: placeholders(3), to: placeholders(3), cost: tableCost(3, 3, [1, inf, inf, 1, inf, inf, 1, 1, 1]) }),
    status: "infeasible",
  },
  { name: "everything forbidden", problem: () => ({ from: here(), to: here(), cost: allowOnly(powerCost(2), () => false) }), status: "infeasible" },
  { name: "two clouds far apart: potentials in parts", problem: () => ({ from: cloud([0, 100]), to: cloud([0, 100]) }), value: 0, says: /2 parts/ },
  { name: "p = 1 on the line, of many solutions", problem: () => ({ from: cloud([0, 1]), to: cloud([2, 3]), p: 1 }), value: 2 },
  {
    name: "p = Infinity",
    problem: () => ({
      from: cloud([
        [0, 0],
        [5, 0],
      ]),
      to: cloud([
        [0, 1],
        [5, 3],
      ]),
      p: inf,
    }),
    value: 3,
  },
  { name: "half of the mass may stay", problem: () => ({ from: cloud([0, 10]), to: cloud([1, 50]), marginals: { kind: "at-most" }, mass: 0.5 }), value: 0.5 },
  { name: "nothing has to move", problem: () => ({ from: cloud([0, 10]), to: cloud([1, 50]), marginals: { kind: "at-most" }, mass: 0 }), value: 0 },
  { name: "epsilon so large that the plan is the product", problem: () => ({ from: cloud([0, 1]), to: cloud([0, 1]), epsilon: 1e6 }), value: 0.5 },
  {
    name: "epsilon of a millionth of the largest cost",
    problem: () => ({ from: cloud(portableCloud(1, 60, 2), { dim: 2 }), to: cloud(portableCloud(2, 60, 2), { dim: 2 }), epsilon: 2e-6 }),
    status: "optimal",
  },
  { name: "an image with empty pixels", problem: () => ({ from: cells((i) => (i === 5 ? 16 : 0)), to: cells((i) => (i === 6 ? 16 : 0)) }), value: 1 / 16 },
  {
    name: "a forbidden pair behind a point without mass",
    problem: () => ({
      from: cloud([9, 0, 1], { weights: [0, 1, 1] }),
      to: cloud([0, 1], { weights: [1, 1] }),
      cost: allowOnly(powerCost(2), (i, j) => i !== j + 1),
    }),
    value: 2,
  },
  {
    name: "a list of allowed pairs",
    problem: () => ({ from: placeholders(2), to: placeholders(2), cost: pairCost(2, 2, [0, 0, 1], [0, 1, 0], [1, 5, 7]) }),
    value: 6,
  },
  {
    name: "a list of pairs that leaves a point alone",
    problem: () => ({ from: placeholders(2), to: placeholders(2), cost: pairCost(2, 2, [0, 0], [0, 1], [1, 5]) }),
    status: "infeasible",
    says: /may only go to none/,
  },
  { name: "an empty list of pairs", problem: () => ({ from: placeholders(2), to: placeholders(2), cost: pairCost(2, 2, [], [], []) }), status: "infeasible" },
  {
    name: "a list of pairs for points, some without mass",
    problem: () => ({
      from: cloud([5, 0, 3], { weights: [0, 0.5, 0.5] }),
      to: cloud([1, 4]),
      cost: allowPairs(powerCost(1), 3, 2, [0, 1, 2, 2], [0, 1, 0, 1]),
    }),
    value: 3,
  },
  {
    name: "allowed pairs that cannot carry the mass that is asked for",
    problem: () => ({ from: here(), to: here(), cost: allowPairs(powerCost(2), 2, 2, [0, 1], [0, 0]), marginals: { kind: "at-most" }, mass: 0.75 }),
    status: "infeasible",
    says: /mass that is asked for/,
  },
  {
    name: "allowed pairs that can",
    problem: () => ({ from: here(), to: here(), cost: allowPairs(powerCost(2), 2, 2, [0, 1], [0, 0]), marginals: { kind: "at-most" }, mass: 0.5 }),
    value: 0,
  },
  {
    name: "all of the smaller mass, each side at most",
    problem: () => ({ from: cloud([0, 1]), to: cloud([0, 1, 9], { weights: [1, 1, 1] }), marginals: { kind: "at-most" } }),
    value: 0,
  },
  {
    name: "entropy, and a point that nothing may serve",
    problem: () => ({ from: placeholders(2), to: placeholders(2), cost: tableCost(2, 2, [inf, inf, 1, 1]), epsilon: 0.1 }),
    status: "infeasible",
  },
  {
    name: "marginals drawn by KL, and a point that nothing may serve",
    problem: () => ({
      from: placeholders(2),
      to: placeholders(2),
      cost: tableCost(2, 2, [inf, inf, 1, 1]),
      epsilon: 0.1,
      marginals: { kind: "kl", weight: 1 },
    }),
    status: "optimal",
    says: /1 points have no allowed partner/,
  },
  {
    name: "marginals drawn by KL, and everything forbidden",
    problem: () => ({ from: here(), to: here(), cost: allowOnly(powerCost(2), () => false), epsilon: 0.1, marginals: { kind: "kl", weight: 2 } }),
    value: 0,
    says: /nothing moves/,
  },
  {
    name: "marginals at most, forbidden pairs and entropy",
    problem: () => ({ from: here(), to: here(), cost: allowOnly(powerCost(2), (i, j) => i === j), epsilon: 0.1, marginals: { kind: "at-most" }, mass: 0.5 }),
    says: /forbidden pairs only under KL on both sides/,
  },
  {
    name: "marginals drawn by KL with a weight of 1e12",
    problem: () => ({ from: cloud([0, 1]), to: cloud([0, 1]), epsilon: 1, marginals: { kind: "kl", weight: 1e12 } }),
    status: "optimal",
  },
  {
    name: "marginals drawn by KL with a weight of 1e-12",
    problem: () => ({ from: cloud([0, 1]), to: cloud([0, 1]), epsilon: 1, marginals: { kind: "kl", weight: 1e-12 } }),
    status: "optimal",
  },
  {
    name: "masses a million apart, drawn by KL",
    problem: () => ({ from: cloud([0, 1], { weights: [1e6, 1e6] }), to: cloud([0, 1]), epsilon: 0.1, marginals: { kind: "kl", weight: 1 } }),
    status: "optimal",
  },
  {
    name: "points without mass, drawn by KL",
    problem: () => ({
      from: cloud([0, 7, 1], { weights: [1, 0, 1] }),
      to: cloud([1, 0, -9], { weights: [1, 1, 0] }),
      epsilon: 0.01,
      marginals: { kind: "kl", weight: 1 },
    }),
    status: "optimal",
    says: /2 points without mass/,
  },
  {
    name: "points without mass, with entropy",
    problem: () => ({ from: cloud([0, 7, 1], { weights: [1, 0, 1] }), to: cloud([1, 0, -9], { weights: [1, 1, 0] }), epsilon: 1e-3 }),
    status: "optimal",
    says: /2 points without mass/,
  },
  {
    name: "a given mass with entropy, nearly all of it",
    problem: () => ({ from: cloud([0, 1]), to: cloud([0, 1]), epsilon: 0.01, marginals: { kind: "at-most" }, mass: 1 - 1e-9 }),
    status: "optimal",
  },
  { name: "no points", problem: () => ({ from: cloud([]), to: here() }), says: /no points/ },
  { name: "NaN among coordinates", problem: () => ({ from: cloud([[0, nan]]), to: here() }), says: /finite/ },
  { name: "an infinite coordinate", problem: () => ({ from: cloud([[0, inf]]), to: here() }), says: /finite/ },
  { name: "points of different length", problem: () => ({ from: cloud([[0, 0], [1]]), to: here() }), says: /1 values when expected 2/ },
  { name: "other dimensions", problem: () => ({ from: here(), to: cloud([1, 2]) }), says: /dimensions/ },
  { name: "a negative weight", problem: () => ({ from: cloud(two, { weights: [1, -1] }), to: here() }), says: /at least 0/ },
  { name: "NaN among weights", problem: () => ({ from: cloud(two, { weights: [1, nan] }), to: here() }), says: /at least 0/ },
  { name: "weights that are all zero", problem: () => ({ from: cloud(two, { weights: [0, 0] }), to: here() }), says: /all are zero/ },
  { name: "too few weights", problem: () => ({ from: cloud(two, { weights: [1] }), to: here() }), says: /1 values when expected 2/ },
  { name: "unequal masses", problem: () => ({ from: cloud(two, { weights: [1, 1] }), to: here() }), says: /mass 1 when the first measure has 2/ },
  { name: "a negative density", problem: () => ({ from: cells((i) => (i === 0 ? -1 : 1)), to: cells(() => 1) }), says: /at least 0/ },
  { name: "p below 1", problem: () => ({ from: here(), to: here(), p: 0.5 }), says: /concave/ },
  { name: "p that is NaN", problem: () => ({ from: here(), to: here(), p: nan }), says: /1 to Infinity/ },
  { name: "a negative epsilon", problem: () => ({ from: here(), to: here(), epsilon: -1 }), says: /at least 0/ },
  { name: "epsilon that is NaN", problem: () => ({ from: here(), to: here(), epsilon: nan }), says: /at least 0/ },
  { name: "a table of another size", problem: () => ({ from: here(), to: here(), cost: tableCost(3, 2, new Float64Array(6)) }), says: /3 values|got 3/ },
  { name: "a table with too few numbers", problem: () => ({ from: here(), to: here(), cost: tableCost(2, 2, [1, 2, 3]) }), says: /3 values when expected 4/ },
  { name: "NaN in a table", problem: () => ({ from: here(), to: here(), cost: tableCost(2, 2, [0, 1, nan, 0]) }), says: /cost\[1\]\[0\]/ },
  { name: "minus infinity in a table", problem: () => ({ from: here(), to: here(), cost: tableCost(2, 2, [0, -inf, 1, 0]) }), says: /cost\[0\]\[1\]/ },
  { name: "a pair listed twice", problem: () => ({ from: here(), to: here(), cost: pairCost(2, 2, [0, 0], [1, 1], [1, 2]) }), says: /a second time/ },
  {
    name: "a listed pair of points that do not exist",
    problem: () => ({ from: here(), to: here(), cost: pairCost(2, 2, [0, 2], [1, 1], [1, 2]) }),
    says: /number of one of 2 points/,
  },
  { name: "NaN among listed costs", problem: () => ({ from: here(), to: here(), cost: pairCost(2, 2, [0, 1], [1, 1], [1, nan]) }), says: /finite number/ },
  {
    name: "a list of pairs of other sizes",
    problem: () => ({ from: here(), to: here(), cost: allowPairs(powerCost(2), 3, 2, [0, 1], [1, 1]) }),
    says: /got 3/,
  },
  { name: "a cost function that gives NaN", problem: () => ({ from: here(), to: here(), cost: functionCost(2, () => nan) }), says: /NaN/ },
  { name: "a circle of no length", problem: () => ({ from: cloud([0]), to: cloud([1]), cost: circleCost(2, 0) }), says: /positive length/ },
  { name: "points off the sphere", problem: () => ({ from: cloud([[0, 0, 2]]), to: cloud([[0, 0, 1]]), cost: sphereCost(2) }), says: /length/ },
  { name: "more mass than there is", problem: () => ({ from: here(), to: here(), marginals: { kind: "at-most" }, mass: 2 }), says: /smaller mass/ },
  {
    name: "marginals drawn by KL, no entropy",
    problem: () => ({ from: cloud([0], { weights: [1] }), to: cloud([1], { weights: [2] }), marginals: { kind: "kl", weight: 1 } }),
    value: Math.SQRT2 * Math.exp(-0.5),
  },
  { name: "a mass to move under equal marginals", problem: () => ({ from: here(), to: here(), marginals: { kind: "equal" }, mass: 0.5 }), says: /at most/ },
  { name: "a mass to move, nothing said of the marginals: at most", problem: () => ({ from: cloud([0, 10]), to: cloud([1, 50]), mass: 0.5 }), value: 0.5 },
  { name: "points not made into a measure", problem: () => ({ from: two as never, to: here() }), says: /cloud\(points/ },
  { name: "no measure at all", problem: () => ({ from: undefined as never, to: here() }), says: /expected a measure/ },
  { name: "a kind of marginal that there is not", problem: () => ({ from: here(), to: here(), marginals: { kind: "balanced" } as never }), says: /"at-most"/ },
  { name: "p beside a cost", problem: () => ({ from: here(), to: here(), p: 1, cost: powerCost(2) }), says: /one of the two/ },
  { name: "a name that a problem has not", problem: () => ({ from: here(), to: here(), eps: 0.1 }) as never, says: /epsilon/ },
  { name: "an option that solve has not", problem: () => ({ from: here(), to: here() }), options: { tol: 1 } as never, says: /tolerance/ },
  { name: "a negative tolerance", problem: () => ({ from: here(), to: here() }), options: { tolerance: -1 }, says: /at least 0/ },
  { name: "a negative mass to move", problem: () => ({ from: here(), to: here(), marginals: { kind: "at-most" }, mass: -1 }), says: /smaller mass/ },
  { name: "KL with no weight", problem: () => ({ from: here(), to: here(), marginals: { kind: "kl", weight: 0 } }), says: /positive/ },
  { name: "a solver that does not exist", problem: () => ({ from: here(), to: here() }), options: { solver: "magic" }, says: /no solver "magic"/ },
  { name: "a solver that cannot", problem: () => ({ from: here(), to: here() }), options: { solver: "line" }, says: /line/ },
  {
    name: "a parameter that the solver has not",
    problem: () => ({ from: here(), to: here() }),
    options: { solver: "assignment", params: { speed: 9 } },
    says: /speed/,
  },
  {
    name: "no memory to speak of",
    problem: () => ({ from: cloud(portableCloud(1, 3000, 12), { dim: 12 }), to: cloud(portableCloud(2, 3000, 12), { dim: 12 }) }),
    options: { bytes: 1000 },
    says: /bytes/,
  },
];
const said: [string, string, string][] = [];

test.each(cases)("$name", { timeout: 20_000 }, async ({ name, problem, options, value, status, says }) => {
  try {
    const answer = await solve(problem(), options);
    for (const v of [answer.value, answer.regularised, answer.dual, answer.gap, ...answer.defect]) expect(v).not.toBeNaN();
    for (const row of [answer.potentials?.f, answer.potentials?.g]) for (const v of row ?? []) expect(v).not.toBeNaN();
    const words = [`${answer.status}: value ${answer.value}, gap ${answer.gap.toExponential(1)} (${answer.solver})`, ...answer.notes].join(". ");
    if (value !== undefined)
      expect(Math.abs(answer.value - value)).toBeLessThanOrEqual(1e-5 * Math.abs(value) + 1e-12 * Math.max(1, ...[value].filter((v) => v === 0)));
    if (value !== undefined) expect(answer.status).toBe("optimal");
    if (status !== undefined) expect(answer.status).toBe(status);
    if (says && value === undefined) expect(words).toMatch(says);
    else if (says) expect(answer.notes.join(" ")).toMatch(says);
    // which solver took it and what it notes may change; the answer may not
    const seen = says ? (answer.notes.find((note) => says.test(note)) ?? "") : "";
    said.push([name, answer.status, `value ${Number(answer.value.toPrecision(5))}${seen ? `. ${seen}` : ""}`]);
  } catch (error) {
    if (!isOttoflowError(error)) throw error;
    expect(value, error.message).toBe(undefined);
    expect(error.message).toMatch(says ?? /^$/);
    expect(error.message.length).toBeLessThan(700);
    expect(error.message).not.toMatch(/undefined|\[object|TypeError|Cannot read/);
    said.push([name, error.tag, error.message.replace(/"[\w-]+" needs \d+ bytes/, "… needs … bytes").replace(/Solvers: .*/, "Solvers: …")]);
  }
});

test("docs/transport-input.md shows what every row gets", async ({ skip }) => {
  skip(said.length < cases.length, "only some of the rows ran");
  const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const rows = said.map(([name, tag, message]) => `| ${cell(name)} | \`${tag}\` | ${cell(message)} |`);
  const head = [
    "# Awkward and wrong transport problems, and what they get",
    "",
    "Written by `packages/ottoflow/test/hostile/transport.test.ts`, which runs every row.",
    "",
  ];
  const page = [...head, "| input | status or error | answer or message |", "| --- | --- | --- |", ...rows, ""].join("\n");
  await expect(page).toMatchFileSnapshot("../../../../docs/transport-input.md");
});
