import type { Host, Rows } from "../../contract.ts";

/** dy/dt = rate(t, y). May first move `y` back onto its space (it is the integrator's own copy), so that stages are evaluated there. */
export type Rate = (t: number, y: Rows, out: Rows) => void;

/** An explicit Runge–Kutta method. `a` is strictly lower triangular; `e` = b - b̂ where a lower order is embedded. */
export interface Tableau {
  readonly order: number;
  /** length of the interval of linear stability on the negative real axis */
  readonly reach: number;
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  readonly e?: readonly number[];
  /** the last stage is the rate at the new point (first same as last) */
  readonly fsal?: boolean;
}

export type TimeMethod = "euler" | "rk4" | "adaptive";

/** Euler; the classical method of order 4; Dormand–Prince 5(4) [dormand1980]. */
export const tableaus: Readonly<Record<TimeMethod, Tableau>> = {
  euler: { order: 1, reach: 2, a: [[]], b: [1], c: [0] },
  rk4: {
    order: 4,
    reach: 2.785,
    a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
    b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
    c: [0, 1 / 2, 1 / 2, 1],
  },
  adaptive: {
    order: 5,
    reach: 3.3,
    a: [
      [],
      [1 / 5],
      [3 / 40, 9 / 40],
      [44 / 45, -56 / 15, 32 / 9],
      [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
      [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
      [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ],
    b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
    c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
    e: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
    fsal: true,
  },
};

export interface RungeKutta {
  /** estimate of the local error of the last step, [size]; only where the tableau embeds a lower order */
  readonly error: Rows | null;
  /** the rates at the stages of the last step; the first is the one at its beginning */
  readonly stages: readonly Rows[];
  /**
   * One step from y to out (out may be y). With a method whose last stage is the rate at the new point, `first` lends the
   * rate at y and `last` receives the rate at out; both may be the same rows. Allocates nothing.
   */
  step(t: number, dt: number, y: Rows, out: Rows, first?: Rows, last?: Rows): void;
  /** where the last step led from its beginning, in rows that the next step overwrites */
  way(dt: number): Rows;
}

/** An integrator for `size` unknowns; stages and scratch are allocated here, once. */
export function openRungeKutta(tableau: Tableau, size: number, rate: Rate, host: Host): RungeKutta {
  const { a, b, c, e, fsal } = tableau;
  const stages = b.length;
  const k = Array.from({ length: stages }, () => host.alloc(size));
  const z = host.alloc(size);
  const error = e ? host.alloc(size) : null;
  return {
    error,
    stages: k,
    way(dt) {
      combine(size, null, dt, b, k, z);
      return z;
    },
    step(t, dt, y, out, first, last) {
      for (let s = 0; s < stages; s++) {
        if (s === 0 && first) {
          k[0]!.set(first);
          continue;
        }
        combine(size, y, dt, a[s]!, k, z);
        rate(t + c[s]! * dt, z, k[s]!);
      }
      if (error) combine(size, null, dt, e!, k, error);
      if (fsal) out.set(z);
      else combine(size, y, dt, b, k, out);
      if (fsal && last) last.set(k[stages - 1]!);
    },
  };
}

/** out = y + dt sum_j weight_j k_j, summed in the order of j; y null stands for 0. out may be y. */
function combine(size: number, y: Rows | null, dt: number, weight: readonly number[], k: readonly Rows[], out: Rows): void {
  if (y === null) out.fill(0);
  else if (out !== y) out.set(y);
  for (let j = 0; j < weight.length; j++) {
    const f = dt * weight[j]!;
    if (f === 0) continue;
    const kj = k[j]!;
    for (let i = 0; i < size; i++) out[i] = out[i]! + f * kj[i]!;
  }
}

/** True when every number of a row is finite. */
export function allFinite(a: Rows): boolean {
  // A sum is not finite as soon as one term is not, save where it overflows, which is a failure too.
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]!);
  return sum < Number.POSITIVE_INFINITY;
}
