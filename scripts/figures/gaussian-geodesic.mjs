// The geodesic between two Gaussians in the plane: ellipses of one standard deviation, and the ways of some points.
import { alongGaussians } from "ottoflow/transport/dynamic/displacement";
import { element, figure, pixels, specOf, timeColour } from "./kit.mjs";

export const specs = ["paths/gaussian-geodesic"];

const times = [0, 0.2, 0.4, 0.6, 0.8, 1];

export function draw() {
  const { from, to } = specOf("paths/gaussian-geodesic");
  const gaussian = ({ mean, covariance }) => ({
    rep: "gaussian",
    space: { kind: "free", dim: 2 },
    mean: Float64Array.from(mean),
    cov: Float64Array.from(covariance.flat()),
    mass: 1,
  });
  const g = alongGaussians(gaussian(from), gaussian(to));
  const lines = times.map((t) => ellipse(g.at(t)));
  return figure({
    title: "A Gaussian travels and changes its tilt",
    description:
      "Ellipses of one standard deviation at six times of the geodesic between two Gaussians in the plane. The centre goes straight; the ellipse, first tilted one way, becomes round in the middle and then tilts the other way.",
    panels: [
      {
        height: 330,
        x: { label: "x", range: { lo: -3, hi: 3 } },
        // both axes at one scale
        y: { label: "y", range: { lo: -2.08, hi: 2.08 } },
        times: { lo: 0, hi: 1 },
        series: [],
        draw: (x, y) =>
          lines
            .map((points, k) =>
              element("path", {
                ...timeColour(times[k]),
                d: `M${points.map(([a, b]) => `${pixels(x.at(a))} ${pixels(y.at(b))}`).join("L")}`,
                fill: "currentColor",
                "fill-opacity": "0.14",
                stroke: "currentColor",
                "stroke-width": 1.8,
              }),
            )
            .join(""),
      },
    ],
  });
}
function ellipse({ mean, cov }) {
  const a = Math.sqrt(cov[0]);
  const b = cov[1] / a;
  const c = Math.sqrt(Math.max(0, cov[3] - b * b));
  return Array.from({ length: 73 }, (_, i) => {
    const [u, v] = [Math.cos((2 * Math.PI * i) / 72), Math.sin((2 * Math.PI * i) / 72)];
    return [mean[0] + a * u, mean[1] + b * u + c * v];
  });
}
