/** Specs and files that nobody should have to fear, each with what it must say. `spec` is merged into a small sound flow. */
export interface Hostile {
  readonly name: string;
  /** merge-patch on the sound spec; a function builds what JSON cannot say */
  readonly patch?: unknown;
  /** replaces the whole spec */
  readonly raw?: unknown;
  /** text instead of an object: goes through parseSpec */
  readonly text?: string;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly variant?: string;
  /** in the message of the error, or in the reason of the run where it resolves */
  readonly says: RegExp;
  /** JSON cannot say it: such a row goes to the library only */
  readonly unwritable?: true;
  /** a run and not an error: the row is about how it ends */
  readonly runs?: true;
}
export const sound = {
  version: 1,
  title: "sound",
  energy: [{ kind: "entropy" }, { kind: "potential", formula: "x^2/2" }],
  geometry: "wasserstein",
  space: { kind: "box", lower: [-4], upper: [4], cells: [40] },
  initial: { kind: "gaussian", mean: [0], deviation: [0.5] },
  scheme: { kind: "finite-volume", time: "implicit", step: 0.05 },
  until: 0.2,
} as const;

const plane = { energy: ["entropy"] };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const potential = (formula: unknown): unknown => ({ energy: [{ kind: "entropy" }, { kind: "potential", formula }] });
const samples = (file: string, more: object = {}): unknown => ({ initial: { kind: "samples", file, mean: null, deviation: null, ...more } });
const free1 = { kind: "free", dimension: 1, lower: null, upper: null, cells: null };

function npy(shape: string, descr: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const out = new Uint8Array(10 + padded.length + data.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  out.set(bytes(padded), 10);
  out.set(data, 10 + padded.length);
  return out;
}
/** twenty particles in the plane */
const flatland = {
  space: { ...free1, dimension: 2 },
  initial: { mean: [0, 0], count: 20 },
  scheme: { kind: "particles", time: "rk4", step: 0.05 },
};
const goal = { kind: "gaussian", mean: [1, 0], deviation: [0.3] };
const deep = (n: number): string => `${"(".repeat(n)}x${")".repeat(n)}`;
const nest = (n: number): unknown => (n === 0 ? { kind: "gaussian" } : { kind: "mixture", components: [nest(n - 1)] });

const circle = (): object => {
  const spec: Record<string, unknown> = { ...sound };
  spec.quick = spec;
  return spec;
};
const chain = (n: number): object => Object.fromEntries(Array.from({ length: n + 1 }, (_, i) => [`m${i}`, i === n ? "gaussian" : `$m${i + 1}`]));
/** twenty thousand objects in each other, as text: writing them with JSON.stringify would fail */
const abyss = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
const withKey = (key: string, json: string): string => JSON.stringify(sound).replace("{", `{${JSON.stringify(key)}:${json},`);

export const hostile: readonly Hostile[] = [
  // the shape of the spec
  { name: "not JSON", text: '{"energy": [', says: /not valid JSON/ },
  { name: "an empty text", text: "", says: /not valid JSON/ },
  { name: "a number instead of a spec", raw: 42, says: /got 42 when expected an object/ },
  { name: "null", raw: null, says: /got null when expected an object/ },
  { name: "a list", raw: [], says: /got \[\] when expected an object/ },
  { name: "an empty object", raw: {}, says: /space: is missing/ },
  { name: "a misspelt key", patch: { enrgy: [] }, says: /enrgy: is not a known key. Did you mean "energy"/ },
  { name: "another version", patch: { version: 7 }, says: /version: got 7 when this program reads version 1/ },
  { name: "a key named __proto__", text: JSON.stringify(sound).replace('"title"', '"__proto__"'), says: /__proto__: is not a known key/ },
  { name: "a patch that sets __proto__", set: { "__proto__.polluted": 1 }, says: /__proto__/ },
  { name: "a path into a number", set: { "until.x": 1 }, says: /cannot go into 0.2/ },
  { name: "an unknown variant", variant: "nope", says: /"nope" is not among the variants/ },
  { name: "the title is a number", patch: { title: 5 }, says: /title: got 5 when expected a text/ },
  { name: "what to watch is a list", patch: { watch: ["x"] }, says: /watch: got \["x"\] when expected a text/ },
  { name: "tags are one text", patch: { tags: "heat" }, says: /tags: got "heat" when expected a list/ },
  { name: "a tag is a number", patch: { tags: ["heat", 3] }, says: /tags: got \["heat",3\] when expected a list/ },
  { name: "twenty thousand objects in each other, in `quick`", text: withKey("quick", abyss), says: /nested deeper than 64 levels/ },
  { name: "twenty thousand objects in each other, as the summary", text: withKey("summary", abyss), says: /nested deeper than 64 levels/ },
  { name: "a hundred thousand lists in each other", text: "[".repeat(100_000) + "]".repeat(100_000), says: /nested deeper than 64 levels/ },
  { name: "an object that holds itself", raw: circle(), says: /nested deeper than 64 levels/, unwritable: true },
  { name: "`quick` is a number", patch: { quick: 3 }, says: /quick: got 3 when expected a merge-patch/ },
  { name: "an unknown key in `quick`", patch: { quick: { untill: 1 } }, says: /quick.untill: is not a known key. Did you mean "until"/ },
  { name: "variants are a list", patch: { variants: [{ until: 1 }] }, says: /variants: got .* when expected an object of named merge-patches/ },
  { name: "a variant is a text", patch: { variants: { fast: "yes" } }, says: /variants.fast: got "yes" when expected a merge-patch/ },
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
  // named parameters
  { name: "parameter cycles", patch: { parameters: { a: "b", b: "a + 1" } }, says: /parameters.a: the parameters a -> b -> a refer to each other in a circle/ },
  { name: "a parameter of itself", patch: { parameters: { a: { value: "2*a" } } }, says: /the parameters a -> a refer to each other in a circle/ },
  {
    name: "a misspelt parameter in another",
    patch: { parameters: { noise: 1, a: "2*nois" } },
    says: /parameters.a: Unknown name `nois`. Allowed are parameters noise, a;.* Did you mean `noise`\?/,
  },
  { name: "a parameter named like a variable", patch: { parameters: { x: 1 } }, says: /parameters.x: "x" is a variable of formulas already/ },
  { name: "a parameter named like a coordinate", patch: { parameters: { y12: 1 } }, says: /"y12" is a variable of formulas already/ },
  { name: "a parameter named like a function", patch: { parameters: { sin: 1 } }, says: /"sin" is a function of formulas already/ },
  { name: "a parameter named like a constant", patch: { parameters: { pi: 3 } }, says: /"pi" is a constant of formulas already/ },
  { name: "a parameter named like a key of specs", patch: { parameters: { until: 1 } }, says: /"until" is a key of specs already/ },
  { name: "a parameter with a space in its name", patch: { parameters: { "my noise": 1 } }, says: /"my noise" is no name for a parameter/ },
  { name: "a parameter named __proto__", text: withKey("parameters", '{"__proto__":1}'), says: /"__proto__" is no name for a parameter/ },
  { name: "parameters that are a list", patch: { parameters: [1] }, says: /parameters: got \[1\] when expected an object of named numbers/ },
  { name: "a parameter that is a list", patch: { parameters: { a: [1] } }, says: /parameters.a: got \[1\] when expected a number, a formula/ },
  { name: "a parameter without a value", patch: { parameters: { a: { min: 0 } } }, says: /parameters.a.value: is missing/ },
  { name: "a misspelt field of a parameter", patch: { parameters: { a: { valu: 1 } } }, says: /parameters.a.valu: is not a known key. Did you mean "value"/ },
  {
    name: "a parameter outside its range",
    patch: { parameters: { noise: { value: 9, min: 0.1, max: 4 } } },
    says: /parameters.noise: got 9 when expected 0.1 to 4, the range/,
  },
  {
    name: "a parameter that follows from another out of its range",
    patch: { parameters: { noise: 3, a: { value: "2*noise + 1", max: 5 } } },
    says: /parameters.a: got 7 \("2\*noise \+ 1" with noise = 3\) when expected at most 5/,
  },
  {
    name: "a range inside out",
    patch: { parameters: { a: { value: 1, min: 2, max: 0 } } },
    says: /parameters.a.max: got 0 when expected more than the least value 2/,
  },
  {
    name: "an infinite parameter",
    patch: { parameters: { a: 0, b: "1/a" } },
    says: /parameters.b: got Infinity \("1\/a" with a = 0\) when expected a finite number/,
  },
  {
    name: "a parameter that is not a number",
    patch: { parameters: { a: "log(-1)" } },
    says: /parameters.a: got NaN \("log\(-1\)"\) when expected a finite number/,
  },
  {
    name: "a hundred and one parameters",
    patch: { parameters: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, 1])) },
    says: /parameters: got 101 of them when at most 100 are read/,
  },
  {
    name: "a chain of forty parameters",
    patch: { parameters: Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`p${i}`, i === 40 ? 1 : `p${i + 1}`])) },
    says: /parameters.p0: follows from a chain of more than 32 others \(p0 -> p1 -> p2 -> p3 -> … -> p29 -> p30 -> p31\)/,
  },
  {
    name: "a thousand parentheses in a parameter",
    patch: { parameters: { a: deep(1000).replace("x", "1") } },
    says: /parameters.a: .*nested more than 100 deep/,
  },
  { name: "a million nodes in a parameter", patch: { parameters: { a: `1${"+1".repeat(500_000)}` } }, says: /parameters.a: .*characters/ },
  { name: "a parameter that reaches for the process", patch: { parameters: { a: "process.exit(1)" } }, says: /parameters.a: .*process/ },
  { name: "a parameter of a variable", patch: { parameters: { a: "2*x" } }, says: /Unknown name `x`.*A number depends on no variable/ },
  { name: "a name that nobody knows, in a formula", patch: potential("k*x^2"), says: /Unknown name `k`.* Or give it a value: "parameters": \{ "k": 1 \}/ },
  {
    name: "a misspelt parameter where a number stands",
    patch: { parameters: { tau: 0.05 }, scheme: { step: "=tua" } },
    says: /scheme.step: Unknown name `tua`.* Did you mean `tau`\? Or give it a value/,
  },
  {
    name: "half a cell from a parameter",
    patch: { parameters: { n: 81 }, space: { cells: ["=n/2"] } },
    says: /space.cells\[0\]: got 40.5 when expected a whole number > 0.* It is "=n\/2" with n = 81\.$/m,
  },
  {
    name: "a negative step from a parameter",
    patch: { parameters: { tau: -1 }, scheme: { step: "=tau" } },
    says: /scheme.step: got -1 .* It is "=tau" with tau = -1\.$/m,
  },
  {
    name: "an infinite number from a parameter",
    patch: { parameters: { a: 0 }, until: "=1/a" },
    says: /until: got Infinity when expected a finite number. It is "=1\/a" with a = 0/,
  },
  { name: "a formula where a number is expected", patch: { scheme: { step: "=x/2" } }, says: /scheme.step: Unknown name `x`.*A number depends on no variable/ },
  { name: "an equals sign alone", patch: { until: "=" }, says: /until: The formula is empty/ },
  {
    name: "ten thousand and one numbers to be worked out",
    patch: { parameters: { a: 1 }, initial: { mean: Array(10_001).fill("=a") } },
    says: /initial.mean\[10000\]: is one of more than 10000 numbers to be worked out/,
  },
  {
    name: "a setting of a parameter that is not there",
    patch: { parameters: { noise: 1 } },
    set: { nois: 2 },
    says: /nois: "nois" is neither a key of a spec nor a parameter of this one \(noise\). Did you mean "noise"/,
  },
  {
    name: "a setting of a parameter outside its range",
    patch: { parameters: { noise: { value: 1, max: 4 } } },
    set: { noise: 9 },
    says: /parameters.noise: got 9 when expected at most 4/,
  },
  // spaces
  { name: "zero cells", patch: { space: { cells: [0] } }, says: /space.cells\[0\]: got 0 when expected a whole number > 0/ },
  { name: "half a cell", patch: { space: { cells: [1.5] } }, says: /got 1.5 when expected a whole number > 0/ },
  { name: "10^12 cells", patch: { space: { cells: [1e12] } }, says: /at most 16777216/ },
  {
    name: "10^6 times 10^6 cells",
    patch: { space: { lower: [-1, -1], upper: [1, 1], cells: [1e6, 1e6] }, initial: { mean: [0, 0] } },
    says: /at most 16777216/,
  },
  { name: "an empty interval", patch: { space: { lower: [1], upper: [1] } }, says: /lower < upper/ },
  { name: "a box inside out", patch: { space: { lower: [4], upper: [-4] } }, says: /lower < upper/ },
  { name: "five axes", patch: { space: { lower: [0, 0, 0, 0, 0], upper: [1, 1, 1, 1, 1], cells: [2, 2, 2, 2, 2] } }, says: /5 axes/ },
  { name: "an unknown boundary", patch: { space: { boundary: "sticky" } }, says: /"no-flux"/ },
  { name: "free space of dimension zero", patch: { space: { ...free1, dimension: 0 } }, says: /dimension/ },
  { name: "free space of dimension 10^9", patch: { space: { ...free1, dimension: 1e9 } }, says: /dimension/ },
  // measures
  { name: "negative mass", patch: { initial: { mass: -1 } }, says: /got -1 when expected a number > 0/ },
  { name: "zero mass", patch: { initial: { mass: 0 } }, says: /got 0 when expected a number > 0/ },
  { name: "a negative deviation", patch: { initial: { deviation: [-1] } }, says: /deviation/ },
  { name: "a mean with too many numbers", patch: { initial: { mean: [0, 0] } }, says: /got 2 numbers when expected 1/ },
  { name: "a measure outside the box", patch: { initial: { mean: [40] } }, says: /outside the box/ },
  {
    name: "a density that is negative",
    patch: { initial: { kind: "formula", formula: "x", mean: null, deviation: null } },
    says: /negative|>= 0|non-negative/,
  },
  {
    name: "a density that is not finite",
    patch: { initial: { kind: "formula", formula: "1/(x - x)", mean: null, deviation: null } },
    says: /finite|NaN|not a number/i,
  },
  { name: "a covariance that is not positive", patch: { initial: { deviation: null, covariance: [[-1]] } }, says: /positive definite/ },
  { name: "a measure that is not named", patch: { initial: "$nowhere" }, says: /"\$nowhere" is not among the measures/ },
  {
    name: "measures that are each other",
    patch: { initial: "$a", measures: { a: "$b", b: "$a" } },
    says: /the measures \$a → \$b → \$a refer to each other in a circle/,
  },
  {
    name: "mixtures of each other",
    patch: { initial: "$a", measures: { a: { kind: "mixture", components: ["$b"] }, b: { kind: "mixture", components: ["$a"] } } },
    says: /measures.b.components\[0\]: the measures \$a → \$b → \$a refer to each other in a circle/,
  },
  {
    name: "a mixture of itself that nobody uses",
    patch: { measures: { a: { kind: "mixture", components: ["gaussian", "$a"] } } },
    says: /the measures \$a → \$a refer to each other in a circle/,
  },
  { name: "a chain of twenty names", patch: { initial: "$m0", measures: chain(20) }, says: /nested deeper than 12 units/ },
  { name: "an unknown law that nobody uses", patch: { measures: { a: { kind: "gausian" } } }, says: /measures.a.kind: got "gausian".*Did you mean "gaussian"/ },
  { name: "a broken law that nobody uses", patch: { measures: { a: { kind: "gaussian", mass: -1 } } }, says: /measures.a.mass: got -1/ },
  { name: "measures that are a list", patch: { measures: [] }, says: /measures: got \[\] when expected an object of named measures/ },
  { name: "twenty mixtures in each other", patch: { initial: { mean: null, deviation: null, ...(nest(20) as object) } }, says: /nested deeper than 12 units/ },
  { name: "a mixture of nothing", patch: { initial: { kind: "mixture", components: [], mean: null, deviation: null } }, says: /got \[\] when expected a list/ },
  {
    name: "no points",
    patch: { space: free1, initial: { kind: "points", points: [], mean: null, deviation: null }, scheme: { kind: "langevin", step: 0.01, time: null } },
    says: /at least one point/,
  },
  { name: "a point that is text", patch: { initial: { kind: "points", points: ["a"], mean: null, deviation: null } }, says: /points\[0\]/ },
  {
    name: "10^10 particles",
    patch: { space: free1, initial: { count: 1e10 }, scheme: { kind: "langevin", step: 0.01, time: null } },
    says: /at most|particles|count/,
  },
  // files
  { name: "a file that is not there", patch: samples("missing.csv"), says: /missing.csv/ },
  { name: "a file of an unknown kind", patch: samples("evil.exe"), says: /ending in/ },
  { name: "text where numbers belong", patch: samples("t.csv"), files: { "t.csv": bytes("x\n1\nhello\n3\n") }, says: /t.csv.*(line|row) 3|hello/ },
  { name: "an empty CSV", patch: samples("e.csv"), files: { "e.csv": bytes("") }, says: /e.csv/ },
  { name: "a CSV with a header only", patch: samples("h.csv"), files: { "h.csv": bytes("x\n") }, says: /h.csv/ },
  { name: "a column that is not there", patch: samples("c.csv", { columns: ["z"] }), files: { "c.csv": bytes("x,y\n1,2\n") }, says: /z/ },
  { name: "a truncated NPY", patch: samples("t.npy"), files: { "t.npy": npy("(100,)", "<f8", new Uint8Array(16)) }, says: /t.npy.*(truncat|short|bytes)/ },
  { name: "an NPY that is not one", patch: samples("n.npy"), files: { "n.npy": bytes("not an array at all") }, says: /n.npy/ },
  { name: "an NPY of Python objects", patch: samples("o.npy"), files: { "o.npy": npy("(1,)", "|O", new Uint8Array(8)) }, says: /o.npy/ },
  { name: "an NPY that claims 10^15 values", patch: samples("b.npy"), files: { "b.npy": npy("(1000000000000000,)", "<f8", new Uint8Array(8)) }, says: /b.npy/ },
  {
    name: "an NPY with NaN",
    patch: samples("nan.npy"),
    files: { "nan.npy": npy("(2,)", "<f8", new Uint8Array(new Float64Array([1, Number.NaN]).buffer)) },
    says: /nan.npy.*(NaN|finite)/,
  },
  { name: "an NPZ that is not a zip", patch: samples("z.npz"), files: { "z.npz": bytes("PK no") }, says: /z.npz/ },
  {
    name: "a PNG that is not one",
    patch: { space: { lower: [0, 0], upper: [1, 1], cells: [4, 4] }, initial: { kind: "image", file: "p.png", mean: null, deviation: null } },
    files: { "p.png": bytes("GIF89a") },
    says: /p.png/,
  },
  {
    name: "a JPEG cut short",
    patch: { space: { lower: [0, 0], upper: [1, 1], cells: [4, 4] }, initial: { kind: "image", file: "j.jpg", mean: null, deviation: null } },
    files: { "j.jpg": new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]) },
    says: /j.jpg/,
  },
  {
    name: "an image on a line",
    patch: { initial: { kind: "image", file: "p.png", mean: null, deviation: null } },
    files: { "p.png": bytes("x") },
    says: /density in the plane/,
  },
  // schemes and times
  { name: "an unknown scheme", patch: { scheme: { kind: "magic" } }, says: /got "magic" when expected a known scheme/ },
  { name: "a step of zero", patch: { scheme: { step: 0 } }, says: /got 0 when expected a number > 0/ },
  { name: "a negative step", patch: { scheme: { step: -0.1 } }, says: /got -0.1/ },
  {
    name: "an unstable Langevin step",
    patch: {
      space: free1,
      initial: { count: 20 },
      energy: [{ kind: "entropy" }, { kind: "double-well" }],
      scheme: { kind: "langevin", step: 0.9, time: null },
      until: 90,
    },
    says: /left the numbers/,
    runs: true,
  },
  { name: "an explicit step far above its bound is shortened, not obeyed", patch: { scheme: { time: "explicit", step: 1e6 } }, says: /reached/, runs: true },
  {
    name: "a scheme that cannot carry the energy",
    patch: { space: free1, initial: { count: 20 }, energy: [{ kind: "power", m: 2 }], scheme: { kind: "langevin", step: 0.01, time: null } },
    says: /cannot carry .*These would work/,
  },
  { name: "cells asked of free space", patch: { space: free1 }, says: /"finite-volume" needs a space with cells \(a box with `cells`\)\. These/ },
  {
    name: "quantiles in the plane",
    patch: {
      space: { kind: "free", dimension: 2, lower: null, upper: null, cells: null },
      initial: { mean: [0, 0] },
      energy: [{ kind: "entropy" }],
      scheme: { kind: "jko", proximal: "quantile", step: 0.1, time: null },
    },
    says: /dimension one/,
  },
  {
    name: "a minimum that does not exist",
    patch: {
      space: free1,
      energy: [{ kind: "entropy" }, { kind: "potential", formula: "-x^2" }],
      scheme: { kind: "jko", proximal: { kind: "quantile", levels: 50 }, step: 1, time: null },
      until: 2,
    },
    says: /unbounded below/,
    runs: true,
  },
  { name: "ending before it starts", patch: { until: -1 }, says: /until: got -1 when expected a time after the start/ },
  { name: "no end", patch: { until: null }, says: /until: is missing/ },
  { name: "a seed with a fraction", patch: { seed: 0.5 }, says: /seed: got 0.5/ },
  { name: "an unknown schedule", patch: { observe: { frames: { sometimes: 1 } } }, says: /when expected \{ "every"/ },
  { name: "frames every zero", patch: { observe: { frames: { every: 0 } } }, says: /positive number/ },
  { name: "ten million frames", patch: { observe: { frames: { every: 1e-9 } } }, says: /frames|too many|at most/ },
  { name: "half a step at most", patch: { stop: { maxSteps: 0.5 } }, says: /stop.maxSteps: got 0.5 when expected a whole number >= 1/ },
  { name: "no steps at most", patch: { stop: { maxSteps: 0 } }, says: /stop.maxSteps: got 0 when expected a whole number >= 1/ },
  { name: "a dissipation below zero", patch: { stop: { dissipation: -1 } }, says: /stop.dissipation: got -1 when expected a number > 0/ },
  { name: "a dissipation of text", patch: { stop: { dissipation: "small" } }, says: /stop.dissipation: got "small"/ },
  {
    name: "more frames than memory, by time",
    patch: { space: { lower: [-4, -4], upper: [4, 4], cells: [1024, 1024] }, initial: { mean: [0, 0] }, observe: { frames: { every: 0.0001 } }, ...plane },
    says: /bytes of all frames: got 16785604608 when at most 2147483648 are allowed.*look less often \(observe.frames.every of 0\.\d+ would fit/,
  },
  {
    name: "more frames than memory, by steps",
    patch: {
      space: { lower: [-4, -4], upper: [4, 4], cells: [1024, 1024] },
      initial: { mean: [0, 0] },
      scheme: { step: 0.0001 },
      observe: { frames: { steps: 1 } },
      ...plane,
    },
    says: /observe.frames.steps of 8 would fit/,
  },
  {
    name: "a scheme that works with another choice",
    patch: {
      space: { lower: [-4, -4], upper: [4, 4], cells: [16, 16] },
      initial: { mean: [0, 0] },
      geometry: "l2",
      energy: [{ kind: "power", m: 2 }],
      scheme: { time: "sdirk2" },
    },
    says: /These would work: "finite-volume" with time "explicit"\.$/m,
  },
  {
    name: "the equilibrium of a potential that does not confine",
    patch: {
      space: free1,
      energy: [{ kind: "entropy" }, { kind: "potential", formula: "-x^2" }],
      initial: { count: 10 },
      scheme: { kind: "gaussian", step: 0.01, time: null },
      until: 4000,
    },
    says: /"potential" does not confine the measure, which runs off to infinity; end the run earlier/,
    runs: true,
  },
];
