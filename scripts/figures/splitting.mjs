// The geodesic from one atom to three: rays, and where the mass is at some times.
import { element, figure, path, pixels, timeColour } from "./kit.mjs";

export const specs = ["paths/splitting-atom"];

export async function draw() {
  const { frames } = await path("paths/splitting-atom");
  const shown = frames.filter((_, k) => k % 5 === 0);
  return figure({
    title: "One atom becomes three",
    description:
      "Three straight rays leave one point in the plane. On each, discs at times 0, 0.25, 0.5, 0.75 and 1 show where its share of the mass is; larger discs carry more. At time 0 all are in one place.",
    panels: [
      {
        height: 270,
        x: { label: "x", range: { lo: -1, hi: 1.8 } },
        y: { label: "y", range: { lo: -0.7, hi: 1.1 } },
        times: { lo: 0, hi: 1 },
        series: [],
        draw: (x, y) => {
          const { n, x: last, weight } = frames.at(-1).measure;
          const rays = Array.from({ length: n }, (_, i) => `M${pixels(x.at(0))} ${pixels(y.at(0))}L${pixels(x.at(last[i]))} ${pixels(y.at(last[n + i]))}`).join(
            "",
          );
          return (
            element("path", { d: rays, fill: "none", stroke: "currentColor", "stroke-opacity": "0.5" }) +
            shown
              .flatMap(({ t, measure }) =>
                Array.from({ length: n }, (_, i) =>
                  element("circle", {
                    ...timeColour(t),
                    cx: x.at(measure.x[i]),
                    cy: y.at(measure.x[n + i]),
                    r: 12 * Math.sqrt(weight[i]),
                    fill: "currentColor",
                  }),
                ),
              )
              .join("")
          );
        },
      },
    ],
  });
}
