/** Problems that between them ask for every trait; each scheme runs on all that it can carry. */
import type { Field, Problem } from "../../src/contract.ts";

/** A potential that depends on the time (though it is 0 at all of them). */
export const moving: Field = {
  form: "field",
  label: "swing",
  tex: "",
  moving: true,
  value: (_n, _x, _t, out) => out.fill(0),
  gradient: (_n, _x, _t, out) => out.fill(0),
};

const box = { kind: "box", lower: [-4], upper: [4], cells: [80] };
const square = { kind: "box", lower: [-3, -3], upper: [3, 3], cells: [20, 20] };
const line = { kind: "free", dimension: 1 };
const plane = { kind: "free", dimension: 2 };
const well = { kind: "quadratic", matrix: 1 };
const attract = { kind: "interaction", kernel: { kind: "power", p: 2 } };
const goal1 = { kind: "gaussian", mean: [-0.6], deviation: [0.4], count: 50 };
const goal2 = { kind: "gaussian", mean: [-0.5, 0.4], deviation: [0.4], count: 60 };
const start1 = { kind: "gaussian", mean: [0.5], deviation: [0.6], count: 60 };
const start2 = { kind: "gaussian", mean: [0.4, -0.3], deviation: [0.6], count: 60, cut: 1e-3 };

const specs: Record<string, Record<string, unknown>> = {
  "heat on an interval": { space: box, energy: [{ kind: "entropy" }], initial: start1 },
  "heat on a circle": { space: { ...box, boundary: "periodic" }, energy: [{ kind: "entropy", temperature: 0.5 }], initial: start1 },
  "Ornstein–Uhlenbeck on an interval": { space: box, energy: [{ kind: "entropy" }, well], initial: start1 },
  "Ornstein–Uhlenbeck in a square": { space: square, energy: [{ kind: "entropy" }, well], initial: start2 },
  "porous medium in a well": { space: box, energy: [{ kind: "power", m: 2 }, well], initial: start1 },
  "porous medium in a square": { space: square, energy: [{ kind: "power", m: 2 }], initial: start2 },
  "McKean–Vlasov on an interval": { space: box, energy: [{ kind: "entropy" }, attract], initial: start1 },
  "potential alone": { space: box, energy: [well], initial: start1 },
  "Fisher–Rao on an interval": { space: box, energy: [{ kind: "entropy" }, well], geometry: "fisher-rao", initial: start1 },
  "projected L2 on an interval": { space: box, energy: [well], geometry: "l2", initial: start1 },
  "heat on the line": { space: line, energy: [{ kind: "entropy" }], initial: start1 },
  "Ornstein–Uhlenbeck on the line": { space: line, energy: [{ kind: "entropy" }, well], initial: start1 },
  "Ornstein–Uhlenbeck in the plane": { space: plane, energy: [{ kind: "entropy" }, well], initial: start2 },
  "porous medium on the line": { space: line, energy: [{ kind: "power", m: 2 }], initial: start1 },
  "attraction on the line": { space: line, energy: [attract, well], initial: start1 },
  "attraction and repulsion in the plane": {
    space: plane,
    energy: [{ kind: "interaction", kernel: { kind: "attraction-repulsion", a: 4, b: 2 } }],
    initial: start2,
  },
  "transport to a target on an interval": { space: box, energy: [{ kind: "wasserstein", to: goal1 }], initial: start1 },
  "transport to a target on the line": { space: line, energy: [{ kind: "wasserstein", to: goal1 }], initial: start1 },
  "transport to a target in the plane": { space: plane, energy: [{ kind: "wasserstein", to: goal2 }], initial: start2 },
  "Sinkhorn divergence in the plane": { space: plane, energy: [{ kind: "sinkhorn-divergence", to: goal2, epsilon: 0.2 }], initial: start2 },
  "energy distance in the plane, in a well": { space: plane, energy: [{ kind: "mmd", to: goal2 }, well], initial: start2 },
  "smooth discrepancy on an interval": { space: box, energy: [{ kind: "mmd", to: goal1, kernel: { kind: "gaussian", width: 0.5 } }], initial: start1 },
  "rotation in the plane": { space: plane, energy: [well], drift: [{ kind: "rotation", rate: 2 }], initial: start2 },
  "consensus in the plane": {
    space: plane,
    energy: [{ kind: "quadratic", matrix: 0.1 }],
    drift: [{ kind: "consensus", objective: "x^2 + y^2" }],
    initial: start2,
  },
};

export interface Specimen {
  readonly name: string;
  readonly problem: Problem;
}
/** Resolved with a placeholder scheme that carries the problem; the scheme under test replaces it. */
export async function zoo(): Promise<readonly Specimen[]> {
  const { Builder, contextOf } = await import("../../src/spec/build.ts");
  const { scalePart } = await import("../../src/energy/scale.ts");
  const out: Specimen[] = [];
  for (const [name, spec] of Object.entries(specs)) {
    const b = new Builder({});
    const space = (await b.make("space", spec.space, "space", { dim: 0, space: undefined as never })).built;
    const context = contextOf(space);
    const parts = [];
    for (const e of spec.energy as unknown[]) parts.push(...(await b.make("energy", e, "energy", context)).built.map((p) => scalePart(p, 1, "")));
    const drift = [];
    for (const d of (spec.drift as unknown[]) ?? []) drift.push((await b.make("drift", d, "drift", context)).built);
    const problem: Problem = {
      space,
      parts,
      drift,
      geometry: (await b.make("geometry", spec.geometry ?? "wasserstein", "geometry", context)).built,
      initial: (await b.make("law", spec.initial, "initial", context)).built,
      seed: 3,
      start: 0,
    };
    out.push({ name, problem });
  }
  return out;
}
