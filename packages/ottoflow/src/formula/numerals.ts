/** Numbers, points and matrices in TeX, short enough to read: what units write into their formulas. */

/** Six significant digits at most; powers of ten where zeros would pile up. */
export function numberTex(value: number): string {
  const rounded = Number(value.toPrecision(6));
  if (!Number.isFinite(rounded)) return Number.isNaN(rounded) ? "\\text{NaN}" : `${rounded < 0 ? "-" : ""}\\infty`;
  const size = Math.abs(rounded);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(rounded);
  const [mantissa, exponent] = rounded.toExponential().split("e") as [string, string];
  const ten = `10^{${Number(exponent)}}`;
  return mantissa === "1" ? ten : mantissa === "-1" ? `-${ten}` : `${mantissa} \\cdot ${ten}`;
}

/** A factor in front of something else: nothing for 1, a sign for -1. */
export function factorTex(value: number): string {
  return value === 1 ? "" : value === -1 ? "-" : `${numberTex(value)}\\,`;
}

/** a / b in front of something else: "\tfrac{3}{2}\," for whole numbers, else one number; nothing for 1, a sign for -1. */
export function ratioTex(a: number, b: number): string {
  const ratio = a / b;
  if (Number.isInteger(ratio) || !Number.isInteger(a) || !Number.isInteger(b)) return factorTex(ratio);
  return `${ratio < 0 ? "-" : ""}\\tfrac{${Math.abs(a)}}{${Math.abs(b)}}\\,`;
}

/** Terms with their signs between them. */
export const sumTex = (terms: readonly string[]): string =>
  terms
    .filter((term) => term !== "")
    .join(" + ")
    .replaceAll("+ -", "- ");

/** In parentheses if it is a sum or begins with a sign. */
export function bracketedTex(tex: string): string {
  let depth = 0;
  for (const [i, c] of [...tex].entries()) {
    if ("({[".includes(c)) depth++;
    else if (")}]".includes(c)) depth--;
    else if (depth === 0 && (c === "+" || (c === "-" && i === 0) || (c === "-" && tex[i - 1] === " "))) return `\\left(${tex}\\right)`;
  }
  return tex;
}

/** At most this many coordinates are written out. */
const most = 4;

/** A number on the line, "(a, b)" in the plane; beyond four coordinates the first ones and dots. */
export function pointTex(x: ArrayLike<number>): string {
  if (x.length === 1) return numberTex(x[0]!);
  const shown = Array.from(x).slice(0, most).map(numberTex);
  return `(${[...shown, ...(x.length > most ? ["\\dots"] : [])].join(", ")})`;
}

/** "x", "x - 1", "x + 1" on the line; in more dimensions "x - (1, 0)"; without its parentheses. */
export function shiftedTex(name: string, centre: ArrayLike<number>): string {
  const c = Array.from(centre);
  if (c.every((v) => v === 0)) return name;
  if (c.length === 1) return `${name} ${c[0]! < 0 ? "+" : "-"} ${numberTex(Math.abs(c[0]!))}`;
  return `${name} - ${pointTex(c)}`;
}

/** A [d * d] matrix: a number times I, a diagonal, or all entries up to d = 4; null where it is too large to write. */
export function matrixTex(d: number, A: ArrayLike<number>, entry: (v: number) => string = numberTex): string | null {
  const diagonal = Array.from({ length: d }, (_, k) => A[k * (d + 1)]!);
  if (d === 1) return entry(diagonal[0]!);
  if (Array.from(A).every((v, e) => e % (d + 1) === 0 || v === 0)) {
    if (diagonal.every((v) => v === diagonal[0])) return diagonal[0] === 1 ? "I" : `${entry(diagonal[0]!)} I`;
    const shown = diagonal.slice(0, most).map(entry);
    return `\\operatorname{diag}(${[...shown, ...(d > most ? ["\\dots"] : [])].join(", ")})`;
  }
  if (d > most) return null;
  const rows = Array.from({ length: d }, (_, k) => Array.from({ length: d }, (_, l) => numberTex(A[k * d + l]!)).join(" & "));
  return `\\begin{pmatrix} ${rows.join(" \\\\ ")} \\end{pmatrix}`;
}

/** A variance as the square of its deviation, where that is as short. */
export function varianceTex(variance: number): string {
  const [deviation, plain] = [numberTex(Math.sqrt(variance)), numberTex(variance)];
  if (variance === 1) return "1";
  if (variance === 0 || deviation.includes("10^")) return plain;
  return deviation.length <= Math.max(4, plain.length) ? `${deviation}^2` : plain;
}
