import type { Law } from "../contract.ts";
import { type Context, defineLaw, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import type { Formula } from "../params.ts";
import { densityLaw } from "./density-law.ts";
import { perAxis, type Shared, shared, sharedOf } from "./law.ts";

/** The box on which the formula is normalised: given corners, else the box of the space. */
function boxOf(context: Context, lower: readonly number[] | undefined, upper: readonly number[] | undefined): [readonly number[], readonly number[]] | null {
  const grid = context.space.grid;
  if (lower || upper) {
    if (!lower || !upper) throw specError("lower", "got one of lower and upper; give both corners or none.");
    return [perAxis("lower", lower, context.dim, 0), perAxis("upper", upper, context.dim, 0)];
  }
  return grid ? [grid.lower, grid.lower.map((a, k) => a + grid.h[k]! * grid.shape[k]!)] : null;
}

/** On spaces of cells that are no box: the density at the centres, normalised by the volumes. */
function onCentres(formula: Formula, context: Context, values: Shared): Law {
  const base = sharedOf(values);
  const { n, volume, centre } = context.space.cells!;
  const rho = new Float64Array(n);
  formula.value(n, centre, 0, rho);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(rho[i]! >= 0 && rho[i]! < Number.POSITIVE_INFINITY))
      throw specError("formula", `the density is ${rho[i]} in cell ${i}; it must be a finite number >= 0.`);
    total += rho[i]! * volume[i]!;
  }
  if (!(total > 0)) throw specError("formula", "the density vanishes in every cell.");
  return {
    ...base,
    tex: `\\tfrac1Z \\left(${formula.tex}\\right)`,
    dim: context.dim,
    density: (m, x, out) => {
      formula.value(m, x, 0, out);
      for (let i = 0; i < m; i++) out[i] = (out[i]! * base.mass) / total;
    },
  };
}

export const formula: Unit<"law"> = defineLaw({
  kind: "formula",
  title: "density by formula",
  tex: "\\rho(x) \\propto f(x)",
  summary:
    "A density given by a formula in the coordinates, without its constant: it is normalised on the box to the mass. Negative values and values that are no numbers are refused with the place where they occur. In free space the box is given by its corners.",
  refs: [],
  params: {
    formula: { type: "formula", of: "x", doc: "unnormalised density, finite and >= 0 on the box" },
    lower: {
      type: "vector",
      broadcast: true,
      optional: true,
      unit: "length",
      doc: "lower corner of the box that holds the mass; the space's box unless given",
    },
    upper: { type: "vector", broadcast: true, optional: true, unit: "length", doc: "upper corner of the box that holds the mass" },
    ...shared,
  },
  examples: [
    { dim: 1, params: { formula: "1 + 0.5 * cos(2 * x)" } },
    { dim: 2, params: { formula: "exp(-x^2 - 2 * y^2) * (1 + x^2)" } },
  ],
  build: (values, context) => {
    if (values.formula.moving) throw specError("formula", "an initial density cannot depend on t.");
    const box = boxOf(context, values.lower, values.upper);
    if (box) {
      const shape = values.lower ? undefined : context.space.grid?.shape;
      return densityLaw(box[0], box[1], (n, x, out) => values.formula.value(n, x, 0, out), values, values.formula.tex, shape);
    }
    if (context.space.cells) return onCentres(values.formula, context, values);
    throw specError("formula", "a density by formula in free space needs the box that holds its mass: give lower and upper.");
  },
});
