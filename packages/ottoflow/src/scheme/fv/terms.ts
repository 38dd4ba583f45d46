import type { Cells, Drift, Field, Host, Local, Part, Problem, Rows } from "../../contract.ts";
import { openFunctional } from "../../energy/total.ts";
import { OttoflowError } from "../../errors.ts";
import { edgeDrops } from "../../kernels/edges.ts";
import { log } from "../../kernels/math.ts";
import { axpy } from "../../kernels/reductions.ts";
import type { Mesh } from "./mesh.ts";

/** The parts of a problem sorted by how finite volumes treat them. */
export interface Terms {
  /** total temperature of the parts that are noise */
  readonly noise: number;
  /** dU/dr - noise * log r of the noise parts: a constant */
  readonly noiseShift: number;
  /** local parts that are not noise */
  readonly locals: readonly Local[];
  /** fields, interactions, special energies and drift change with time or state: rates must be formed anew */
  readonly changing: boolean;
  /** there is motion beside the gradient of the energy */
  readonly drifting: boolean;
  /** interactions, special energies or drift depend on the state */
  readonly coupled: boolean;
  /** sum of the first variations of all parts but the local ones */
  potential(m: Cells, t: number, out: Rows): void;
  /** the first variation of everything but noise is this multiple of the density, or null */
  readonly proportional: number | null;
  /** first variation of everything but noise; in `out` or in rows that this kept, which no one may write */
  firstVariation(m: Cells, t: number, out: Rows): Rows;
  /** out += sum of dU over the local parts that are not noise */
  addPressure(rho: Rows, out: Rows): void;
  /** out += noise * log rho + noiseShift, the first variation of the noise parts */
  addNoise(rho: Rows, out: Rows): void;
  /** out = sum of d2U over the local parts that are not noise */
  stiffening(rho: Rows, out: Rows): void;
  /** drop_e = phi_from - phi_to + (drift along the edge) * distance: mass goes the way of the drop */
  drops(phi: Rows, m: Cells, t: number, out: Rows): void;
}

export function openTerms(p: Problem, mesh: Mesh, host: Host): Terms {
  const noisy = p.parts.filter((part): part is Local => part.form === "local" && part.noise !== undefined);
  const locals = p.parts.filter((part): part is Local => part.form === "local" && part.noise === undefined);
  const fields = p.parts.filter((part): part is Field => part.form === "field");
  const coupled = p.parts.filter((part) => part.form === "pair" || part.form === "general");
  for (const part of p.parts) refuseUnfit(part, p);
  const fixed = openFunctional(fields, p.space, host);
  const linked = coupled.length > 0 ? openFunctional(coupled, p.space, host) : null;
  const drift = openEdgeDrift(p.drift, mesh, host);
  const scratch = host.alloc(mesh.n);
  const own = host.alloc(mesh.n);
  const unit = Float64Array.of(1);
  const noise = noisy.reduce((sum, part) => sum + part.noise!, 0);
  const noiseShift = noisy.reduce((sum, part) => {
    part.dU(1, Float64Array.of(1), unit);
    return sum + unit[0]!;
  }, 0);
  const still = linked === null && fields.every((part) => part.moving !== true);
  const kept = still && fields.length > 0 ? host.alloc(mesh.n) : null;
  let known = false;
  const addPressure = (rho: Rows, out: Rows): void => {
    for (const part of locals) {
      part.dU(mesh.n, rho, scratch);
      axpy(mesh.n, 1, scratch, out);
    }
  };
  const potential = (m: Cells, t: number, out: Rows): void => {
    fixed.slope(m, t, out);
    if (!linked) return;
    linked.slope(m, t, own);
    axpy(mesh.n, 1, own, out);
  };
  return {
    noise,
    noiseShift,
    locals,
    drifting: drift !== null,
    proportional:
      linked === null && fields.length === 0 && locals.every((part) => part.power?.m === 2) ? locals.reduce((s, part) => s + 2 * part.power!.factor, 0) : null,
    coupled: linked !== null || drift !== null,
    changing: linked !== null || drift !== null || locals.length > 0 || fields.some((part) => part.moving === true),
    potential,
    firstVariation(m, t, out) {
      if (!still) {
        potential(m, t, out);
        addPressure(m.rho, out);
        return out;
      }
      if (kept && !known) potential(m, t, kept);
      known = true;
      if (kept && locals.length === 0) return kept;
      if (locals.length === 1) locals[0]!.dU(mesh.n, m.rho, out);
      else {
        out.fill(0);
        addPressure(m.rho, out);
      }
      if (kept) axpy(mesh.n, 1, kept, out);
      return out;
    },
    addPressure,
    addNoise(rho, out) {
      if (noise === 0) return;
      for (let i = 0; i < mesh.n; i++) out[i] = out[i]! + noise * log(rho[i]!) + noiseShift;
    },
    stiffening(rho, out) {
      out.fill(0);
      for (const part of locals) {
        part.d2U(mesh.n, rho, scratch);
        for (let i = 0; i < mesh.n; i++) out[i] = out[i]! + scratch[i]!;
      }
    },
    drops(phi, m, t, out) {
      for (const run of mesh.runs) edgeDrops(run, phi, out);
      drift?.(m, t, out);
    },
  };
}

function refuseUnfit(part: Part, p: Problem): void {
  const why = part.refuses?.(p.space) ?? null;
  if (why !== null) throw new OttoflowError("UnsupportedError", `${part.label}: ${why}`, { missing: [part.form] });
}

/** Adds (velocity through the face) * (distance of the centres) to each edge; null where there is no drift. */
function openEdgeDrift(drifts: readonly Drift[], mesh: Mesh, host: Host): ((m: Cells, t: number, drop: Rows) => void) | null {
  const moving = drifts.filter((d) => d.velocity);
  if (moving.length === 0) return null;
  const { dim, n, first, from, h } = mesh;
  const centre = mesh.space.cells!.centre;
  const axes = h.map((width, k) => {
    const start = first[k]!;
    const count = first[k + 1]! - start;
    const x = host.alloc(dim * count);
    for (let e = 0; e < count; e++) for (let l = 0; l < dim; l++) x[l * count + e] = centre[l * n + from[start + e]!]! + (l === k ? width / 2 : 0);
    return { start, count, x, v: host.alloc(dim * count), width, k };
  });
  return (m, t, drop) => {
    for (const { start, count, x, v, width, k } of axes) {
      for (const d of moving) {
        d.velocity!(m, count, x, t, v);
        for (let e = 0; e < count; e++) drop[start + e] = drop[start + e]! + width * v[k * count + e]!;
      }
    }
  };
}
