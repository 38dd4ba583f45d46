/** Which way transport sends each point of a red cloud towards a blue one: straight along the optimal plan, and down the slope of the Sinkhorn divergence. */
import { philoxNormals } from "ottoflow/kernels/philox";
import { solve } from "ottoflow/solve";
import { barycentric } from "ottoflow/transport/plan";
import { cloud } from "ottoflow/transport/problem";
import { sinkhornDivergence } from "ottoflow/transport/sinkhorn-divergence";
import type { Directions } from "./messages.ts";

/** A red blob and two blue ones that it has to split for. */
export function clouds(n: number, seed: number): { from: Float64Array; to: Float64Array } {
  const from = new Float64Array(2 * n);
  const to = new Float64Array(2 * n);
  philoxNormals(seed, 1, 0, 0, 2 * n, from);
  philoxNormals(seed, 2, 0, 0, 2 * n, to);
  for (let i = 0; i < n; i++) {
    from[i] = -1.2 + 0.45 * from[i]!;
    from[n + i] = 0.45 * from[n + i]!;
    to[i] = 1.1 + 0.3 * to[i]!;
    to[n + i] = (i % 2 === 0 ? 0.9 : -0.9) + 0.3 * to[n + i]!;
  }
  return { from, to };
}

export async function directions(points: number, seed: number, epsilon: number): Promise<Directions> {
  const { from, to } = clouds(points, seed);
  const a = cloud(from, { dim: 2 });
  const b = cloud(to, { dim: 2 });
  const plain = await solve({ from: a, to: b });
  const images = barycentric(plain.plan!, 2, b.x);
  const straight = images.map((y, i) => y - from[i]!);
  const soft = sinkhornDivergence({ from: a, to: b, epsilon }, { tolerance: 1e-8 });
  // the gradient is per point with its weight 1/n in it, and of |x - y|^2: half of it is a displacement
  const entropic = soft.gradient[0].map((g) => (-g * points) / 2);
  const square = straight.reduce((s, v, i) => s + (v - entropic[i]!) * (v - entropic[i]!), 0);
  return {
    from,
    to,
    exact: { arrows: straight, value: plain.value, gap: plain.gap, solver: plain.solver },
    entropic: { arrows: entropic, value: soft.value, error: soft.error, iterations: soft.iterations.reduce((s, v) => s + v, 0) },
    apart: Math.sqrt(square / points),
  };
}
