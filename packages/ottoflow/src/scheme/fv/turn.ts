import type { Host, Rows } from "../../contract.ts";
import { edgeDrops } from "../../kernels/edges.ts";
import { transpose } from "../../kernels/transpose.ts";
import { type Mesh, turned } from "./mesh.ts";
import type { Terms } from "./terms.ts";

/** What implicit stages ask of the terms. */
export type StageTerms = Omit<Terms, "firstVariation" | "proportional">;

/** A plane and its terms as the implicit steps see them: with the narrower cells, whose rates are the larger ones, along the rows. */
export interface Plane {
  readonly mesh: Mesh;
  readonly terms: StageTerms;
  /** out = rho, a row of the box, in the order of `mesh` */
  take(rho: Rows, out: Rows): void;
  /** out, a row of the box, = rho */
  give(rho: Rows, out: Rows): void;
}

/**
 * Multigrid is fastest along its last axis, so planes whose first axis has the narrower cells are transposed for the length of a step.
 * Terms that look at edges of the box itself (drift) stay as they are.
 */
export function openPlane(mesh: Mesh, terms: Terms, host: Host): Plane {
  if (mesh.dim !== 2 || !(mesh.h[0]! < mesh.h[1]!) || terms.drifting) {
    const copy = (rho: Rows, out: Rows): void => out.set(rho);
    return { mesh, terms, take: copy, give: copy };
  }
  const [n0, n1] = mesh.shape as [number, number];
  const take = (rho: Rows, out: Rows): void => transpose(n0, n1, rho, out);
  const give = (rho: Rows, out: Rows): void => transpose(n1, n0, rho, out);
  const own = turned(mesh);
  const phi = host.alloc(mesh.n);
  const rho = terms.coupled ? host.alloc(mesh.n) : null;
  return {
    mesh: own,
    take,
    give,
    terms: {
      ...terms,
      potential(m, t, out) {
        if (rho) give(m.rho, rho);
        terms.potential(rho ? { ...m, rho } : m, t, phi);
        take(phi, out);
      },
      drops(values, _m, _t, out) {
        for (const run of own.runs) edgeDrops(run, values, out);
      },
    },
  };
}
