/** Formulas ready to run: parsed, differentiated and compiled text, or functions of a TypeScript program in the same shape. */
import type { Rows } from "../contract.ts";
import { OttoflowError } from "../errors.ts";
import type { Formula } from "../params.ts";
import { compile, type Program } from "./compile.ts";
import { convexity } from "./convexity.ts";
import { derivative } from "./derive.ts";
import { dependsOn, substitute, substituteRadius } from "./graph.ts";
import { inlined, readTree } from "./inline.ts";
import { lower } from "./lower.ts";
import { type Scope, variablesOf } from "./names.ts";
import { type Node, radius, time } from "./node.ts";
import { makePool, type Pool } from "./pool.ts";
import { quadraticOf } from "./quadratic.ts";
import { toTex } from "./tex.ts";

export interface FormulaOptions {
  readonly of: "x" | "r" | "xy";
  /** of the space; ignored for "r" */
  readonly dim: number;
  /** t is a variable */
  readonly time?: boolean;
  /** place in a spec, for messages */
  readonly path?: string;
  /** named numbers of the spec, used like constants */
  readonly names?: ReadonlyMap<string, number>;
}

/**
 * Reads a formula. In "x": x, y, z up to three dimensions, x1 … xd always, r = |x|; in "xy": x, y on the line, x1 … xd, y1 … yd always,
 * r = |x - y|; in "r": r.
 * @throws {FormulaError} with the offset of what could not be read
 */
export function makeFormula(text: string, options: FormulaOptions): Formula {
  const scope: Scope = { of: options.of, dim: options.of === "r" ? 1 : options.dim, time: options.time ?? false, names: options.names };
  const tree = readTree(text, scope, options.path);
  const variables = variablesOf(scope);
  const pool = makePool();
  const rows = variables.rows.length;
  const legs = legsOf(pool, scope);
  const root = radiusIn(pool, lower(pool, tree, variables), legs);
  // derivatives are built when they are first asked for
  let value: Program | undefined;
  let gradient: Program | undefined;
  let hessian: Program | undefined;
  const slope = (): Program => (gradient ??= compile(rows, gradientOf(pool, root, rows, legs)));
  return {
    text: inlined(text, tree, scope.names),
    tex: toTex(tree),
    variables: variables.rows,
    moving: dependsOn(root, time),
    value: (n, x, t, out) => (value ??= compile(rows, [substituteRadius(pool, root, pool.norm(legs))]))(n, x, t, out),
    gradient: (n, x, t, out) => slope()(n, x, t, out),
    gradientTape: () => slope().tape,
    hessian: (n, x, t, out) => (hessian ??= compile(rows, hessianOf(pool, root, rows, legs)))(n, x, t, out),
    quadratic: () => quadraticOf(substituteRadius(pool, root, pool.norm(legs)), rows),
    convexity: (lo, hi) => {
      for (const [name, b] of [
        ["lower", lo],
        ["upper", hi],
      ] as const)
        if (b.length !== rows) throw new OttoflowError("ShapeError", `${name}: got ${b.length} values when expected ${rows}.`, { got: b.length, want: rows });
      return convexity(pool, root, rows, legs, lo, hi);
    },
  };
}

/** the radius is the length of these */
function legsOf(pool: Pool, scope: Scope): Node[] {
  const axes = [...Array(scope.dim).keys()];
  if (scope.of === "r") return [];
  if (scope.of === "x") return axes.map((k) => pool.variable(k));
  return axes.map((k) => pool.sub(pool.variable(k), pool.variable(scope.dim + k)));
}
/** sqrt(x^2 + y^2), norm(x, y) and the like are the radius too */
const radiusIn = (pool: Pool, root: Node, legs: readonly Node[]): Node =>
  legs.length > 1 ? substitute(pool, root, pool.norm(legs), pool.variable(radius)) : root;
/** f(r) alone, in at least two dimensions: its derivatives are written by f' and f'', which are right at r = 0 too */
const isRadial = (root: Node, rows: number, legs: readonly Node[]): boolean =>
  legs.length > 1 && dependsOn(root, radius) && ![...Array(rows).keys()].some((k) => dependsOn(root, k));

/** grad f(r) = f'(r) d, with d = legs / r, and 0 at r = 0 */
export function gradientOf(pool: Pool, root: Node, rows: number, legs: readonly Node[]): Node[] {
  const all = [...Array(rows).keys()];
  const r = pool.norm(legs);
  if (!isRadial(root, rows, legs)) {
    const plain = substituteRadius(pool, root, r);
    return all.map((k) => derivative(pool, plain, k));
  }
  const slope = substituteRadius(pool, derivative(pool, root, radius), r);
  return all.map((k) => {
    const leg = legs[k % legs.length]!;
    const part = pool.choose(false, r, pool.num(0), pool.num(0), pool.mul(slope, pool.over(leg, r)));
    return k < legs.length ? part : pool.neg(part);
  });
}

/** Hess f(r) = f'' dd' + f'/r (I - dd'), and f''(0) I at r = 0 */
export function hessianOf(pool: Pool, root: Node, rows: number, legs: readonly Node[]): Node[] {
  const all = [...Array(rows).keys()];
  const r = pool.norm(legs);
  const out: Node[] = [];
  if (!isRadial(root, rows, legs)) {
    const plain = substituteRadius(pool, root, r);
    for (const k of all) {
      const slope = derivative(pool, plain, k);
      for (const l of all) out.push(l < k ? out[l * rows + k]! : derivative(pool, slope, l));
    }
    return out;
  }
  const slope = derivative(pool, root, radius);
  const along = substituteRadius(pool, derivative(pool, slope, radius), r);
  const across = pool.over(substituteRadius(pool, slope, r), r);
  for (const k of all)
    for (const l of all) {
      const [i, j] = [k % legs.length, l % legs.length];
      const dd = pool.mul(pool.over(legs[i]!, r), pool.over(legs[j]!, r));
      const away = pool.add(pool.mul(along, dd), pool.mul(across, i === j ? pool.sub(pool.num(1), dd) : pool.neg(dd)));
      const entry = pool.choose(false, r, pool.num(0), i === j ? along : pool.num(0), away);
      out.push(k < legs.length === l < legs.length ? entry : pool.neg(entry));
    }
  return out;
}

/** Pointwise functions of the coordinates (a plain array) and the time. */
export interface Functions {
  value(x: readonly number[], t: number): number;
  /** [d] */
  gradient?(x: readonly number[], t: number): readonly number[];
  /** [d * d], row-major; schemes that need second derivatives ask for it */
  hessian?(x: readonly number[], t: number): readonly number[];
  /** the functions depend on t */
  readonly moving?: boolean;
  readonly tex?: string;
}
/** The text of a formula that was given as functions and cannot be read again. */
export const functionsText = "(functions)";

/**
 * The same shape from functions of a TypeScript program, for what no formula can say. They are called point by point and known to nobody:
 * no simplification, no bounds, no certificate of convexity.
 * @throws {FormulaError} when the gradient is missing: it is not replaced by differences, whose error no certificate could bound
 */
export function fromFunctions(functions: Functions, dim: number): Formula {
  const fail = (what: string): never => {
    throw new OttoflowError("FormulaError", what, { formula: functionsText, offset: 0 });
  };
  if (typeof functions.value !== "function") fail(`Got ${typeof functions.value} for value when expected a function of a point [${dim}] and the time.`);
  if (typeof functions.gradient !== "function")
    fail(`A function needs its gradient: give { value, gradient }, where gradient(x, t) returns ${dim} numbers. It is not replaced by differences.`);
  const point = new Array<number>(dim).fill(0);
  const load = (n: number, x: Rows, i: number): readonly number[] => {
    for (let k = 0; k < dim; k++) point[k] = x[k * n + i]!;
    return point;
  };
  const write =
    (name: string, size: number, from: (x: readonly number[], t: number) => readonly number[]) =>
    (n: number, x: Rows, t: number, out: Rows): void => {
      for (let i = 0; i < n; i++) {
        const g = from(load(n, x, i), t);
        if (g.length !== size) fail(`${name} returned ${g.length} values when expected ${size}.`);
        for (let k = 0; k < size; k++) out[k * n + i] = g[k]!;
      }
    };
  return {
    text: functionsText,
    tex: functions.tex ?? "f(x)",
    variables: variablesOf({ of: "x", dim, time: false }).rows,
    moving: functions.moving ?? false,
    value: (n, x, t, out) => {
      for (let i = 0; i < n; i++) out[i] = functions.value(load(n, x, i), t);
    },
    gradient: write("gradient", dim, (x, t) => functions.gradient!(x, t)),
    hessian: write("hessian", dim * dim, (x, t) =>
      (functions.hessian ?? fail(`Second derivatives are asked for: give hessian(x, t) too, ${dim * dim} numbers.`))(x, t),
    ),
    quadratic: () => null,
    convexity: () => Number.NEGATIVE_INFINITY,
  };
}
