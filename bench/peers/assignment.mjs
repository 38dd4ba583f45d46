/** node bench/peers/assignment.mjs N: our contender in a process of its own, for its memory. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { solve } from "ottoflow/solve";
import { cloud } from "ottoflow/transport/problem";

/** U(seed): mulberry32 */
function uniform(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
/** n points of [0, 1]^d drawn point by point, coordinate by coordinate */
export function points(seed, n, d) {
  const u = uniform(seed);
  const x = new Float64Array(d * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) x[k * n + i] = u();
  return x;
}
export async function once(n, d = 2) {
  const [x, y] = [points(1, n, d), points(2, n, d)];
  const start = performance.now();
  const answer = await solve({ from: cloud(x, { dim: d }), to: cloud(y, { dim: d }) });
  return { seconds: (performance.now() - start) / 1000, answer };
}

/** the high-water mark of this program; what resourceUsage gives counts the program that started it, too */
function megabytes() {
  try {
    return Number(readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await once(Number(process.argv[2]));
  console.log(JSON.stringify({ megabytes: megabytes() }));
}
