/** Our side of the entropic benchmarks; as a program, one problem in a process of its own, for its memory: node bench/peers/sinkhorn.mjs N EPSILON DEFECT */
import { pathToFileURL } from "node:url";
import { cloud, solve } from "ottoflow";

/** the portable stream of the anchors, as coordinate-major rows */
export function points(seed, n, d) {
  let a = seed;
  const x = new Float64Array(d * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++) {
      a = (a + 0x6d2b79f5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      x[k * n + i] = ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
  return x;
}
export async function once(n, epsilon, defect) {
  const [x, y] = [points(1, n, 2), points(2, n, 2)];
  const start = performance.now();
  const answer = await solve({ from: cloud(x, { dim: 2 }), to: cloud(y, { dim: 2 }), epsilon }, { solver: "sinkhorn", defect });
  return { seconds: (performance.now() - start) / 1000, answer };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [n, epsilon, defect] = process.argv.slice(2).map(Number);
  const { seconds, answer } = await once(n, epsilon, defect);
  const { status, dual, gap, iterations, figures } = answer;
  console.log(JSON.stringify({ seconds, status, dual, gap, defect: answer.defect, iterations, figures, megabytes: process.resourceUsage().maxRSS / 1024 }));
}
