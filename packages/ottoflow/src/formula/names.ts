/** Every name a formula may use. Lists, not lookups on objects: `constructor` and `__proto__` are unknown names like any other. */

export interface Scope {
  /** "x": the coordinates of a point; "r": a radius or density; "xy": two points; "none": nothing, so that the formula is a number */
  readonly of: "x" | "r" | "xy" | "none";
  readonly dim: number;
  /** the formula may depend on t */
  readonly time: boolean;
  /** named numbers of the spec, where there is one */
  readonly names?: ReadonlyMap<string, number>;
}
export interface Arity {
  readonly min: number;
  readonly max: number;
}
const one: Arity = { min: 1, max: 1 };
const two: Arity = { min: 2, max: 2 };
const many: Arity = { min: 2, max: 64 };

/** Functions by name; `step` (also `heaviside`) is 1 from 0 on, `sign(0)` is 0, `norm` (also `hypot`) is the Euclidean length of its arguments. */
export const functions: ReadonlyMap<string, Arity> = new Map([
  ["exp", one],
  ["log", one],
  ["ln", one],
  ["sqrt", one],
  ["abs", one],
  ["sin", one],
  ["cos", one],
  ["tan", one],
  ["asin", one],
  ["acos", one],
  ["atan", one],
  ["sinh", one],
  ["cosh", one],
  ["tanh", one],
  ["erf", one],
  ["sign", one],
  ["step", one],
  ["heaviside", one],
  ["floor", one],
  ["pow", two],
  ["atan2", two],
  ["min", many],
  ["max", many],
  ["norm", { min: 1, max: 64 }],
  ["hypot", { min: 1, max: 64 }],
  ["if", { min: 3, max: 3 }],
  ["piecewise", { min: 3, max: 63 }],
]);
/** Functions whose arguments at these places are comparisons. */
export const takesCondition = (name: string, place: number, count: number): boolean =>
  (name === "if" && place === 0) || (name === "piecewise" && place % 2 === 0 && place < count - 1);

export const constants: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);

/** What a named number of a spec may be called. */
export const parameterName: RegExp = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

/** What the name stands for in formulas of some dimension, so that no spec may give it to a parameter; null where it is free. */
export function takenAs(name: string): "variable" | "constant" | "function" | null {
  if (/^(?:[rtxyz]|[xy]\d+)$/.test(name)) return "variable";
  if (constants.has(name)) return "constant";
  return functions.has(name) ? "function" : null;
}

/** What a name stands for: row k of the points, the time, the radius |x| (in "xy": |x - y|), or a number that the spec has named. */
export type Meaning = { readonly row: number } | "t" | "radius" | { readonly named: number };
export interface Variables {
  /** one name per row of the points */
  readonly rows: readonly string[];
  readonly meaning: ReadonlyMap<string, Meaning>;
}
const letters = ["x", "y", "z"] as const;

export function variablesOf(scope: Scope): Variables {
  const meaning = new Map<string, Meaning>();
  const rows: string[] = [];
  const numbered = (letter: string, first: number): void => {
    for (let k = 0; k < scope.dim; k++) meaning.set(`${letter}${k + 1}`, { row: first + k });
  };
  if (scope.of === "r") {
    rows.push("r");
    meaning.set("r", { row: 0 });
  } else if (scope.of === "x") {
    const short = scope.dim <= 3;
    for (let k = 0; k < scope.dim; k++) rows.push(short ? letters[k]! : `x${k + 1}`);
    if (short) for (const [row, name] of rows.entries()) meaning.set(name, { row });
    numbered("x", 0);
    meaning.set("r", "radius");
  } else if (scope.of === "xy") {
    for (const letter of ["x", "y"]) for (let k = 0; k < scope.dim; k++) rows.push(scope.dim === 1 ? letter : `${letter}${k + 1}`);
    if (scope.dim === 1) for (const [row, name] of rows.entries()) meaning.set(name, { row });
    numbered("x", 0);
    numbered("y", scope.dim);
    meaning.set("r", "radius");
  }
  if (scope.time) meaning.set("t", "t");
  for (const [name, value] of scope.names ?? []) meaning.set(name, { named: value });
  return { rows, meaning };
}

/** Edit distance with a cap, for suggestions only. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    last = row;
  }
  return last[b.length]!;
}
const habits: ReadonlyMap<string, string> = new Map([
  ["arcsin", "asin"],
  ["arccos", "acos"],
  ["arctan", "atan"],
  ["arctan2", "atan2"],
  ["fabs", "abs"],
  ["sgn", "sign"],
  ["theta", "step"],
  ["where", "if"],
  ["select", "if"],
  ["power", "pow"],
  ["log10", "log"],
  ["square", "pow"],
]);

/** The nearest allowed name, a product of variables that was run together, or null. */
export function suggestion(name: string, variables: Variables): string | null {
  const known = [...variables.meaning.keys(), ...constants.keys(), ...functions.keys()];
  const lower = name.toLowerCase();
  const habit = habits.get(lower);
  if (habit) return habit;
  const same = known.find((candidate) => candidate.toLowerCase() === lower);
  if (same !== undefined) return same;
  if (name.length <= 6 && name.length > 1 && [...name].every((c) => variables.meaning.has(c) || constants.has(c))) return [...name].join("*");
  if (name.length > 40) return null;
  let best: string | null = null;
  let least = name.length <= 2 ? 1.5 : 2.5;
  for (const candidate of known) {
    const d = distance(lower, candidate.toLowerCase());
    if (d < least && d < candidate.length) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

/** "variables x, y, r; parameters noise; constants pi, e; functions exp, …", shortened where there are many. */
export function allowedNames({ meaning }: Variables): string {
  const isNamed = (name: string): boolean => typeof meaning.get(name) === "object" && "named" in (meaning.get(name) as object);
  const list = (title: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${title} ${(names.length <= 12 ? names : [...names.slice(0, 5), "…", ...names.slice(-4)]).join(", ")}`];
  const names = [...meaning.keys()];
  return [
    ...list(
      "variables",
      names.filter((name) => !isNamed(name)),
    ),
    ...list("parameters", names.filter(isNamed)),
    `constants ${[...constants.keys()].join(", ")}`,
    `functions ${[...functions.keys()].join(", ")}`,
  ].join("; ");
}
