import type { Field, Rows } from "../contract.ts";
import { numbersOf, placeOf, readRows, type TextTable } from "../data/csv.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { dataError, specError } from "../errors.ts";
import { log1p } from "../kernels/math.ts";
import { expRows } from "../kernels/rows.ts";

/** Rows of standardised features with a leading 1, times the label -1 or +1, so that the likelihood is prod sigma(z_i . w): z is [d * n], coordinate-major. */
interface Design {
  readonly d: number;
  readonly n: number;
  readonly z: Float64Array;
}

function design(table: TextTable, features: readonly string[], label: string, positive: string): Design {
  const n = table.rows.length;
  const d = features.length + 1;
  const k = placeOf(table, label);
  const sign = Float64Array.from(table.rows, (row) => (row.fields[k]!.trim() === positive ? 1 : -1));
  const count = sign.reduce((s, v) => s + (v > 0 ? 1 : 0), 0);
  if (count === 0 || count === n) {
    const seen = [...new Set(table.rows.map((row) => row.fields[k]!.trim()))].slice(0, 8);
    throw dataError(
      table.file,
      `column "${label}" is ${count === 0 ? "never" : "always"} "${positive}", so there is nothing to learn. Its values: ${seen.join(", ")}.`,
    );
  }
  const z = new Float64Array(d * n);
  z.set(sign);
  features.forEach((name, f) => {
    const column = standardised(table, name);
    for (let i = 0; i < n; i++) z[(f + 1) * n + i] = sign[i]! * column[i]!;
  });
  return { d, n, z };
}

/** (x - mean) / deviation, so that one prior fits all coefficients. */
function standardised(table: TextTable, name: string): Float64Array {
  const x = numbersOf(table, name);
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const deviation = Math.sqrt(x.reduce((s, v) => s + (v - mean) * (v - mean), 0) / x.length);
  if (!(deviation > 0)) throw dataError(table.file, `column "${name}" is constant (${mean}); it cannot be a feature.`);
  return x.map((v) => (v - mean) / deviation);
}

/** -log posterior: sum_i log(1 + exp(-z_i . w)) + |w|^2 / (2 prior^2), up to a constant. */
function posterior({ d, n, z }: Design, prior: number): Field {
  const precision = 1 / (prior * prior);
  let margin = new Float64Array(0);
  let decay = new Float64Array(0);
  /** visits every datum with the rows z . w and exp(-|z . w|) over all m points: rows of points, because there the exponential is vectorised */
  const visit = (m: number, w: Rows, each: (i: number) => void): void => {
    if (margin.length !== m) [margin, decay] = [new Float64Array(m), new Float64Array(m)];
    for (let i = 0; i < n; i++) {
      margin.fill(0);
      for (let k = 0; k < d; k++) {
        const c = z[k * n + i]!;
        for (let j = 0, e = k * m; j < m; j++, e++) margin[j]! += c * w[e]!;
      }
      for (let j = 0; j < m; j++) decay[j] = -Math.abs(margin[j]!);
      expRows(m, decay, decay);
      each(i);
    }
  };
  /** sigma(-z . w), from the margin and the decay */
  const miss = (j: number): number => (margin[j]! > 0 ? decay[j]! : 1) / (1 + decay[j]!);
  return {
    form: "field",
    label: "logistic-regression",
    tex: "-\\int \\log p(w \\mid \\text{data})\\, \\rho(dw)",
    variation: "-\\log p(w \\mid \\text{data})",
    value: (m, w, _t, out) => {
      for (let j = 0; j < m; j++) {
        let s = 0;
        for (let k = 0; k < d; k++) s += w[k * m + j]! * w[k * m + j]!;
        out[j] = 0.5 * precision * s;
      }
      visit(m, w, () => {
        for (let j = 0; j < m; j++) out[j] = out[j]! + log1p(decay[j]!) + Math.max(0, -margin[j]!);
      });
    },
    gradient: (m, w, _t, out) => {
      for (let e = 0; e < d * m; e++) out[e] = precision * w[e]!;
      visit(m, w, (i) => {
        for (let j = 0; j < m; j++) decay[j] = miss(j);
        for (let k = 0; k < d; k++) {
          const c = z[k * n + i]!;
          for (let j = 0, e = k * m; j < m; j++, e++) out[e] = out[e]! - c * decay[j]!;
        }
      });
    },
    hessian: (m, w, _t, out) => {
      out.fill(0, 0, d * d * m);
      for (let k = 0; k < d; k++) out.fill(precision, (k * d + k) * m, (k * d + k + 1) * m);
      visit(m, w, (i) => {
        for (let j = 0; j < m; j++) {
          const q = miss(j) * (1 - miss(j));
          for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) out[(k * d + l) * m + j] = out[(k * d + l) * m + j]! + q * z[k * n + i]! * z[l * n + i]!;
        }
      });
    },
    convex: { value: precision, how: "proved", because: "the log likelihood is concave and the Gaussian prior adds 1/prior^2 to the Hessian" },
    confining: { value: true, how: "proved", because: "the Gaussian prior" },
  };
}

export const logisticRegression: Unit<"energy"> = defineEnergy({
  kind: "logistic-regression",
  title: "Bayesian logistic regression",
  tex: "\\int \\Bigl(\\sum_i \\log\\bigl(1 + e^{-y_i\\, w \\cdot x_i}\\bigr) + \\tfrac{|w|^2}{2 s^2}\\Bigr) \\rho(dw)",
  summary:
    "The negative log posterior of the coefficients of a logistic regression on a table, as a potential: with entropy its stationary law is the posterior. The first coordinate is the intercept, the others follow the list of features, each standardised to mean 0 and deviation 1. Strongly convex by its Gaussian prior.",
  refs: ["bishop2006"],
  params: {
    file: { type: "file", formats: ["csv", "tsv"], doc: "table with a header; columns that are not used may hold anything" },
    features: { type: "texts", doc: "names of the columns of numbers to regress on" },
    label: { type: "text", doc: "name of the column to predict" },
    positive: { type: "text", default: "1", doc: "the value of that column that counts as success" },
    prior: { type: "number", above: 0, default: 1, doc: "standard deviation of the Gaussian prior of each coefficient" },
  },
  examples: [{ dim: 3, params: { file: "data/penguins.csv", features: ["bill_length_mm", "bill_depth_mm"], label: "sex", positive: "MALE" } }],
  build: ({ file, features, label, positive, prior }, { dim }) => {
    if (features.length === 0) throw specError("features", "got an empty list; name at least one column.");
    if (dim !== features.length + 1)
      throw specError(
        "features",
        `got ${features.length} features, which with the intercept make ${features.length + 1} coefficients, when the space has dimension ${dim}.`,
      );
    return [posterior(design(readRows(file), features, label, positive), prior)];
  },
});
