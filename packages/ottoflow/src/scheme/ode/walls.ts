import type { Rows, Space } from "../../contract.ts";

/** How particles are kept in their space: periodic axes wrap, walls stop or reflect, curved spaces bring their own. */
export interface Walls {
  /** nothing to do: free space, or a box that stands for it */
  readonly none: boolean;
  /** puts n points x [d * n] back into the space */
  retract(n: number, x: Rows): void;
  /** removes from velocities v at points x what would leave the space at once */
  tangent(n: number, x: Rows, v: Rows): void;
}

/**
 * `stop`: a particle at a wall keeps only the part of its velocity along the wall, which is the gradient flow on a closed
 * convex domain (velocities there are projected on the tangent cone) [ags2008]. `reflect`: the position is folded back,
 * the symmetrised Euler scheme of reflected diffusions, of weak order 1 [bossy2004]; unlike projection (order 1/2) it leaves no atom on the wall.
 */
export function openWalls(space: Space, how: "stop" | "reflect"): Walls {
  const { grid, points } = space;
  if (points) {
    return {
      none: points.retract === undefined && points.tangent === undefined,
      retract: (n, x) => points.retract?.(n, x),
      tangent: (n, x, v) => points.tangent?.(n, x, v),
    };
  }
  const axes = grid ? grid.lower.map((lower, k) => ({ lower, upper: lower + grid.shape[k]! * grid.h[k]!, periodic: grid.periodic[k]! })) : [];
  const solid = (periodic: boolean): boolean => !periodic && space.bounded === true;
  const closed = axes.map((axis, k) => ({ ...axis, k })).filter((axis) => axis.periodic || solid(axis.periodic));
  return {
    none: closed.length === 0,
    retract(n, x) {
      for (const { k, lower, upper, periodic } of closed) {
        const place = periodic ? wrap : how === "stop" ? stop : fold;
        place(x, k * n, (k + 1) * n, lower, upper);
      }
    },
    tangent(n, x, v) {
      if (how === "reflect") return;
      for (const { k, lower, upper, periodic } of closed) {
        if (!periodic) halt(x, v, k * n, (k + 1) * n, lower, upper);
      }
    },
  };
}

function wrap(x: Rows, from: number, to: number, lower: number, upper: number): void {
  const length = upper - lower;
  for (let i = from; i < to; i++) {
    const a = x[i]!;
    if (a >= lower && a < upper) continue;
    const b = a - length * Math.floor((a - lower) / length);
    x[i] = b < upper ? b : lower; // rounding may land on the upper end, which is the lower one
  }
}

function stop(x: Rows, from: number, to: number, lower: number, upper: number): void {
  for (let i = from; i < to; i++) {
    const a = x[i]!;
    if (a < lower) x[i] = lower;
    else if (a > upper) x[i] = upper;
  }
}

/** Reflection as often as needed: the triangle wave of period twice the width. */
function fold(x: Rows, from: number, to: number, lower: number, upper: number): void {
  const length = upper - lower;
  for (let i = from; i < to; i++) {
    const a = x[i]!;
    if (a >= lower && a <= upper) continue;
    const b = a - lower - 2 * length * Math.floor((a - lower) / (2 * length));
    x[i] = lower + (b <= length ? b : 2 * length - b);
  }
}

function halt(x: Rows, v: Rows, from: number, to: number, lower: number, upper: number): void {
  for (let i = from; i < to; i++) {
    const a = x[i]!;
    if ((a <= lower && v[i]! < 0) || (a >= upper && v[i]! > 0)) v[i] = 0;
  }
}
