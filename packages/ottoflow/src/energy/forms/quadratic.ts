import type { Field, Rows } from "../../contract.ts";
import { matrixTex, ratioTex, shiftedTex } from "../../formula/numerals.ts";
import { smallestEigenvalue } from "../../numeric/dense.ts";

/** int (x - b)'A(x - b)/2 rho, A [d * d] symmetric */
export function quadraticField(d: number, A: readonly number[], b: readonly number[], label = "quadratic"): Field {
  const rows = (n: number, x: Rows, visit: (i: number, k: number, s: number) => void): void => {
    for (let k = 0; k < d; k++)
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let l = 0; l < d; l++) s += A[k * d + l]! * (x[l * n + i]! - b[l]!);
        visit(i, k, s);
      }
  };
  const V = quadraticTex(d, A, b);
  return {
    form: "field",
    label,
    tex: `\\int ${V}\\, \\rho`,
    variation: V,
    value: (n, x, _t, out) => {
      for (let i = 0; i < n; i++) out[i] = 0;
      rows(n, x, (i, k, s) => {
        out[i] = out[i]! + 0.5 * s * (x[k * n + i]! - b[k]!);
      });
    },
    gradient: (n, x, _t, out) =>
      rows(n, x, (i, k, s) => {
        out[k * n + i] = s;
      }),
    hessian: (n, _x, _t, out) => {
      for (let e = 0; e < d * d; e++) out.fill(A[e]!, e * n, (e + 1) * n);
    },
    convex: { value: smallestEigenvalue(d, A), how: "proved", because: "smallest eigenvalue of A" },
    quadratic: { A, b, c: 0 },
    confining: { value: smallestEigenvalue(d, A) > 0, how: "proved", because: "A is positive definite" },
  };
}

/** a |x - b|^2 / 2 where A is a multiple of the identity, else (x - b)'A(x - b) / 2 with the entries of A as far as they are few */
function quadraticTex(d: number, A: readonly number[], b: readonly number[]): string {
  const a = A[0]!;
  const shifted = shiftedTex("x", b);
  if (!A.every((v, e) => v === (e % (d + 1) === 0 ? a : 0))) {
    const vector = shifted === "x" ? "x" : `(${shifted})`;
    return `\\tfrac12 ${vector}^{\\top} ${matrixTex(d, A) ?? "A"}\\, ${vector}`;
  }
  return `${ratioTex(a, 2)}${d > 1 ? `|${shifted}|^2` : shifted === "x" ? "x^2" : `(${shifted})^2`}`;
}
