import type { At, Field, Particles, Space, Turn } from "../../contract.ts";
import { philoxNormals } from "../../kernels/philox.ts";
import { turnOf } from "./turn.ts";
import { openWalls } from "./walls.ts";

/** Philox stream of steps that are only looked at: "turn". */
export const turnStream = 0x7475726e;
/** particles that stand for the others: a mean over them is known to about 2 % */
const MOST = 4096;

export interface Independent {
  readonly space: Space;
  readonly fields: readonly Field[];
  readonly eps: number;
  readonly seed: number;
  /** the noise of a step is the mean of two normals */
  readonly averaged: boolean;
}

/** How the velocity of particles in potentials turns along a step from here with noise of its own; of many particles a part, spread over all. */
export function turnIndependent({ space, fields, eps, seed, averaged }: Independent, m: Particles, { t, dt, index }: At): Turn {
  const n = Math.min(m.n, MOST);
  const size = space.dim * n;
  const row = (): Float64Array => new Float64Array(size);
  const [x, weight, before, after, own, way] = [row(), new Float64Array(n), row(), row(), row(), row()];
  for (let i = 0; i < n; i++) {
    const j = Math.floor((i * m.n) / n);
    weight[i] = m.weight[j]!;
    for (let k = 0; k < space.dim; k++) x[k * n + i] = m.x[k * m.n + j]!;
  }
  const push = (out: Float64Array): void => {
    for (const field of fields) {
      field.gradient(n, x, t, own);
      for (let i = 0; i < size; i++) out[i] = out[i]! - own[i]!;
    }
  };
  push(before);
  philoxNormals(seed, turnStream, index, 0, size, way);
  const amplitude = Math.sqrt((averaged ? 1 : 2) * eps * dt);
  for (let i = 0; i < size; i++) {
    way[i] = dt * before[i]! + amplitude * way[i]!;
    x[i] = x[i]! + way[i]!;
  }
  openWalls(space, "reflect").retract(n, x);
  push(after);
  return turnOf({ rep: "particles", space, n, x, weight }, dt, way, before, after);
}
