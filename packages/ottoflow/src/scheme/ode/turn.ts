import type { Particles, Rows, Turn } from "../../contract.ts";

/** Means over the particles m, where a step of dt led: `way` is its displacement, `before` and `after` the velocities at its two ends, all [d * n]. */
export function turnOf(m: Particles, dt: number, way: Rows, before: Rows, after: Rows): Turn {
  const { n, x, weight } = m;
  let [mass, moved, turned, astray, size] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    let [w, c, s] = [0, 0, 0];
    for (let j = i; j < x.length; j += n) {
      const change = after[j]! - before[j]!;
      w += way[j]! * way[j]!;
      c += change * change;
      s += x[j]! * x[j]!;
    }
    const own = weight[i]!;
    mass += own;
    moved += own * w;
    turned += own * c;
    size += own * s;
    if (dt * dt * c > w) astray += own;
  }
  return { dt, way: moved / mass, change: turned / mass, share: astray / mass, size: size / mass };
}
