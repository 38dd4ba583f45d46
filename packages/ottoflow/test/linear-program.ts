/** An independent referee: the transport linear program by HiGHS, for up to a few thousand pairs. */
import * as module from "highs";
import type { Cost, Rows } from "../src/contract.ts";

type Open = () => Promise<{
  solve(problem: string, options?: Readonly<Record<string, unknown>>): { readonly Status: string; readonly ObjectiveValue: number };
}>;
const open = ((module as { default?: unknown }).default ?? module) as Open;

export interface Side {
  readonly n: number;
  readonly x: Rows;
  readonly weight: ArrayLike<number>;
}
const digits = (v: number): string => v.toFixed(15);

/**
 * min <C, P> with marginals a, b (one equation is left out, for the sums agree only to rounding); null where no plan avoids the forbidden pairs.
 * `atMost`: marginals bound from above and this much mass moved.
 */
export async function linearProgram(cost: Cost, a: Side, b: Side, atMost?: number): Promise<number | null> {
  const terms: string[] = [];
  const rows: string[][] = Array.from({ length: a.n }, () => []);
  const columns: string[][] = Array.from({ length: b.n }, () => []);
  for (let i = 0; i < a.n; i++)
    for (let j = 0; j < b.n; j++) {
      const c = cost.at(i, j, a.n, a.x, b.n, b.x);
      if (!Number.isFinite(c)) continue;
      terms.push(`${digits(c)} p${i}_${j}`);
      rows[i]!.push(`p${i}_${j}`);
      columns[j]!.push(`p${i}_${j}`);
    }
  const sign = atMost === undefined ? "=" : "<=";
  if (
    atMost === undefined &&
    [...rows.map((r, i) => r.length === 0 && a.weight[i]! > 0), ...columns.map((c, j) => c.length === 0 && b.weight[j]! > 0)].some(Boolean)
  )
    return null;
  const equations = [
    ...rows.map((r, i) => (r.length > 0 ? `r${i}: ${r.join(" + ")} ${sign} ${digits(a.weight[i]!)}` : "")),
    ...columns.map((c, j) => (c.length > 0 && (j > 0 || atMost !== undefined) ? `c${j}: ${c.join(" + ")} ${sign} ${digits(b.weight[j]!)}` : "")),
    atMost === undefined ? "" : `total: ${rows.flat().join(" + ")} = ${digits(atMost)}`,
  ].filter((line) => line !== "");
  const lp = await open();
  const { Status, ObjectiveValue } = lp.solve(`Minimize\n obj: ${terms.join(" + ")}\nSubject To\n ${equations.join("\n ")}\nEnd`, {
    primal_feasibility_tolerance: 1e-10,
    dual_feasibility_tolerance: 1e-10,
  });
  if (Status === "Infeasible") return null;
  if (Status !== "Optimal") throw new Error(`HiGHS ended with ${Status}`);
  return ObjectiveValue;
}
