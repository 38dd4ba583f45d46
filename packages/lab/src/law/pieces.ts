/** The law in pieces that can be pointed at: each with the parts of the energy that it comes from. */
import type { PlainLaw } from "../engine/messages.ts";

export interface Piece {
  readonly tex: string;
  readonly parts: readonly number[];
}
const MOTION = "\\text{the drift}";
const signed = (tex: string, k: number): string => (k === 0 ? tex : tex.startsWith("-") ? `{} - ${tex.slice(1)}` : `{} + ${tex}`);

export function equationPieces({ equation, terms = [] }: Pick<PlainLaw, "equation" | "terms">): readonly Piece[] {
  if (terms.length === 0) return [{ tex: equation, parts: [] }];
  const sum = terms.map(({ tex, parts }, k) => ({ tex: signed(tex, k), parts }));
  return [{ tex: "\\partial_t \\rho =", parts: [] }, ...sum, ...(equation.endsWith(MOTION) ? [{ tex: signed(MOTION, 1), parts: [] }] : [])];
}
export function energyPieces({ energy, parts }: { readonly energy: string; readonly parts: readonly { readonly tex: string }[] }): readonly Piece[] {
  if (parts.length === 0) return [{ tex: energy, parts: [] }];
  return [{ tex: "F(\\rho) =", parts: [] }, ...parts.map(({ tex }, k) => ({ tex: signed(tex, k), parts: [k] }))];
}
