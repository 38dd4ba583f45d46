// Three ways from one bump to another: densities at nine times each.
import { density, figure, path, timeColour } from "./kit.mjs";

export const specs = ["paths/vertical-against-horizontal"];

const [lo, hi] = [-1.5, 4];
const ways = [
  ["displacement: every particle travels", undefined],
  ["Fisher–Rao: nothing moves", "fisher-rao"],
  ["linear mixing: nothing moves either", "linear-mixing"],
];

export async function draw() {
  const panels = [];
  for (const [title, variant] of ways) {
    const { frames } = await path("paths/vertical-against-horizontal", variant ? { variant } : {});
    panels.push({
      title,
      height: 190,
      x: { label: "x", range: { lo, hi } },
      y: { label: "density", range: { lo: 0, hi: 2.1 } },
      times: { lo: 0, hi: 1 },
      series: frames.map(({ t, measure }) => density(measure, { lo, hi, label: "", colour: timeColour(t) })),
    });
  }
  return figure({
    title: "Vertical against horizontal",
    description:
      "Three panels of densities at nine times between a bump at 0 and a narrower one at 3. By displacement one bump travels and narrows on its way. By Fisher–Rao and by linear mixing one bump fades out at 0 while another fades in at 3, with nothing between.",
    panels,
  });
}
