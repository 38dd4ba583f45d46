/** What this machine is and can do, measured in the same run as the tasks: copying memory, and multiplying and adding on one core. */
import { cpus, loadavg, totalmem } from "node:os";
import * as asc from "assemblyscript/asc";

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
export const seconds = (run) => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

export function machine() {
  const { model } = cpus()[0] ?? { model: "unknown" };
  return {
    cpu: model.trim(),
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}
export const load = () => Number(loadavg()[0].toFixed(2));

/** GB/s of one thread that copies rows of that many bytes, reading and writing both counted; the best of several, so that it is a limit */
function copyBandwidth(bytes) {
  const from = new Float64Array(bytes / 8).fill(1);
  const to = new Float64Array(bytes / 8);
  const times = Math.max(1, Math.round(2 ** 28 / bytes));
  let best = 0;
  for (let round = 0; round < 7; round++) {
    const s = seconds(() => {
      for (let k = 0; k < times; k++) to.set(from);
    });
    best = Math.max(best, (2 * bytes * times) / s / 1e9);
  }
  return best;
}

/** ten independent chains of products and sums: enough to hide the latency of both, few enough for the registers */
const peakSource = ["f64x2", "f32x4"]
  .map((lanes) => {
    const names = Array.from({ length: 10 }, (_, k) => `a${k}`);
    return `export function run_${lanes}(n: i32): f64 {
      const m = ${lanes}.splat(0.999999); const c = ${lanes}.splat(0.000001);
      ${names.map((a, k) => `let ${a} = ${lanes}.splat(${k}.5);`).join(" ")}
      for (let i = 0; i < n; i++) { ${names.map((a) => `${a} = ${lanes}.add(${lanes}.mul(${a}, m), c);`).join(" ")} }
      let s = a0; ${names
        .slice(1)
        .map((a) => `s = ${lanes}.add(s, ${a});`)
        .join(" ")}
      return ${lanes === "f64x2" ? "f64x2.extract_lane(s, 0)" : "<f64>f32x4.extract_lane(s, 0)"};
    }`;
  })
  .join("\n");

/** Gflop/s of one thread in WASM SIMD, products and sums each counted; the best of several */
async function peakFlops() {
  let binary;
  const { error, stderr } = await asc.main(["peak.ts", "--outFile", "peak.wasm", "--runtime", "stub", "--enable", "simd", "-O3", "--noAssert"], {
    readFile: (name) => (name === "peak.ts" ? peakSource : null),
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(stderr.toString().slice(0, 500));
  const { instance } = await WebAssembly.instantiate(binary, { env: { abort: () => {} } });
  const rate = (lanes, width) => {
    // calls short enough for the engine to change to its optimised code
    for (let k = 0; k < 200; k++) instance.exports[`run_${lanes}`](10_000);
    let best = 0;
    for (let round = 0; round < 9; round++) best = Math.max(best, (2 * width * 10 * 1e6) / seconds(() => instance.exports[`run_${lanes}`](1e6)) / 1e9);
    return best;
  };
  return { double: rate("f64x2", 2), single: rate("f32x4", 4) };
}

/** One core's limits: copying 64 MiB rows (beyond the caches) and 2 MiB rows (within), SIMD of 128 bits without fused products. */
export async function limits() {
  const flops = await peakFlops();
  const round = (v) => Number(v.toPrecision(3));
  return {
    "copy, 64 MiB rows (GB/s)": round(copyBandwidth(2 ** 26)),
    "copy, 2 MiB rows (GB/s)": round(copyBandwidth(2 ** 21)),
    "float64 (Gflop/s)": round(flops.double),
    "float32 (Gflop/s)": round(flops.single),
  };
}
export const limitNames = { copy: "copy, 64 MiB rows (GB/s)", cached: "copy, 2 MiB rows (GB/s)", double: "float64 (Gflop/s)", single: "float32 (Gflop/s)" };
