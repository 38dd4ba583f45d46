/**
 * One contract for all kernels: the TypeScript reference and the SIMD twin give the same bits. Every line of the table makes its
 * arguments on a host and runs; it is run on ordinary rows (reference) and on WASM rows (twin), which must really have been called.
 */
import { describe, expect, test } from "vitest";
import type { Host, Rows } from "../contract.ts";
import { edgeDrops, edgeFlux, edgeLoad, edgeSpread, edgesOfBox } from "./edges.ts";
import { plainHost } from "./host.ts";
import { langevinSteps } from "./langevin.ts";
import * as math from "./math.ts";
import { attach, openMemory } from "./memory.ts";
import { holdOutflow, outflowWork } from "./outflow.ts";
import { type PairLaw, pairGradient, pairGradient32, pairGradientReference, pairGradientReference32, pairSum, pairSumReference, singleKnows } from "./pairs.ts";
import { normals32Reference, normalsReference, philoxNormals, philoxNormals32, philoxUniforms, uniformsReference } from "./philox.ts";
import { axpy, blend, divide, dot, least, multiply, positivePart, reflect, scale, sum, sumAbs } from "./reductions.ts";
import { bernoulliRows, cosRows, expRows, logRows, powRows, sinRows, tanhRows } from "./rows.ts";
import { rateRun, spreadRun, upwindRun } from "./stencil.ts";
import { opcodes, scalars } from "./tape/opcodes.ts";
import { type Argument, type Instruction, makeTape, runTape, runTapeReference, type Tape } from "./tape.ts";
import { transpose } from "./transpose.ts";
import { solveTridiagonals } from "./tridiagonal.ts";
import { adopt, type Exports } from "./wasm.ts";

type Random = () => number;
interface Line {
  /** the export that must be called */
  readonly export: string;
  /** what is run, when one export has several lines */
  readonly note?: string;
  /** makes the arguments, runs the kernel or its reference, returns all that it wrote */
  run(host: Host, random: Random, reference: boolean): readonly Rows[];
}
const edges = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
  -5e-324,
  1e-310,
  2.2250738585072014e-308,
  1e308,
  -1e308,
  709.782712893384,
  709.8,
  710.5,
  -708.4,
  -745.13,
  -745.14,
  -746.5,
  1e22,
  1.6e6,
  1600000.5,
  -1e-9,
  1e-30,
  0.5,
  2,
  -3,
  20,
  22,
  0.49999999999999994,
  Math.PI,
  Math.PI / 2,
  1 - 2 ** -53,
  1 + 2 ** -52,
];
/** odd length: the last value takes the path of the remainder */
const n = 1237;
const wide = (random: Random): number => (random() < 0.5 ? -1 : 1) * (random() + 0.5) * 2 ** (40 * random() - 25);
function wideRow(host: Host, random: Random): Float64Array {
  const a = host.alloc(n);
  for (let i = 0; i < n; i++) a[i] = edges[i] ?? wide(random);
  return a;
}
const map = (name: string, f: (n: number, a: Rows, out: Rows) => void, scalar: (x: number) => number, note?: string): Line => ({
  export: name,
  note,
  run(host, random, reference) {
    const a = wideRow(host, random);
    const out = host.alloc(n);
    if (reference) return [a.map(scalar), a.map(scalar)];
    f(n, a, out);
    f(n, a, a);
    return [out, a];
  },
});
const random = (name: string, f: typeof philoxNormals, g: typeof normalsReference, single: boolean, from?: number): Line => ({
  export: name,
  note: from === undefined ? undefined : "across a change of the counter's high word",
  run(host, uniform, reference) {
    const out = single ? host.alloc32(n) : host.alloc(n);
    const [seed, stream, step, first] = [53, 32, 32, 40].map((bits) => Math.floor(uniform() * 2 ** bits)) as [number, number, number, number];
    const begin = from ?? first;
    if (reference) g(seed, stream, step, begin, begin + n, begin, out);
    else f(seed, stream, step, begin, n, out);
    return [out];
  },
});

/** every opcode once on rows with edge values, against an input, the time or a constant; then all of them in one program */
const operands: readonly (readonly Argument[])[] = [
  [{ input: 0 }, { input: 1 }, { input: 2 }],
  [{ input: 1 }, "t", { constant: -0 }],
  [{ constant: 0.75 }, { input: 0 }, "t"],
  ["t", { constant: 3 }, { input: 0 }],
];
function tapeLines(): Line[] {
  const lines: Line[] = [];
  const add = (note: string, ...tapes: readonly Tape[]): void => {
    const run = (host: Host, uniform: Random, reference: boolean): Rows[] => {
      const x = host.alloc(3 * n);
      for (let i = 0; i < 3 * n; i++) x[i] = edges[(i * 7) % 61] ?? wide(uniform);
      return tapes.map((tape) => {
        const out = host.alloc(tape.outputs.length * n);
        (reference ? runTapeReference : runTape)(tape, n, x, 0.3, out);
        return out;
      });
    };
    lines.push({ export: "runTape", note, run });
  };
  for (const op of opcodes) {
    const arity = Math.max(1, scalars[op].length);
    const own = (args: readonly Argument[], k: number): readonly Argument[] =>
      op === "powi" ? [args[0]!, { whole: [3, -2, 0, 2][k]! }] : args.slice(0, arity);
    add(op, ...operands.map((args, k) => makeTape(3, [{ op, args: own(args, k) }], [{ value: 0 }, { input: 1 }, "t", { constant: 5 }])));
  }
  const chain: Instruction[] = [{ op: "add", args: [{ input: 0 }, { input: 1 }] }];
  for (const op of ["sin", "mul", "exp", "div", "min", "tanh", "sub"] as const)
    chain.push({ op, args: [{ value: chain.length - 1 }, { value: 0 }].slice(0, scalars[op].length) });
  add("a chain that reuses registers", makeTape(3, chain, [{ value: 2 }, { value: chain.length - 1 }]));
  return lines;
}

/** every opcode once as the gradient of a diffusion, in float64 or float32; the particles start anywhere, not on a group of normals */
function langevinLine(single: boolean, steps = 3): Line {
  return {
    // many steps run on machine code for the tape, where there is any
    export: single ? (steps > 3 ? "noise32" : "steps32") : "langevin",
    run(host, uniform) {
      const d = 2;
      return opcodes.map((op) => {
        const x = single ? host.alloc32(d * n) : host.alloc(d * n);
        for (let i = 0; i < d * n; i++) x[i] = edges[i] ?? 4 * uniform() - 2;
        const args: readonly Argument[] =
          op === "powi" ? [{ input: 0 }, { whole: 3 }] : [{ input: 0 }, { input: 1 }, { constant: 0.3 }].slice(0, Math.max(1, scalars[op].length));
        const list: Instruction[] = [
          { op, args },
          { op: "mul", args: [{ value: 0 }, "t"] },
        ];
        const tape = makeTape(d, list, [{ value: 1 }, { input: 1 }]);
        langevinSteps({ tape, n, seed: 2 ** 40 + 3, stream: 7, start: 0.25, dt: 0.01, amplitude: 0.1 }, 5, 300, x, 3, steps);
        return x;
      });
    },
  };
}

const pairs = {
  pairSum: [pairSum, pairSumReference],
  pairGradient: [pairGradient, pairGradientReference],
  pairGradient32: [pairGradient32, pairGradientReference32],
} as const;
/** 61 targets and 150 sources in 1 to 4 dimensions, some of them the same points */
function pairLine(name: keyof typeof pairs, law: PairLaw): Line {
  return {
    export: name,
    note: JSON.stringify(law),
    run(host, uniform, reference) {
      const [targets, sources] = [61, 150];
      return [1, 2, 3, 4]
        .filter((d) => name !== "pairGradient32" || singleKnows(law, d))
        .map((d) => {
          const [x, y, w, out] = [host.alloc(d * targets), host.alloc(d * sources), host.alloc(sources), host.alloc(d * targets)];
          for (const row of [x, y, w]) for (let i = 0; i < row.length; i++) row[i] = 4 * uniform() - 2;
          for (let k = 0; k < d; k++) for (let i = 0; i < 20; i++) y[k * sources + i] = x[k * targets + i]!;
          const [run, ref] = pairs[name];
          if (reference) ref(law, d, targets, x, sources, y, w, out, 0, targets);
          else
            for (const [first, size] of [
              [0, 16],
              [16, 45],
            ] as const)
              run(law, 1, d, targets, x, sources, y, w, out, first, size);
          return out;
        });
    },
  };
}
/** the same call on ordinary rows is the reference */
const same = (name: string, run: (host: Host, uniform: Random) => readonly Rows[], note?: string): Line => ({ export: name, note, run });
const filled = (host: Host, size: number, value: () => number): Float64Array => {
  const row = host.alloc(size);
  for (let i = 0; i < size; i++) row[i] = value();
  return row;
};
const inPlace = (host: Host, uniform: Random, run: (size: number, x: Float64Array) => void): Rows[] =>
  lengths.map((size) => {
    const x = filled(host, size, () => wide(uniform));
    run(size, x);
    return x;
  });
const lengths = [0, 1, 7, 8, 9, 1023, 1024, 1025, 3001];
const reductions: readonly Line[] = [
  same("sum", (host, uniform) => [
    Float64Array.from(lengths, (size) =>
      sum(
        size,
        filled(host, size, () => wide(uniform)),
      ),
    ),
  ]),
  same("dot", (host, uniform) => {
    const value = (): number => wide(uniform);
    return [Float64Array.from(lengths, (size) => dot(size, filled(host, size, value), filled(host, size, value)))];
  }),
  same("sumAbs", (host, uniform) => [
    Float64Array.from(lengths, (size) =>
      sumAbs(
        size,
        filled(host, size, () => wide(uniform)),
      ),
    ),
  ]),
  same("least", (host, uniform) => [
    Float64Array.from(lengths, (size) =>
      least(
        size,
        filled(host, size, () => wide(uniform)),
      ),
    ),
    Float64Array.of(least(n, wideRow(host, uniform))),
  ]),
  same("scale", (host, uniform) => inPlace(host, uniform, (size, x) => scale(size, 0.7, x))),
  same("divide", (host, uniform) => inPlace(host, uniform, (size, x) => divide(size, -0.7, x))),
  same("reflect", (host, uniform) => inPlace(host, uniform, (size, x) => reflect(size, 2.4, x))),
  same("multiply", (host, uniform) =>
    lengths.map((size) => {
      const [x, y] = [filled(host, size, () => wide(uniform)), filled(host, size, () => wide(uniform))];
      multiply(size, x, y);
      return y;
    }),
  ),
  same("positivePart", (host, uniform) => {
    const x = wideRow(host, uniform);
    positivePart(n, x);
    return [x];
  }),
  same("blend", (host, uniform) =>
    lengths.map((size) => {
      const [x, y] = [filled(host, size, () => wide(uniform)), filled(host, size, () => wide(uniform))];
      blend(size, 2.4, x, y, y);
      return y;
    }),
  ),
  same("transpose", (host, uniform) =>
    [
      [1, 1],
      [1, 5],
      [6, 1],
      [8, 16],
      [13, 17],
      [35, 9],
    ].map(([n0, n1]) => {
      const out = host.alloc(n0! * n1!);
      transpose(
        n0!,
        n1!,
        filled(host, n0! * n1!, () => wide(uniform)),
        out,
      );
      return out;
    }),
  ),
  same("bernoulliRows", (host, uniform) => {
    const [forth, back] = [host.alloc(n), host.alloc(n)];
    bernoulliRows(n, wideRow(host, uniform), forth, back);
    return [forth, back];
  }),
  same("axpy", (host, uniform) =>
    lengths.map((size) => {
      const [x, y] = [filled(host, size, () => wide(uniform)), filled(host, size, () => wide(uniform))];
      axpy(size, 0.7, x, y);
      return y;
    }),
  ),
];
const tridiagonals: readonly Line[] = [1, 2, 3, 8, 13, 131].map((count) =>
  same(
    "tridiagonal",
    (host, uniform) =>
      [true, false].flatMap((columns) => {
        const size = 19;
        const row = (shift: number): Float64Array => filled(host, size * count, () => uniform() + shift);
        const [lower, diag, upper, rhs] = [row(-1), row(2), row(-1), row(0)];
        const [out, work] = [host.alloc(size * count), host.alloc(size * count)];
        const systems = columns ? { n: size, count, step: count, apart: 1 } : { n: size, count, step: 1, apart: size };
        expect(solveTridiagonals(systems, lower, diag, upper, rhs, out, work)).toBe(true);
        diag[0] = 0;
        expect(solveTridiagonals(systems, lower, diag, upper, rhs, rhs, work)).toBe(false);
        return [out];
      }),
    `${count} systems`,
  ),
);
/** runs of a row of 90 cells: neighbours along the row, and 30 apart; values on a coarse grid, so that differences vanish often */
const stencils: readonly Line[] = (["upwindRun", "spreadRun", "rateRun"] as const).map((name) =>
  same(name, (host, uniform) => {
    const coarse = (): number => Math.round(8 * uniform()) / 4;
    return [1, 30].flatMap((apart) =>
      [28, 29].map((length) => {
        const [rho, phi, stiff, rate] = [filled(host, 120, coarse), filled(host, 120, coarse), filled(host, 120, coarse), filled(host, 120, coarse)];
        if (name === "upwindRun") upwindRun(length, rho, 0, apart, 2 * apart, 3 * apart, phi, 0.3, 4, 1.5, rate);
        if (name === "spreadRun") spreadRun(length, phi, 0.7, apart, 2 * apart, rate);
        if (name === "rateRun") rateRun(length, phi, rho, stiff, 0, apart, 2 * apart, 4, 0.3, 2, rate);
        return rate;
      }),
    );
  }),
);
/** boxes of 1 to 3 axes, walls and circles */
const boxes: readonly (readonly [readonly number[], readonly boolean[]])[] = [
  [[13], [false]],
  [[13], [true]],
  [[2], [true]],
  [
    [5, 7],
    [false, false],
  ],
  [
    [6, 4],
    [true, false],
  ],
  [
    [3, 1, 5],
    [false, true, true],
  ],
];
const edgeLines: readonly Line[] = (["edgeDrops", "edgeFlux", "edgeLoad", "edgeSpread", "holdOutflow"] as const).map((name) =>
  same(name, (host, uniform) =>
    boxes.flatMap(([shape, periodic]) => {
      const { first, runs, axes } = edgesOfBox(shape, periodic);
      const [n, edges] = [shape.reduce((a, b) => a * b, 1), first[shape.length]!];
      const row = (size: number, low: number): Float64Array => filled(host, size, () => uniform() - low);
      const [a, b, up, down, out] = [row(n, 0), row(n, 0.3), row(edges, 0.5), row(edges, 0.2), row(edges, 0)];
      for (const run of runs) {
        if (name === "edgeDrops") edgeDrops(run, b, out);
        if (name === "edgeFlux") edgeFlux(run, up, down, a, out);
        if (name === "edgeLoad") for (const reach of [null, down]) edgeLoad(run, up, 0.7, reach, reach ? a : b);
        if (name === "edgeSpread" || name === "holdOutflow") edgeSpread(run, up, 0.8, a);
      }
      if (name !== "holdOutflow") return [a, b, out];
      const [keep, place, work] = [host.alloc(edges).fill(1), host.alloc(axes.length), host.alloc(outflowWork(n))];
      place.set(axes);
      const start = row(n, -1e-3);
      a.set(start);
      for (const run of runs) edgeSpread(run, up, 4, a);
      return [keep, a, Float64Array.of(holdOutflow(n, place, start, up, 4, keep, a, work))];
    }),
  ),
);
const laws: readonly PairLaw[] = [
  ...[1, 2, -1, 3, 4, -3, 0.5, -1.5, 0].map((exponent) => ({ law: "power", exponent }) as const),
  { law: "logarithm" },
  { law: "gaussian", rate: 1.7 },
  { law: "exponential", rate: 0.8 },
];

const table: readonly Line[] = [
  ...reductions,
  ...tridiagonals,
  ...stencils,
  ...edgeLines,
  ...laws.flatMap((law) => [pairLine("pairSum", law), pairLine("pairGradient", law)]),
  ...laws.filter((law) => singleKnows(law, 1)).map((law) => pairLine("pairGradient32", law)),
  langevinLine(false),
  langevinLine(true),
  langevinLine(true, 8),
  ...tapeLines(),
  map("expRows", expRows, math.exp),
  map("logRows", logRows, math.log),
  map("sinRows", sinRows, math.sin),
  map("cosRows", cosRows, math.cos),
  map("tanhRows", tanhRows, math.tanh),
  ...[2.5, -3, 0.01, 0, 1, 1e300, -0.5, Number.NaN, Number.POSITIVE_INFINITY].map((m) =>
    map(
      "powRows",
      (n, a, out) => powRows(n, a, m, out),
      (x) => math.pow(x, m),
      `exponent ${m}`,
    ),
  ),
  random("philoxUniforms", philoxUniforms, uniformsReference, false),
  random("philoxNormals", philoxNormals, normalsReference, false),
  random("philoxNormals32", philoxNormals32, normals32Reference, true),
  ...[8, 16].flatMap((odd) => [
    random("philoxUniforms", philoxUniforms, uniformsReference, false, 2 ** 33 - 200 - odd),
    random("philoxNormals", philoxNormals, normalsReference, false, 2 ** 33 - 200 - odd),
    random("philoxNormals32", philoxNormals32, normals32Reference, true, 2 ** 34 - 400 - 2 * odd),
  ]),
];

function mulberry(seed: number): Random {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
/** A host over WASM memory that counts the calls of each export. */
function countingHost(shared: boolean): { host: Host; calls: Map<string, number> } {
  const host = openMemory({ bytes: 2_000_000, shared });
  const calls = new Map<string, number>();
  const wasm = attach(host.memory, 0);
  const exports: Exports = Object.fromEntries(
    Object.entries(wasm.exports).map(([name, f]) => [
      name,
      (...args: number[]) => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return f(...args);
      },
    ]),
  );
  adopt({ ...wasm, exports });
  return { host, calls };
}
/** index of the first value that differs in bits, where all NaNs count as one; -1 where none does */
function firstDifference(a: Rows, b: Rows): number {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return a.length === b.length ? -1 : Math.min(a.length, b.length);
}

describe.each([
  ["unshared", false],
  ["shared", true],
])("%s memory", (_, shared) => {
  test.each(table.map((line) => [[line.export, line.note].filter(Boolean).join(": "), line] as const))(
    "%s: reference and SIMD give the same bits",
    (_, line) => {
      for (let seed = 1; seed <= (shared ? 1 : 2); seed++) {
        const { host, calls } = countingHost(shared);
        const expected = line.run(plainHost(), mulberry(seed), true);
        const plain = line.run(plainHost(), mulberry(seed), false);
        const got = line.run(host, mulberry(seed), false);
        expect(calls.get(line.export)).toBeGreaterThan(0);
        expected.forEach((row, k) => {
          const i = firstDifference(row, got[k]!);
          expect(i, `row ${k}: reference ${row[i]}, SIMD ${got[k]![i]}`).toBe(-1);
          expect(firstDifference(row, plain[k]!), `row ${k}, ordinary rows`).toBe(-1);
        });
      }
    },
  );
});

test("kernels that use scratch leave the tape of their thread alone", () => {
  const host = openMemory({ bytes: 100_000 });
  const x = filled(host, 600, mulberry(1));
  const [w, out, force, work] = [host.alloc(300).fill(1), host.alloc(300), host.alloc(600), host.alloc(300)];
  const tape = makeTape(1, [{ op: "exp", args: [{ input: 0 }] }], [{ value: 0 }]);
  const run = (): number[] => {
    runTape(tape, 300, x, 0, out);
    return Array.from(out);
  };
  const before = run();
  pairGradient({ law: "logarithm" }, 1, 2, 300, x, 300, x, w, force);
  pairGradient32({ law: "logarithm" }, 1, 2, 300, x, 300, x, w, force);
  expect(run()).toEqual(before);
  solveTridiagonals({ n: 3, count: 100, step: 100, apart: 1 }, x, w, x, x, force, work);
  expect(run()).toEqual(before);
});
