/** weight * part: every member scaled, facts kept only where they stay true. */
import type { Fact, Field, General, Kernel, Local, Map1, Pair, Part, Rows, Target } from "../contract.ts";
import { specError } from "../errors.ts";
import { factorTex } from "../formula/numerals.ts";
import { scaledTape } from "../kernels/tape-algebra.ts";

function scaled(n: number, factor: number, out: Rows): void {
  for (let i = 0; i < n; i++) out[i] = out[i]! * factor;
}
const map =
  (f: Map1, w: number): Map1 =>
  (n, a, out) => {
    f(n, a, out);
    scaled(n, w, out);
  };
const fact = (f: Fact<number> | undefined, w: number): Fact<number> | undefined => (f && w > 0 ? { ...f, value: w * f.value } : undefined);

export function scalePart(part: Part, w: number, path: string): Part {
  if (w === 1) return part;
  const tex = part.tex.startsWith("-") ? `${factorTex(-w)}${part.tex.slice(1)}` : `${factorTex(w)}${part.tex}`;
  const variation = part.variation === undefined ? {} : { variation: `${factorTex(w)}\\bigl(${part.variation}\\bigr)` };
  switch (part.form) {
    case "local":
      if (w < 0) throw specError(path, `got ${w} when expected a positive weight: a negative internal energy makes the flow ill-posed (backward diffusion).`);
      return { ...scaleLocal(part, w, tex), ...variation };
    case "field":
      return { ...scaleField(part, w, tex), ...variation };
    case "pair":
      return { ...part, tex, ...variation, target: scaleTarget(part.target, w), W: scaleKernel(part.W, w) } satisfies Pair;
    case "general":
      return { ...scaleGeneral(part, w, tex), ...variation };
  }
}

function scaleGeneral(part: General, w: number, tex: string): General {
  const on = Object.fromEntries(
    Object.entries(part.on).map(([rep, o]) => [
      rep,
      {
        ...o,
        value: (m: never, t: number, warm?: Rows) => w * o.value(m, t, warm),
        slope: (m: never, t: number, out: Rows, warm?: Rows) => {
          o.slope(m, t, out, warm);
          scaled(out.length, w, out);
        },
      },
    ]),
  );
  const towards = part.towards && w > 0 ? { ...part.towards, rate: w * part.towards.rate } : undefined;
  return { ...part, tex, on, target: scaleTarget(part.target, w), convex: fact(part.convex, w), concave: fact(part.concave, w), towards };
}

/** A negative weight makes the least place the greatest. */
const scaleTarget = (t: Target | undefined, w: number): Target | undefined => t && (w > 0 ? t : { ...t, least: undefined });

function scaleLocal(part: Local, w: number, tex: string): Local {
  const inverse = part.inverse;
  return {
    ...part,
    tex,
    U: map(part.U, w),
    dU: map(part.dU, w),
    d2U: map(part.d2U, w),
    inverse:
      inverse &&
      ((n, a, out) => {
        for (let i = 0; i < n; i++) out[i] = a[i]! / w;
        inverse(n, out, out);
      }),
    noise: part.noise === undefined ? undefined : w * part.noise,
    power: part.power && { m: part.power.m, factor: w * part.power.factor },
  };
}

function scaleField(part: Field, w: number, tex: string): Field {
  const d2 = part.hessian;
  const tape = part.gradientTape?.bind(part);
  const q = part.quadratic;
  const p = part.secondDegree;
  return {
    ...part,
    tex,
    value: (n, x, t, out) => {
      part.value(n, x, t, out);
      scaled(n, w, out);
    },
    gradient: (n, x, t, out) => {
      part.gradient(n, x, t, out);
      scaled((x.length / n) * n, w, out);
    },
    hessian:
      d2 &&
      ((n, x, t, out) => {
        d2(n, x, t, out);
        const d = x.length / n;
        scaled(d * d * n, w, out);
      }),
    gradientTape: tape && (() => scaledTape(tape(), w)),
    target: scaleTarget(part.target, w),
    convex: fact(part.convex, w),
    quadratic: q && { A: q.A.map((a) => w * a), b: q.b, c: w * q.c },
    secondDegree: p && { A: p.A.map((a) => w * a), slope: p.slope.map((a) => w * a), c: w * p.c },
    confining: w > 0 ? part.confining : undefined,
  };
}

export function scaleKernel(k: Kernel, w: number): Kernel {
  const r = k.radial;
  const single = k.singleDx;
  return {
    ...k,
    singleDx:
      single &&
      ((n, x, m, y, wy, out) => {
        single(n, x, m, y, wy, out);
        scaled(x.length, w, out);
      }),
    sum: (n, x, m, y, wy, out) => {
      k.sum(n, x, m, y, wy, out);
      scaled(n, w, out);
    },
    dx: (n, x, m, y, wy, out) => {
      k.dx(n, x, m, y, wy, out);
      scaled(x.length, w, out);
    },
    radial: r && { value: map(r.value, w), slope: map(r.slope, w), curvature: r.curvature && map(r.curvature, w) },
    // a negative factor turns either bound of the curvature into the other
    convex: fact(k.convex, w) ?? (w < 0 && k.concave ? { ...k.concave, value: w * k.concave.value } : undefined),
    concave: fact(k.concave, w) ?? (w < 0 && k.convex ? { ...k.convex, value: w * k.convex.value } : undefined),
    definite: w > 0 ? k.definite : undefined,
    convexOnHalfLine: w > 0 ? k.convexOnHalfLine : undefined,
    quadratic: k.quadratic === undefined ? undefined : w * k.quadratic,
    logGas: k.logGas && w > 0 ? { attraction: w * k.logGas.attraction, repulsion: w * k.logGas.repulsion } : undefined,
    parabola: k.parabola && { constant: w * k.parabola.constant, linear: w * k.parabola.linear, square: w * k.parabola.square },
  };
}
