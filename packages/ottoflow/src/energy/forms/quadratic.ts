import type { Field, Rows } from "../../contract.ts";
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
  return {
    form: "field",
    label,
    tex: "\\int \\tfrac12 (x-b)^{\\top} A (x-b)\\, \\rho",
    variation: quadraticTex(d, A, b),
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

/** a |x - b|^2 / 2 with numbers where A is a multiple of the identity, the general form otherwise */
function quadraticTex(d: number, A: readonly number[], b: readonly number[]): string {
  const a = A[0]!;
  if (!A.every((v, e) => v === (e % (d + 1) === 0 ? a : 0))) return "\\tfrac12 (x-b)^{\\top} A (x-b)";
  const factor = a === 1 ? "\\tfrac12 " : `\\tfrac{${a}}{2} `;
  if (b.every((v) => v === 0)) return d === 1 ? `${factor}x^2` : `${factor}|x|^2`;
  return d === 1 ? `${factor}\\left(x ${b[0]! < 0 ? "+" : "-"} ${Math.abs(b[0]!)}\\right)^2` : `${factor}|x - b|^2`;
}
