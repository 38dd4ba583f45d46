import type { Problem, Takes } from "./contract.ts";
import { OttoflowError } from "./errors.ts";

/** @throws {UnsupportedError} when `takes` refuses the problem; specs are asked before, programs that open a scheme themselves are asked here */
export function expectCarried(label: string, takes: Takes, p: Problem): void {
  const refused = takes.refuses?.(p);
  if (refused) throw new OttoflowError("UnsupportedError", `${label}: it ${refused.why}.`, { missing: [refused.trait] });
}
