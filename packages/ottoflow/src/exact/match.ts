/** What the finders ask of a problem: its parts by form and its geometry by facts, never by name. */
import type { Field, Law, Local, Pair, Problem } from "../contract.ts";

export interface Forms {
  readonly local: readonly Local[];
  readonly field: readonly Field[];
  readonly pair: readonly Pair[];
}

/** The parts sorted by form, or null where a part has no closed form (general, capped, moving) or something other than the energy moves the mass. */
export function formsOf(p: Problem): Forms | null {
  if (p.drift.length > 0) return null;
  const local: Local[] = [];
  const field: Field[] = [];
  const pair: Pair[] = [];
  for (const part of p.parts) {
    if (part.form === "local" && part.cap === undefined) local.push(part);
    else if (part.form === "field" && !part.moving) field.push(part);
    else if (part.form === "pair") pair.push(part);
    else return null;
  }
  return { local, field, pair };
}

/** Plain transport of mass: the Wasserstein geometry. */
export function isTransport(p: Problem): boolean {
  const g = p.geometry;
  return g.transport?.linear === true && !g.reaction && !g.smoothing && !g.apply;
}
/** Free space, or a box that a law in free space may stand for until it reaches the walls: `storeCells` refuses the law from then on. */
export function isOpen(p: Problem): boolean {
  const { grid, points, cells } = p.space;
  return !points && (grid ? grid.periodic.every((v) => !v) : !cells);
}

/** Sum of the temperatures where all local parts are entropies, 0 without local parts, else null. */
export function noiseOf(local: readonly Local[]): number | null {
  let eps = 0;
  for (const part of local) {
    if (part.noise === undefined) return null;
    eps += part.noise;
  }
  return eps;
}

/** V = x'Ax/2 - g'x + c summed over all field parts, where all are of second degree, else null. */
export interface Quadratic {
  readonly A: Float64Array;
  readonly g: Float64Array;
  readonly c: number;
}
export function quadraticOf(field: readonly Field[], d: number): Quadratic | null {
  const A = new Float64Array(d * d);
  const g = new Float64Array(d);
  let c = 0;
  for (const part of field) {
    const p = part.secondDegree;
    if (p) {
      c += p.c;
      for (let i = 0; i < d * d; i++) A[i]! += p.A[i]!;
      for (let k = 0; k < d; k++) g[k]! -= p.slope[k]!;
      continue;
    }
    const q = part.quadratic;
    if (!q) return null;
    c += q.c;
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) {
        A[k * d + l]! += q.A[k * d + l]!;
        g[k]! += q.A[k * d + l]! * q.b[l]!;
        c += 0.5 * q.b[k]! * q.A[k * d + l]! * q.b[l]!;
      }
  }
  return { A, g, c };
}

/** Sum of the factors where all pair kernels are quadratic, 0 without pairs, else null. */
export function attractionOf(pair: readonly Pair[]): number | null {
  let kappa = 0;
  for (const part of pair) {
    if (part.W.quadratic === undefined) return null;
    kappa += part.W.quadratic;
  }
  return kappa;
}

/** The shared members of a law, for the laws of its flow. */
export function sharedOf(law: Law): Pick<Law, "mass" | "count" | "placement" | "cut"> {
  return { mass: law.mass, count: law.count, placement: law.placement, cut: law.cut };
}
