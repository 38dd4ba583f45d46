/**
 * Dynamic transport on a lattice by operator splitting. Primal: densities r and fluxes (and sources) in the intervals, bound by
 *   (r_{k+1/2} - r_{k-1/2}) / dt + div of the mean flux of both intervals = mean source, with r_0 and r_1 at the ends.
 * Dual: potentials at the instants; L phi = (d phi / dt, grad phi over sqrt 2 for each side of a face, phi / delta), means in time.
 * Each face counts for the cells on both sides, so the flux meets the arithmetic mean of their mobilities. Alternating directions
 * [benamou2000], in the form of Douglas and Rachford with one row of state and over-relaxation [eckstein1992]:
 *   u = prox(y), q = y - u, L'L phi = L'(q - u) + S / (s dt), y += relax (L phi - q).
 */
import type { Lattice } from "./lattice.ts";
import { openPoisson, type SpaceTimePoisson } from "./lattice.ts";
import type { Mobility } from "./mobility.ts";
import { openPointwise } from "./pointwise.ts";

/** All in units: lengths of the lattice, densities whose mean over free cells is about one. */
export interface DynamicProblem {
  readonly lattice: Lattice;
  /** [n] */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly mobility: Mobility;
  /** exponent of the speed */
  readonly p: number;
  /** 1 / delta of growth, 0 where mass is kept */
  readonly reaction: number;
}
/** A path that keeps the balance of mass exactly: [n * steps] each. */
export interface Path {
  readonly rho: Float64Array;
  /** per axis, through the face above each cell */
  readonly flux: readonly Float64Array[];
  /** what is created per unit of time and volume */
  readonly source: Float64Array | null;
}
export interface Splitting {
  /** [n * (steps + 1)], potentials at the instants; they maximise r_1 phi_1 - r_0 phi_0 */
  readonly phi: Float64Array;
  /** the weight s of the proximal terms */
  readonly weight: number;
  readonly poisson: SpaceTimePoisson;
  step(relax: number): void;
  /** |L phi - q| over |L phi| of the last step */
  residual(): number;
  /** multiplies the weight without moving the densities and fluxes */
  reweigh(weight: number): void;
  /** |u| / |q|: the weight that would make both of one size is `weight` times this */
  balance(): number;
  /** the densities (between 0 and the top) and fluxes of the state; they balance mass in the limit only */
  path(out: Path): void;
}

const HALF = Math.SQRT1_2;

export function openSplitting(problem: DynamicProblem, weight: number): Splitting {
  const { lattice: l, from, to, reaction } = problem;
  const { n, steps, dt, dim } = l;
  const instants = steps + 1;
  const total = n * steps;
  const row = (): Float64Array => new Float64Array(total);
  const pointwise = openPointwise(problem.mobility, problem.p);
  const poisson = openPoisson(l, reaction);
  const y = row();
  const yUp = l.shape.map(row); // a cell's share of the face above it
  const yDown = l.shape.map(row); // and of the face below it
  const yReact = reaction > 0 ? row() : null;
  const rho = row();
  const factor = row(); // |w| / |b|
  const inner = row(); // L' in the intervals, then means of phi
  const phi = new Float64Array(n * instants);
  let s = weight;
  let gap = 0;
  let size = 0;
  let uNorm = 0;
  let qNorm = 0;

  /** rho and factor from y */
  function proximal(): void {
    for (let i = 0; i < n; i++) {
      const at = i * steps;
      const end = at + steps;
      if (!l.free[i]) {
        rho.fill(0, at, end);
        factor.fill(0, at, end);
        continue;
      }
      for (let q = at; q < end; q++) {
        rho[q] = s * y[q]!;
        factor[q] = 0;
      }
      for (let k = 0; k < dim; k++) {
        if (l.open[k]![i]) addSquares(factor, yUp[k]!, at, end, s);
        const j = l.down[k]![i]!;
        if (j >= 0 && l.open[k]![j]) addSquares(factor, yDown[k]!, at, end, s);
      }
      if (yReact) addSquares(factor, yReact, at, end, s);
      pointwise(steps, at, rho, factor, s);
    }
  }

  /** phi from y, rho and factor */
  function project(): void {
    inner.fill(0);
    for (let k = 0; k < dim; k++) {
      const c = HALF / l.h[k]!;
      for (let i = 0; i < n; i++) {
        const j = l.up[k]![i]!;
        if (j < 0) continue;
        const open = l.open[k]![i]!;
        const a = i * steps;
        const b = j * steps;
        for (let t = 0; t < steps; t++) {
          const v = open
            ? c * ((1 - 2 * factor[a + t]!) * yUp[k]![a + t]! + (1 - 2 * factor[b + t]!) * yDown[k]![b + t]!)
            : c * (yUp[k]![a + t]! + yDown[k]![b + t]!);
          inner[a + t] = inner[a + t]! - v;
          inner[b + t] = inner[b + t]! + v;
        }
      }
    }
    if (yReact) for (let q = 0; q < total; q++) inner[q] = inner[q]! + reaction * (1 - 2 * factor[q]!) * yReact[q]!;
    const ends = 1 / (s * dt);
    for (let i = 0; i < n; i++) {
      const a = i * steps;
      const b = i * instants;
      let before = 0;
      let half = 0;
      for (let t = 0; t < steps; t++) {
        const rate = (y[a + t]! - (2 * rho[a + t]!) / s) / dt;
        const here = inner[a + t]! / 2;
        phi[b + t] = before - rate + half + here;
        before = rate;
        half = here;
      }
      phi[b + steps] = before + half + to[i]! * ends;
      phi[b] = phi[b]! - from[i]! * ends;
    }
    poisson.solve(phi);
  }

  function means(): void {
    for (let i = 0; i < n; i++) for (let t = 0, a = i * steps, b = i * instants; t < steps; t++) inner[a + t] = (phi[b + t]! + phi[b + t + 1]!) / 2;
  }

  function update(relax: number): void {
    means();
    gap = 0;
    size = 0;
    uNorm = 0;
    qNorm = 0;
    for (let i = 0; i < n; i++) {
      const a = i * steps;
      const b = i * instants;
      for (let t = 0; t < steps; t++) {
        const rate = (phi[b + t + 1]! - phi[b + t]!) / dt;
        const u = rho[a + t]! / s;
        const q = y[a + t]! - u;
        const e = rate - q;
        y[a + t] = y[a + t]! + relax * e;
        gap += e * e;
        size += rate * rate;
        uNorm += u * u;
        qNorm += q * q;
      }
    }
    for (let k = 0; k < dim; k++) {
      const c = HALF / l.h[k]!;
      for (let i = 0; i < n; i++) {
        const j = l.up[k]![i]!;
        if (j < 0) continue;
        const open = l.open[k]![i]!;
        updateFace(c, open, i * steps, j * steps, yUp[k]!, yDown[k]!, relax);
      }
    }
    if (yReact)
      for (let q = 0; q < total; q++) {
        const v = yReact[q]!;
        const u = factor[q]! * v;
        const e = reaction * inner[q]! - (v - u);
        yReact[q] = v + relax * e;
        gap += e * e;
        uNorm += u * u;
        qNorm += (v - u) * (v - u);
      }
  }

  function updateFace(c: number, open: number, a: number, b: number, above: Float64Array, below: Float64Array, relax: number): void {
    for (let t = 0; t < steps; t++) {
      const g = c * (inner[b + t]! - inner[a + t]!);
      const va = above[a + t]!;
      const vb = below[b + t]!;
      const ua = open ? factor[a + t]! * va : 0;
      const ub = open ? factor[b + t]! * vb : 0;
      const ea = g - (va - ua);
      const eb = g - (vb - ub);
      above[a + t] = va + relax * ea;
      below[b + t] = vb + relax * eb;
      gap += ea * ea + eb * eb;
      size += 2 * g * g;
      uNorm += ua * ua + ub * ub;
      qNorm += (va - ua) * (va - ua) + (vb - ub) * (vb - ub);
    }
  }

  return {
    phi,
    poisson,
    get weight() {
      return s;
    },
    step(relax) {
      proximal();
      project();
      update(relax);
    },
    residual: () => Math.sqrt(gap / Math.max(size, 1e-300)),
    balance: () => Math.sqrt(uNorm / Math.max(qNorm, 1e-300)),
    reweigh(next) {
      proximal();
      const ratio = s / next - 1;
      for (let q = 0; q < total; q++) y[q] = y[q]! + (rho[q]! / s) * ratio;
      for (let k = 0; k < dim; k++)
        for (let i = 0; i < n; i++) {
          if (!l.open[k]![i]) continue;
          const a = i * steps;
          const b = l.up[k]![i]! * steps;
          for (let t = 0; t < steps; t++) {
            yUp[k]![a + t] = yUp[k]![a + t]! * (1 + ratio * factor[a + t]!);
            yDown[k]![b + t] = yDown[k]![b + t]! * (1 + ratio * factor[b + t]!);
          }
        }
      if (yReact) for (let q = 0; q < total; q++) yReact[q] = yReact[q]! * (1 + ratio * factor[q]!);
      s = next;
    },
    path(out) {
      proximal();
      out.rho.set(rho);
      for (let k = 0; k < dim; k++)
        for (let i = 0; i < n; i++) {
          const a = i * steps;
          if (!l.open[k]![i]) {
            out.flux[k]!.fill(0, a, a + steps);
            continue;
          }
          const b = l.up[k]![i]! * steps;
          for (let t = 0; t < steps; t++) out.flux[k]![a + t] = s * HALF * (factor[a + t]! * yUp[k]![a + t]! + factor[b + t]! * yDown[k]![b + t]!);
        }
      if (yReact && out.source) for (let q = 0; q < total; q++) out.source[q] = s * reaction * factor[q]! * yReact[q]!;
    },
  };
}

/** out += (s b)^2 */
function addSquares(out: Float64Array, b: Float64Array, at: number, end: number, s: number): void {
  for (let q = at; q < end; q++) {
    const v = s * b[q]!;
    out[q] = out[q]! + v * v;
  }
}

export function emptyPath(problem: DynamicProblem): Path {
  const { n, steps, shape } = problem.lattice;
  const row = (): Float64Array => new Float64Array(n * steps);
  return { rho: row(), flux: shape.map(row), source: problem.reaction > 0 ? row() : null };
}
