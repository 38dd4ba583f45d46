import type { Figure } from "ottoflow/io/figure/chart";
import type { TableOf } from "../tables.ts";
import type { Refinement } from "./refine.ts";

/** What a study found, ready to be written. */
export interface Study {
  readonly title: string;
  readonly summary: string;
  readonly table: TableOf;
  readonly figures: readonly Figure[];
  readonly refinement: Refinement | null;
  readonly refs: readonly string[];
}
