/** Pictures of transport by one question each: how it is asked and drawn. */
import type { Answers, Question } from "../engine/messages.ts";
import type { ToolName } from "../gallery/gallery.ts";
import { arrow, axes, type Box, inside } from "../stage/axes.ts";
import type { Colours } from "../stage/canvas.ts";

export interface Asked {
  /** what is seen, in words: numbers, and where they come from */
  readonly words: readonly string[];
  draw(c: CanvasRenderingContext2D, width: number, height: number, colours: Colours): void;
}
export interface Slider {
  readonly name: string;
  readonly title: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly usual: number;
  readonly log?: boolean;
}
type Ask = <Q extends Question>(question: Q) => Promise<Answers[Q["about"]]>;
export interface Tool {
  readonly sliders: readonly Slider[];
  ask(ask: Ask, values: Readonly<Record<string, number>>): Promise<Asked>;
}

const parting: Tool = {
  sliders: [
    { name: "deviation", title: "width of each mass", min: 0.1, max: 0.6, step: 0.01, usual: 0.3 },
    { name: "most", title: "farthest separation", min: 1, max: 6, step: 0.1, usual: 4 },
  ],
  async ask(ask, { deviation, most }) {
    const found = await ask({ about: "parting", deviation: deviation!, most: most!, count: 41 });
    return {
      words: found.curves.map((c) => `${c.name}: points computed (${c.how}), line by its exact formula; they differ by at most ${c.apart.toExponential(1)}.`),
      draw: (c, width, height, colours) => drawParting(c, width, height, found, colours),
    };
  },
};
function drawParting(
  c: CanvasRenderingContext2D,
  width: number,
  height: number,
  { separation, curves }: Answers["parting"],
  { ink, red, blue, green }: Colours,
): void {
  const box: Box = { left: 46, top: 26, width: width - 60, height: height - 56 };
  const top = curves.reduce((s, curve) => Math.max(s, ...curve.formula), 0);
  const at = axes(c, box, { lo: 0, hi: separation.at(-1)! }, { lo: 0, hi: 1.04 * top }, ink);
  let x = box.left;
  for (const [k, curve] of curves.entries()) {
    const colour = [blue, red, green][k]!;
    inside(c, { ...box, left: box.left - 4, width: box.width + 8, height: box.height + 4 }, () => {
      c.beginPath();
      for (const [i, d] of separation.entries()) c.lineTo(at.x(d), at.y(curve.formula[i]!));
      c.strokeStyle = colour;
      c.lineWidth = 2;
      c.stroke();
      c.fillStyle = colour;
      for (const [i, d] of separation.entries()) {
        c.beginPath();
        c.arc(at.x(d), at.y(curve.solver[i]!), 3, 0, 2 * Math.PI);
        c.fill();
      }
    });
    c.fillStyle = colour;
    c.textAlign = "left";
    c.textBaseline = "middle";
    c.fillText(curve.name, x, 12);
    x += c.measureText(curve.name).width + 18;
  }
  c.fillStyle = ink.soft;
  c.textAlign = "right";
  c.fillText("separation", box.left + box.width, box.top + box.height + 24);
}

const directions: Tool = {
  sliders: [
    { name: "epsilon", title: "smoothing ε", min: 0.002, max: 10, step: 0, usual: 0.1, log: true },
    { name: "points", title: "points", min: 20, max: 200, step: 10, usual: 80 },
    { name: "seed", title: "seed", min: 1, max: 20, step: 1, usual: 1 },
  ],
  async ask(ask, { epsilon, points, seed }) {
    const found = await ask({ about: "directions", epsilon: epsilon!, points: points!, seed: seed! });
    const { exact, entropic, apart } = found;
    return {
      words: [
        `Left: optimal plan by the solver "${exact.solver}", W₂² = ${exact.value.toPrecision(5)}, within ${exact.gap.toExponential(0)} of the least.`,
        `Right: minus half the slope of the Sinkhorn divergence at ε = ${Number(epsilon!.toPrecision(3))}, whose value ${entropic.value.toPrecision(5)} is within ${entropic.error.toExponential(0)}, after ${entropic.iterations} iterations.`,
        `The arrows differ by ${apart.toPrecision(3)} in the root of the mean square.`,
      ],
      draw: (c, width, height, colours) => drawDirections(c, width, height, found, colours),
    };
  },
};
function drawDirections(c: CanvasRenderingContext2D, width: number, height: number, found: Answers["directions"], { ink, red, blue }: Colours): void {
  const n = found.from.length / 2;
  const tall = width < 560;
  const [w, h] = tall ? [width, height / 2] : [width / 2, height];
  for (const [k, arrows] of [found.exact.arrows, found.entropic.arrows].entries()) {
    const scale = Math.min((w - 20) / 4.6, (h - 40) / 3.8);
    const [left, top] = tall ? [0, k * h] : [k * w, 0];
    const x = (v: number): number => left + w / 2 + scale * v;
    const y = (v: number): number => top + 14 + h / 2 - scale * v;
    const dots = (cloud: Float64Array, colour: string): void => {
      c.fillStyle = colour;
      c.beginPath();
      for (let i = 0; i < n; i++) {
        c.moveTo(x(cloud[i]!) + 3, y(cloud[n + i]!));
        c.arc(x(cloud[i]!), y(cloud[n + i]!), 3, 0, 2 * Math.PI);
      }
      c.fill();
    };
    c.beginPath();
    for (let i = 0; i < n; i++) arrow(c, x(found.from[i]!), y(found.from[n + i]!), scale * arrows[i]!, -scale * arrows[n + i]!);
    c.strokeStyle = ink.soft;
    c.lineWidth = 1;
    c.stroke();
    dots(found.from, red);
    dots(found.to, blue);
    c.font = "12px system-ui, sans-serif";
    c.fillStyle = ink.soft;
    c.textAlign = "center";
    c.textBaseline = "top";
    c.fillText(k === 0 ? "straight, along the optimal plan" : "down the slope of the Sinkhorn divergence", left + w / 2, top + 4);
  }
}

const all: Readonly<Record<ToolName, Tool>> = { parting, directions };
export const loadTool = (name: ToolName): Tool => all[name];
