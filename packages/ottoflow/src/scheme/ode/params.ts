import type { ChoiceParam, NumberParam } from "../../params.ts";
import type { tableaus } from "./runge-kutta.ts";

export type TimeMethod = keyof typeof tableaus;
const methods = ["euler", "rk4", "adaptive"] as const;

/** Parameters of every scheme that solves an ordinary differential equation: spread into `params`. */
export function timeParams(
  standard: TimeMethod,
  tolerance: number,
  of: string,
): {
  readonly time: ChoiceParam & { readonly of: readonly ["euler", "rk4", "adaptive"] };
  readonly step: NumberParam;
  readonly tolerance: NumberParam;
} {
  return {
    time: {
      type: "choice",
      of: methods,
      default: standard,
      doc: "method in time: order 1, order 4, or order 5 with steps chosen from the local error",
    },
    step: {
      type: "number",
      above: 0,
      unit: "time",
      refines: { by: 0.5, order: "time", where: { time: ["euler", "rk4"] } },
      doc: "time step; with `adaptive` the first one",
    },
    tolerance: {
      type: "number",
      above: 0,
      default: tolerance,
      unit: "length",
      refines: { by: 0.1, order: 1, where: { time: ["adaptive"] } },
      doc: `with \`adaptive\`: local error of a step${of}`,
    },
  };
}
