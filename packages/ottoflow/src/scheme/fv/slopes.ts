import type { Rows } from "../../contract.ts";
import type { Mesh } from "./mesh.ts";

/**
 * Values on the lower side (a) and on the upper side (b) of every face, from slopes limited by the generalised minmod rule:
 * theta = 1 is minmod, 2 is monotonised central. Positive where rho is [vanleer1979]. lower, slope: [n] scratch.
 */
export function faceValues(mesh: Mesh, rho: Rows, theta: number, lower: Rows, slope: Rows, a: Rows, b: Rows): void {
  for (let k = 0; k < mesh.dim; k++) axisValues(mesh, k, rho, theta, lower, slope, a, b);
}

function axisValues(mesh: Mesh, k: number, rho: Rows, theta: number, lower: Rows, slope: Rows, a: Rows, b: Rows): void {
  const { first, from, to } = mesh;
  const start = first[k]!;
  const end = first[k + 1]!;
  lower.fill(0);
  slope.fill(0);
  for (let e = start; e < end; e++) lower[to[e]!] = rho[to[e]!]! - rho[from[e]!]!;
  for (let e = start; e < end; e++) {
    const i = from[e]!;
    const up = rho[to[e]!]! - rho[i]!;
    const down = lower[i]!;
    if (up * down <= 0) continue;
    const middle = 0.5 * (up + down);
    slope[i] = up > 0 ? Math.min(theta * up, theta * down, middle) : Math.max(theta * up, theta * down, middle);
  }
  for (let e = start; e < end; e++) {
    a[e] = rho[from[e]!]! + 0.5 * slope[from[e]!]!;
    b[e] = rho[to[e]!]! - 0.5 * slope[to[e]!]!;
  }
}
