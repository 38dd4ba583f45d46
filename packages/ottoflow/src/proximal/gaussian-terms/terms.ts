import type { Field, Kernel, Pair, Part } from "../../contract.ts";
import { limitError, OttoflowError } from "../../errors.ts";
import { powi } from "../../kernels/math.ts";
import { smallestEigenvalue } from "../../numeric/dense.ts";
import { gaussHermite } from "../../numeric/quadrature.ts";
import { localTerm } from "./local.ts";
import { quadraticTerm } from "./quadratic.ts";
import { differences, type Rowed, sampledTerm } from "./sampled.ts";
import type { Base, GaussianTerm } from "./term.ts";

const usualNodes = [40, 20, 12, 8];
const mostPoints = 200_000;

/**
 * The part on Gaussians.
 * @throws {UnsupportedError} for local energies without a closed form on Gaussians and for energies with code of their own
 * @throws {LimitError} where a quadrature would need too many points
 */
export function termOf(part: Part, base: Base, nodes: number | undefined): GaussianTerm {
  switch (part.form) {
    case "local": {
      const term = part.cap === undefined ? localTerm(part, base) : null;
      if (!term) throw refuse(part, "it has no closed form on Gaussians; entropy and powers have one.");
      return term;
    }
    case "field":
      return fieldTerm(part, base, nodes);
    case "pair":
      return pairTerm(part, base, nodes);
    case "general":
      throw refuse(part, "only local, field and pair energies are known on Gaussians.");
  }
}

const refuse = (part: Part, why: string): Error =>
  new OttoflowError("UnsupportedError", `gaussian: cannot carry "${part.label}": ${why}`, { missing: [part.form] });

function ruleOf(d: number, nodes: number | undefined): ReturnType<typeof gaussHermite> {
  const size = nodes ?? usualNodes[d - 1] ?? 6;
  const points = powi(size, d);
  if (points > mostPoints)
    throw limitError(
      `Gauss–Hermite points in dimension ${d}`,
      points,
      mostPoints,
      'Set fewer "nodes" per axis, or use a quadratic potential, which needs none.',
    );
  return gaussHermite(size);
}

function fieldTerm(part: Field, base: Base, nodes: number | undefined): GaussianTerm {
  const { d, mass } = base;
  const known =
    part.convex && part.convex.how !== "sampled" ? part.convex.value : part.quadratic && !part.moving ? smallestEigenvalue(d, part.quadratic.A) : null;
  if (part.quadratic && !part.moving) return quadraticTerm({ ...part.quadratic, weight: mass, modulus: known }, base);
  const gradient: Rowed["gradient"] = (n, x, t, out) => part.gradient(n, x, t, out);
  const f: Rowed = {
    value: (n, x, t, out) => part.value(n, x, t, out),
    gradient,
    hessian: part.hessian ? (n, x, t, out) => part.hessian!(n, x, t, out) : differences(d, gradient),
  };
  return sampledTerm(
    f,
    {
      rule: ruleOf(d, nodes),
      centred: false,
      spread: 1,
      weight: mass,
      modulus: known,
      closure: `${part.label} is not quadratic, so Gaussians do not stay Gaussian`,
    },
    base,
  );
}

/** x - y of two independent points is N(0, 2 cov). */
function pairTerm(part: Pair, base: Base, nodes: number | undefined): GaussianTerm {
  const { d, mass } = base;
  const k: Kernel = part.W;
  if (k.quadratic !== undefined) {
    const A = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? k.quadratic! : 0));
    return quadraticTerm({ A, b: null, c: 0, weight: mass * mass, modulus: Math.min(0, k.quadratic) * mass }, base);
  }
  if (!k.radial || !k.finite) throw refuse(part, "its kernel is not a finite function of |x - y|.");
  const origin = new Float64Array(d);
  const one = Float64Array.of(1);
  const gradient: Rowed["gradient"] = (n, x, _t, out) => k.dx(n, x, 1, origin, one, out);
  const f: Rowed = { value: (n, x, _t, out) => k.sum(n, x, 1, origin, one, out), gradient, hessian: differences(d, gradient) };
  const modulus = k.convex && k.convex.how !== "sampled" ? Math.min(0, k.convex.value) * mass : null;
  return sampledTerm(
    f,
    {
      rule: ruleOf(d, nodes),
      centred: true,
      spread: Math.SQRT2,
      weight: 0.5 * mass * mass,
      modulus,
      closure: `${part.label} is not quadratic, so Gaussians do not stay Gaussian`,
    },
    base,
  );
}
