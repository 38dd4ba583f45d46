import type { Part } from "../../contract.ts";
import { OttoflowError } from "../../errors.ts";
import { fieldTerm } from "./field.ts";
import { localTerm } from "./local.ts";
import { parabolaPairTerm } from "./parabola-pair.ts";
import { quadraticPairTerm } from "./quadratic-pair.ts";
import { radialPairTerm } from "./radial-pair.ts";
import type { Line, Term } from "./term.ts";
import { towardsTerm } from "./towards.ts";

/**
 * The part as a function of the nodes.
 * @throws {UnsupportedError} for energies that are neither local, field, radial pair nor a squared distance to a target, and for hard caps
 */
export function termOf(part: Part, line: Line): Term {
  const refuse = (why: string): never => {
    throw new OttoflowError("UnsupportedError", `quantile: cannot carry "${part.label}": ${why}`, { missing: [part.form] });
  };
  switch (part.form) {
    case "local":
      if (part.cap !== undefined)
        return refuse("a cap on the density is a constraint that its Newton method does not handle; use a scheme on cells that carries caps.");
      return localTerm(part, line);
    case "field":
      return fieldTerm(part, line);
    case "pair":
      if (part.W.quadratic !== undefined) return quadraticPairTerm(part.W.quadratic, line);
      if (part.W.parabola) return parabolaPairTerm(part.W.parabola, line);
      if (part.W.radial) return radialPairTerm(part.W, part.W.radial, line);
      return refuse("its kernel is not a function of |x - y|; use particles or cells.");
    case "general":
      if (part.towards && part.target?.line) return towardsTerm(part.towards.rate, part.target.line, line);
      return refuse("it has no form as a sum over neighbouring quantiles; use particles or cells.");
  }
}
