/** The figures of a run: one list for the report, the exporters and the lab. */
import type { Figure } from "./chart.ts";
import { curvesFigure } from "./curves.ts";
import { fieldsFigure } from "./fields.ts";
import { ledgerFigure, partsFigure } from "./ledger.ts";
import type { Picture } from "./picture.ts";

/** Frames first, then the ledger, then the parts of the energy; what a run does not have is left out. `prefix` keeps ids apart on one page. */
export function figuresOf(picture: Picture, prefix = "figure"): Figure[] {
  const figures: (Figure | null)[] = [
    framesFigure(picture, `${prefix}-frames`),
    ledgerFigure(picture, `${prefix}-ledger`),
    partsFigure(picture, `${prefix}-parts`),
  ];
  return figures.filter((figure) => figure !== null);
}

/** The frames alone: curves on the line, a strip of panels in the plane and above. */
export function framesFigure(picture: Picture, id: string): Figure | null {
  const first = picture.frames[0];
  if (!first) return null;
  const line = first.space.dim === 1 || (first.rep === "cells" && !first.space.grid);
  return line ? curvesFigure(picture, id) : fieldsFigure(picture, id);
}
