/**
 * One unit, one file: `define…` takes everything a unit is (kind, formula, prose, references, parameters, implementation)
 * and the lists follow: `npm run gen` writes registry, catalogue, schema and reference pages from these definitions.
 */
import type { Certificate, Drift, ExactFlow, Geometry, Kernel, Law, Part, PathSolver, Problem, Proximal, Scheme, Space, TransportSolver } from "./contract.ts";
import type { Params, Role, Values } from "./params.ts";

/** What each role builds; parameters of type `unit` receive these. */
export interface Built {
  energy: readonly Part[];
  geometry: Geometry;
  drift: Drift;
  scheme: Scheme;
  proximal: Proximal;
  space: Space;
  law: Law;
  kernel: Kernel;
  certificate: Certificate;
  exact: ExactFinder;
  exporter: Exporter;
  transport: TransportSolver;
  path: PathSolver;
}
export type ExactFinder = (p: Problem) => ExactFlow | null;
export interface Exporter {
  readonly extension: string;
  /** the files it writes, by name; `run` is read-only */
  write(run: ExportedRun): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]>;
}
/** What an exporter sees of a finished run. */
export interface ExportedRun {
  readonly title: string;
  readonly times: readonly number[];
  readonly frames: readonly import("./contract.ts").Measure[];
  /** column name to values, all of one length */
  readonly trace: Readonly<Record<string, Float64Array>>;
}
/** Where a unit is built: the space is known first, then measures, then everything else. */
export interface Context {
  readonly dim: number;
  readonly space: Space;
}
export interface Unit<R extends Role = Role> {
  readonly role: R;
  readonly kind: string;
  /** a few words, title case not needed */
  readonly title: string;
  readonly tex: string;
  /** one paragraph */
  readonly summary: string;
  /** keys of references.bib */
  readonly refs: readonly string[];
  readonly params: Params;
  /** parameter sets that build in the stated dimension: contract suites, reference pages and `explain` use them */
  readonly examples: readonly UnitExample[];
  /** families of exact solutions: what rules a problem out before they are loaded */
  readonly fits?: Fits;
  build(values: never, context: Context): Built[R];
}
/** A family of exact solutions is asked only about problems whose parts all have one of these forms, and whose initial law knows what it must. */
export interface Fits {
  readonly parts: readonly Part["form"][];
  readonly start?: keyof Law;
}
export interface UnitExample {
  readonly dim: number;
  readonly params: Readonly<Record<string, unknown>>;
  /** space cells etc. where the default of the suite does not fit */
  readonly space?: Readonly<Record<string, unknown>>;
  readonly note?: string;
}
export type Definition<R extends Role, P extends Params> = Omit<Unit<R>, "role" | "build" | "params"> & {
  readonly params: P;
  build(values: Values<P, Built>, context: Context): Built[R];
};
function definer<R extends Role>(role: R): <const P extends Params>(definition: Definition<R, P>) => Unit<R> {
  return (definition) => ({ role, ...definition }) as unknown as Unit<R>;
}
type Definer<R extends Role> = <const P extends Params>(definition: Definition<R, P>) => Unit<R>;
export const defineEnergy: Definer<"energy"> = definer("energy");
export const defineGeometry: Definer<"geometry"> = definer("geometry");
export const defineDrift: Definer<"drift"> = definer("drift");
export const defineScheme: Definer<"scheme"> = definer("scheme");
export const defineProximal: Definer<"proximal"> = definer("proximal");
export const defineSpace: Definer<"space"> = definer("space");
export const defineLaw: Definer<"law"> = definer("law");
export const defineKernel: Definer<"kernel"> = definer("kernel");
export const defineCertificate: Definer<"certificate"> = definer("certificate");
export const defineExact: Definer<"exact"> = definer("exact");
export const defineExporter: Definer<"exporter"> = definer("exporter");
export const defineTransport: Definer<"transport"> = definer("transport");
export const definePath: Definer<"path"> = definer("path");
