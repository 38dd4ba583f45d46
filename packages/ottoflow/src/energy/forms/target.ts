/** The laws that discrepancies are measured to, stored once when the energy is built. */
import type { As, Law, Space } from "../../contract.ts";
import { isOttoflowError, specError } from "../../errors.ts";
import { storeParticles } from "../../measure/store.ts";
import type { NumberParam } from "../../params.ts";

/** How atoms come to stand for a target: parameters to spread into `params`. */
export const cloudParams: {
  readonly points: NumberParam & { readonly default: number };
  readonly seed: NumberParam & { readonly default: number };
} = {
  points: {
    type: "integer",
    min: 1,
    max: 100_000,
    default: 300,
    doc: "how many points drawn from the target stand for it, where it is no sum of atoms and names no count itself",
  },
  seed: { type: "integer", min: 0, max: 0xffffffff, default: 1, doc: "of those draws, which are others than the particles' own" },
};
/** "targ": targets and initial measures of one seed are drawn from different numbers */
const TARGET = 0x74617267;

/** The target as atoms: its own, or draws of it. */
export function storeCloud(to: Law, space: Space, { points, seed }: { readonly points: number; readonly seed: number }): As<"particles"> {
  const n = to.points?.n ?? to.count ?? points;
  const x = new Float64Array(space.dim * n);
  const weight = new Float64Array(n);
  asTarget(() => storeParticles(to, n, (seed ^ TARGET) >>> 0, x, weight, space));
  return { rep: "particles", space, n, x, weight };
}
/** Energies that a program opens itself are asked about masses here; specs are asked before they run. @throws {SpecError} */
export function expectMass(mass: number, target: number): void {
  if (!(Math.abs(mass - target) <= 1e-9 * target))
    throw specError("to.mass", `is ${target} when the measure that flows has the mass ${mass}; give both the same.`);
}
/** Complaints of the storage are about the target here. */
export function asTarget<T>(store: () => T): T {
  try {
    return store();
  } catch (error) {
    if (isOttoflowError(error, "SpecError") && error.fields.path === "initial") throw specError("to", error.message.replace(/^initial: /, ""));
    throw error;
  }
}
/** Transport with squared distances looks at laws of finite second moment. */
export function expectSecondMoment(to: Law): void {
  if (to.moments?.cov.some((v) => !Number.isFinite(v)))
    throw specError("to", `${to.tex} has no finite second moment, so every measure that has one is infinitely far from it; take a target with lighter tails.`);
}
/** Why distances of R^d are not those of this space, or null. */
export function refusesBend(space: Space): string | null {
  if (space.grid?.periodic.some(Boolean)) return "measures straight distances, and an axis here is periodic";
  return space.points?.retract ? `measures straight distances, which a ${space.kind} does not have` : null;
}
