// Softmax weights between two clouds and Sinkhorn's plan: what each point of the second cloud receives.
import { cloud, solve } from "ottoflow";
import { philoxUniforms } from "ottoflow/kernels/philox";
import { figure, seriesColour } from "./kit.mjs";

const n = 60;
const epsilon = 0.05;
function points(seed) {
  const x = new Float64Array(2 * n);
  philoxUniforms(seed, 1, 0, 0, 2 * n, x);
  return x;
}

export async function draw() {
  const [x, y] = [points(1), points(2)];
  const received = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const weight = Float64Array.from({ length: n }, (_, j) => Math.exp(-((x[i] - y[j]) ** 2 + (x[n + i] - y[n + j]) ** 2) / epsilon));
    const sum = weight.reduce((s, v) => s + v, 0);
    for (let j = 0; j < n; j++) received[j] += weight[j] / sum;
  }
  const { plan } = await solve({ from: cloud(x, { dim: 2 }), to: cloud(y, { dim: 2 }), epsilon }, { defect: 1e-9 });
  const columns = new Float64Array(n);
  plan.pull(1, new Float64Array(n).fill(n), columns);
  const place = Array.from({ length: n }, (_, k) => k + 1);
  const sorted = received.slice().sort();
  return figure({
    title: "What the columns receive",
    description: `What each of ${n} points receives, sorted. Under softmax weights, whose rows all sum to one, from ${sorted[0].toPrecision(2)} to ${sorted.at(-1).toPrecision(2)}. Under Sinkhorn's plan each receives one.`,
    panels: [
      {
        height: 260,
        x: { label: "points of the second cloud, sorted", range: { lo: 0, hi: n + 1 } },
        y: { label: "mass received, times n", range: { lo: 0, hi: 1.1 * sorted.at(-1) } },
        series: [
          { label: "softmax rows", x: place, y: sorted, colour: seriesColour(1) },
          { label: "Sinkhorn", x: place, y: columns.slice().sort(), colour: seriesColour(0) },
        ],
      },
    ],
  });
}
