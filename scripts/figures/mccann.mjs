// Powers of the density along a geodesic of Gaussians in the plane, less the chord: below zero is convex.
import { powerPart } from "ottoflow/energy/power";
import { openFunctional } from "ottoflow/energy/total";
import { plainHost } from "ottoflow/kernels/host";
import { makeFree } from "ottoflow/space/euclidean";
import { energyAlong } from "ottoflow/transport/dynamic/along";
import { alongGaussians } from "ottoflow/transport/dynamic/displacement";
import { figure, seriesColour } from "./kit.mjs";

const space = makeFree(2);
const round = (s) => ({ rep: "gaussian", space, mean: new Float64Array(2), cov: Float64Array.of(s * s, 0, 0, s * s), mass: 1 });

export function draw() {
  const curve = alongGaussians(round(1), round(4));
  const series = [2, 0.75, 0.5, 0.4, 0.3].map((m, k) => {
    const functional = openFunctional([powerPart(m)], space, plainHost());
    const { times, values } = energyAlong((measure) => functional.values(measure, 0)[0], curve, { steps: 40 });
    const [a, b] = [values[0], values.at(-1)];
    return { label: `m = ${m}`, x: times, y: values.map((v, i) => (v - (1 - times[i]) * a - times[i] * b) / Math.abs(b - a)), colour: seriesColour(k) };
  });
  return figure({
    title: "Powers of the density along a geodesic",
    description:
      "The energy along a geodesic of round Gaussians in the plane, less the chord between its ends, for exponents 2, 0.75, 0.5, 0.4 and 0.3. The first two hang below zero: convex. At 0.5 it is zero throughout. At 0.4 and 0.3 it stands above: concave.",
    panels: [{ height: 290, x: { label: "time along the geodesic", range: { lo: 0, hi: 1 } }, y: { label: "energy less chord" }, series }],
  });
}
