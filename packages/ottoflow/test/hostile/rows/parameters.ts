/** Bad input: named parameters. */
import { deep, type Hostile, potential, withKey } from "../sound.ts";

export const parameters: readonly Hostile[] = [
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
];
