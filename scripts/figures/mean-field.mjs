// One particle among N that attract each other and diffuse: its variance over many runs against N, and the mean-field limit.
import { meanFieldMoments, meanFieldParticles } from "ottoflow/exact/mckean-vlasov";
import { figure, flowOf, seriesColour } from "./kit.mjs";

const problem = { a: 0, kap: 1, eps: 1, m0: 1, v0: 4 };
const time = 0.5;
const RUNS = 300;

/** Mean over the particles and the runs of (x - 1)^2. */
async function varianceOf(N) {
  const of = [];
  for (let seed = 1; seed <= RUNS; seed++) {
    const run = await flowOf({
      energy: ["entropy", { kind: "interaction", kernel: { kind: "power", p: 2 } }],
      space: { kind: "free", dimension: 1 },
      initial: { kind: "gaussian", mean: [1], deviation: [2], count: N },
      scheme: { kind: "langevin", step: 0.01 },
      until: time,
      seed,
    });
    const { x } = run.frames.at(-1).measure;
    of.push(x.reduce((s, v) => s + (v - 1) * (v - 1), 0) / N);
  }
  const mean = of.reduce((s, v) => s + v, 0) / RUNS;
  return { mean, error: Math.sqrt(of.reduce((s, v) => s + (v - mean) ** 2, 0) / (RUNS - 1) / RUNS) };
}

export async function draw() {
  const sizes = [2, 4, 8, 16, 32, 64];
  const seen = [];
  for (const N of sizes) seen.push(await varianceOf(N));
  const limit = meanFieldMoments(problem, time).variance;
  const line = Array.from({ length: 60 }, (_, k) => 2 * 50 ** (k / 59));
  return figure({
    title: "One particle among N",
    description: `The variance of one particle at time 0.5 against the number of particles on a logarithmic axis: ${sizes.map((N, i) => `${seen[i].mean.toPrecision(3)} for ${N}`).join(", ")}. It falls along the exact curve towards the mean-field value ${limit.toPrecision(4)}.`,
    panels: [
      {
        height: 280,
        x: { label: "number N of particles", log: true, range: { lo: 1.7, hi: 110 } },
        y: { label: "variance of one particle", range: { lo: 1.8, hi: 4.1 } },
        series: [
          { label: "exact for N", x: line, y: line.map((N) => meanFieldParticles(problem, N, time).variance), colour: seriesColour(0) },
          { label: "mean field", x: [1.7, 110], y: [limit, limit], colour: {}, dash: "5 5" },
          ...sizes.map((N, i) => ({ label: i === 0 ? `${RUNS} runs each` : "", x: [N], y: [seen[i].mean], colour: seriesColour(1), dots: true })),
          ...sizes.map((N, i) => ({ label: "", x: [N, N], y: [seen[i].mean - 2 * seen[i].error, seen[i].mean + 2 * seen[i].error], colour: seriesColour(1) })),
        ],
      },
    ],
  });
}
