/**
 * Parameters of a unit as plain data: from these descriptors follow validation, defaults, JSON Schema, command-line help,
 * controls in the lab and the reference page. Data only, so that the catalogue loads no code.
 */
import type { Law, Rep, Rows, Tape } from "./contract.ts";

interface Described {
  /** one sentence of prose */
  readonly doc: string;
  /** physical or mathematical unit, where there is one: "length", "time", "energy" … */
  readonly unit?: string;
  /** may be left out and then is undefined */
  readonly optional?: true;
  /** matters only under schemes that store measures so: elsewhere its default goes unsaid */
  readonly under?: readonly Rep[];
}
/** The parameter belongs to the discretisation: multiplied by `by`, level by level, it takes a run closer to what it approximates. */
export interface Refines {
  readonly by: 2 | 0.5 | 0.1;
  /** the error falls by the factor 2 or 10 to the power -order per level: a number, what the scheme promises in `time` or in `space`, or `seen` where no theorem says and three runs must tell */
  readonly order: number | "time" | "space" | "seen";
  /** only under schemes that store measures so */
  readonly under?: readonly Rep[];
  /** only where these parameters of the same unit have one of these values */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** only where this place of the spec is empty, which decides otherwise */
  readonly unless?: string;
  /** a number of points in the spec that must grow by 2^(3/2 dimension) with it: their spacing must fall faster than this length, or the run approaches something else */
  readonly points?: string;
}
export interface NumberParam extends Described {
  readonly type: "number" | "integer";
  readonly default?: number;
  /** inclusive and exclusive limits */
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
  /** excluded value, as m = 1 for the power energy */
  readonly not?: number;
  readonly refines?: Refines;
}
export interface BooleanParam extends Described {
  readonly type: "boolean";
  readonly default?: boolean;
}
export interface ChoiceParam extends Described {
  readonly type: "choice";
  readonly of: readonly string[];
  readonly default?: string;
}
/** one choice per axis; a single one stands for all axes when `broadcast` */
export interface ChoicesParam extends Described {
  readonly type: "choices";
  readonly of: readonly string[];
  readonly broadcast?: true;
  readonly default?: readonly string[];
}
/** [d] numbers; a single number stands for all axes when `broadcast` */
export interface VectorParam extends Described {
  readonly type: "vector";
  readonly broadcast?: true;
  /** whole numbers only */
  readonly integer?: true;
  readonly above?: number;
  readonly default?: readonly number[];
  readonly refines?: Refines;
}
/** d rows of d numbers, symmetric; a number stands for a multiple of the identity */
export interface MatrixParam extends Described {
  readonly type: "matrix";
  readonly definite?: true;
}
/** n rows of d numbers (or n numbers on the line) */
export interface PointsParam extends Described {
  readonly type: "points";
}
export interface NumbersParam extends Described {
  readonly type: "numbers";
  readonly default?: readonly number[];
}
/** an expression; `of` names its variables: "x" the coordinates of the space, "r" a radius or density, "xy" two points. `t` where `time`. */
export interface FormulaParam extends Described {
  readonly type: "formula";
  readonly of: "x" | "r" | "xy";
  readonly time?: true;
  readonly default?: string;
}
/** a data file, read through the host before the unit is built, copied into the run folder and hashed */
export interface FileParam extends Described {
  readonly type: "file";
  readonly formats: readonly string[];
}
export interface TextParam extends Described {
  readonly type: "text";
  readonly default?: string;
}
export interface TextsParam extends Described {
  readonly type: "texts";
  /** each is a formula in these variables */
  readonly formulas?: Pick<FormulaParam, "of" | "time">;
}
/** a measure given in place or by `"$name"` */
export interface MeasureParam extends Described {
  readonly type: "measure";
}
/** a unit of another role: `"kind"` or `{ "kind": …, …parameters }` */
export interface UnitParam extends Described {
  readonly type: "unit";
  readonly role: Role;
  readonly default?: string;
}
/** a list of units of another role */
export interface UnitsParam extends Described {
  readonly type: "units";
  readonly role: Role;
}
export type Param =
  | NumberParam
  | BooleanParam
  | ChoiceParam
  | ChoicesParam
  | VectorParam
  | MatrixParam
  | PointsParam
  | NumbersParam
  | FormulaParam
  | FileParam
  | TextParam
  | TextsParam
  | MeasureParam
  | UnitParam
  | UnitsParam;
export type Params = Readonly<Record<string, Param>>;

export const roles = [
  "energy",
  "geometry",
  "drift",
  "scheme",
  "proximal",
  "space",
  "law",
  "kernel",
  "certificate",
  "exact",
  "exporter",
  "transport",
  "path",
] as const;
export type Role = (typeof roles)[number];

/** A formula ready to run over rows: value, symbolic gradient [d * n] and Hessian [d * d * n]. See formula/. */
export interface Formula {
  readonly text: string;
  readonly tex: string;
  readonly variables: readonly string[];
  /** depends on t */
  readonly moving: boolean;
  /** x: [variables * n] */
  value(n: number, x: Rows, t: number, out: Rows): void;
  gradient(n: number, x: Rows, t: number, out: Rows): void;
  hessian(n: number, x: Rows, t: number, out: Rows): void;
  /** `gradient` as a program to the same bits, where it was read from text */
  gradientTape?(): Tape;
  /** coefficients where the formula is a polynomial of degree at most two without t: (1/2) x'Ax + b'x + c */
  quadratic(): { readonly A: readonly number[]; readonly b: readonly number[]; readonly c: number } | null;
  /** a lower bound of the smallest Hessian eigenvalue over the box by interval arithmetic, -inf where none is found */
  convexity(lower: readonly number[], upper: readonly number[]): number;
}
export interface FileData {
  readonly path: string;
  readonly bytes: Uint8Array;
}

type ValueOf<P extends Param, R> = P extends NumberParam
  ? number
  : P extends BooleanParam
    ? boolean
    : P extends ChoiceParam
      ? P["of"][number]
      : P extends ChoicesParam
        ? readonly P["of"][number][]
        : P extends VectorParam | NumbersParam
          ? readonly number[]
          : P extends MatrixParam
            ? readonly number[]
            : P extends PointsParam
              ? { readonly n: number; readonly x: Float64Array }
              : P extends FormulaParam
                ? Formula
                : P extends FileParam
                  ? FileData
                  : P extends TextParam
                    ? string
                    : P extends TextsParam
                      ? readonly string[]
                      : P extends MeasureParam
                        ? Law
                        : P extends UnitParam
                          ? R extends Record<P["role"], infer U>
                            ? U
                            : unknown
                          : P extends UnitsParam
                            ? R extends Record<P["role"], infer U>
                              ? readonly U[]
                              : unknown
                            : never;
/** What `build` receives: defaults filled in, optional ones possibly undefined. R maps roles to built things. */
export type Values<P extends Params, R> = {
  readonly [K in keyof P]: P[K] extends { readonly optional: true } ? ValueOf<P[K], R> | undefined : ValueOf<P[K], R>;
};
