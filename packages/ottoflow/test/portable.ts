/** The portable random numbers of the published instances: mulberry32 uniforms, and normals from consecutive pairs by Box and Muller. */
export function portableUniform(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
export function portableNormal(seed: number): () => number {
  const uniform = portableUniform(seed);
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const u1 = 1 - uniform();
    const u2 = uniform();
    const r = Math.sqrt(-2 * Math.log(u1));
    spare = r * Math.sin(2 * Math.PI * u2);
    return r * Math.cos(2 * Math.PI * u2);
  };
}
/** n points of R^d, drawn point by point, as coordinate-major rows. */
export function portableCloud(seed: number, n: number, d: number, law: "uniform" | "normal" = "uniform"): Float64Array {
  const draw = law === "uniform" ? portableUniform(seed) : portableNormal(seed);
  const x = new Float64Array(d * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) x[k * n + i] = draw();
  return x;
}
