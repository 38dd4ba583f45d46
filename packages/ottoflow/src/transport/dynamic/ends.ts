/** The two ends of a path on a grid: laws become densities at the cells that are free, and what does not fit is said or refused. */
import type { PathProblem, Space } from "../../contract.ts";
import { specError } from "../../errors.ts";
import { defaultCut, storeCells } from "../../measure/store.ts";
import type { Formula } from "../../params.ts";
import { exactSum } from "../problem.ts";

export interface Ends {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly notes: readonly string[];
}

/** Cells whose centre lies where the formula is positive. @throws {SpecError} where nothing is left */
export function blockedBy(space: Space, obstacle: Formula | undefined): Uint8Array | undefined {
  if (!obstacle) return undefined;
  const { n, centre } = space.cells!;
  const value = new Float64Array(n);
  obstacle.value(n, centre, 0, value);
  const bad = value.findIndex((v) => Number.isNaN(v));
  if (bad >= 0) throw specError("obstacle", `is not a number at the centre of cell ${bad}.`);
  const blocked = Uint8Array.from(value, (v) => (v > 0 ? 1 : 0));
  if (blocked.every((b) => b === 1)) throw specError("obstacle", "is positive everywhere: no cell is left. It is positive inside the obstacle.");
  return blocked;
}

/**
 * Densities of both laws. Mass beyond the law's `cut` in the obstacle is refused, less is left out with a note; without growth the second law
 * is scaled to the mass of the first where they differ by no more than the cuts allow.
 * @throws {SpecError} on mass in the obstacle, and on masses that differ by more without growth
 */
export function storeEnds(p: PathProblem, blocked: Uint8Array | undefined, balanced: boolean): Ends {
  const notes: string[] = [];
  const { volume } = p.space.cells!;
  const massOf = (rho: Float64Array): number => exactSum(rho.map((v, i) => v * volume[i]!));
  const [from, to] = (["from", "to"] as const).map((name) => {
    const law = p[name];
    const rho = new Float64Array(p.space.cells!.n);
    storeCells(law, p.space, rho);
    if (!blocked) return rho;
    const kept = rho.map((v, i) => (blocked[i] ? 0 : v));
    const lost = 1 - massOf(kept) / massOf(rho);
    if (lost > (law.cut ?? defaultCut))
      throw specError(name, `has ${(100 * lost).toPrecision(3)} % of its mass in the obstacle, more than "cut" allows. Move the measure or the obstacle.`);
    if (lost > 0) notes.push(`${lost.toExponential(1)} of the mass of "${name}" lay in the obstacle and was left out.`);
    return kept;
  }) as [Float64Array, Float64Array];
  if (!balanced) return { from, to, notes };
  const ratio = massOf(from) / massOf(to);
  const most = (p.from.cut ?? defaultCut) + (p.to.cut ?? defaultCut);
  if (ratio === 1) return { from, to, notes };
  if (!(Math.abs(ratio - 1) <= most))
    throw specError("to", `has ${1 / ratio} times the mass of the first measure. Give both one mass, or allow growth (wasserstein-fisher-rao).`);
  if (Math.abs(ratio - 1) > 1e-12)
    notes.push(`The second measure was multiplied by 1 + ${(ratio - 1).toExponential(1)} to have the mass of the first on this grid.`);
  return { from, to: to.map((v) => v * ratio), notes };
}
