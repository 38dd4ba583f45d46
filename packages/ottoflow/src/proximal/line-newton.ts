/**
 * Newton's method for entropies and quadratic potentials on quantile nodes, in the fused passes of kernels/line.ts.
 *
 * Steps are judged without values of J. Along the Newton direction d the entropy of a cell is -w log(dx (1 + alpha r)) with
 * r = (change of dx) / dx >= -rho, rho = max (d_i - d_{i+1}) / dx_i, so J'' grows at most by 1 / (1 - alpha rho)^2. With
 * lambda^2 = g' H^-1 g this gives
 *
 *     (d/d alpha) J(x + alpha d) <= lambda^2 (alpha / (1 - alpha rho) - 1):
 *
 * J falls up to alpha = 1 / (1 + rho), as for damped steps on self-concordant functions [nesterov1994] but with rho in place of lambda,
 * which does not see how small a cell's mass is. Integrated up to 1 the bound is lambda^2 ((-rho - log(1 - rho)) / rho^2 - 1), below
 * -lambda^2 / 9 for rho <= 0.6: then the whole step is taken.
 * Since H >= mu B, lambda^2 / 2 never exceeds the gap's bound |g|_{B^-1}^2 / (2 mu), so that one is computed at the end only.
 */
import type { Rows } from "../contract.ts";
import { type LineKernel, type LineTerms, openLine, type Pinned } from "../kernels/line.ts";
import type { Aim, Descent } from "./descend.ts";
import type { Line, Plain, Term } from "./quantile-terms/term.ts";

interface Move {
  readonly terms: LineTerms;
  readonly lower: number;
  readonly upper: number;
  /** the potential is spring |x - centre|_B^2 / 2 and a constant */
  readonly centre: number;
}
export interface LineDescent {
  readonly out: Omit<Descent, "value">;
  /** how far F has fallen */
  readonly drop: number;
  /** W2^2 to the start over 2 tau */
  readonly cost: number;
  /** size of the terms of F */
  readonly terms: number;
}
/** The step from x, into `to` (in place where that is left out), to a gap below `fine` of the energy scale. Null, with both untouched, where this method does not get on. */
export type LineStep = (x: Rows, tau: number, aim: Pick<Aim, "fine" | "coarse" | "most">, to?: Rows) => LineDescent | null;

/** Where the terms are entropies and quadratic potentials, with some entropy to keep nodes apart; else null. */
export function openLineStep(terms: readonly Term[], line: Line, lower: number, upper: number): LineStep | null {
  if (terms.some((term) => !term.plain)) return null;
  const total = (name: keyof Plain): number => terms.reduce((s, term) => s + term.plain![name], 0);
  const [noise, spring, pull, constant] = [total("noise"), total("spring"), total("pull"), total("constant")];
  if (!(noise > 0)) return null;
  const centre = spring === 0 ? 0 : pull / spring;
  let kernels: { readonly fine: LineKernel; readonly coarse: Coarse | null } | null = null;
  return (x, tau, aim, to = x) => {
    const inverse = 1 / tau;
    if (!(inverse + spring > 0)) return null;
    kernels ??= openKernels(line.share);
    const { fine, coarse } = kernels;
    const move: Move = { terms: { inverse, spring, pull, noise }, lower, upper, centre };
    fine.start(x, coarse === null);
    const { scale, sizes } = coarse ? begin(coarse.kernel, coarse.start(x), move, line.mass, constant) : begin(fine, x, move, line.mass, constant);
    const goal = { ...aim, scale };
    const ended = coarse?.guess(move, goal);
    if (ended) {
      fine.carry(coarse!.kernel.folded(-1), coarse!.kernel.folded(ended.point));
      const found = newtonOnLine(fine, move, goal, tame);
      if (found) return finish(fine, found, to, sizes);
    }
    if (coarse) fine.start(x);
    const found = newtonOnLine(fine, move, goal);
    return found && finish(fine, found, to, sizes);
  };
}
function finish(fine: LineKernel, { point, residual, iterations, drop, cost }: Found, x: Rows, terms: number): LineDescent {
  fine.read(point, x);
  return { out: { ok: true, residual, iterations }, drop, cost, terms };
}
type Goal = Pick<Aim, "fine" | "coarse" | "most" | "scale">;

/** Sizes of the terms of F, and with that of the cost the scale of energies, at the kernel's start. */
function begin(
  kernel: LineKernel,
  x: Rows,
  { terms, lower, upper, centre }: Move,
  mass: number,
  constant: number,
): { readonly scale: number; readonly sizes: number } {
  const about = x[x.length >> 1]!;
  kernel.forward(0, terms, kernel.pressed(0, terms, lower, upper), about);
  const { first, second } = kernel.sums;
  const away = about - centre;
  const potential = 0.5 * terms.spring * (second + away * (2 * first + away * mass) - centre * centre * mass) + constant;
  // the entropy by its unit: its value may be zero by chance, and a logarithm per node is dear
  const sizes = terms.noise * mass + Math.abs(potential);
  return { scale: sizes + 0.5 * terms.inverse * (second - (first * first) / mass), sizes };
}

/** from this many nodes on a coarser chain makes a guess */
const many = 4096;
/** its nodes: every 16th, closer together where levels crowd */
const stride = 16;
interface Coarse {
  readonly kernel: LineKernel;
  /** takes its nodes from x; returns them */
  start(x: Rows): Float64Array;
  /** solves the step on the coarser chain; null where that does not get on */
  guess(move: Move, goal: Goal): Found | null;
}
/**
 * The kernel, and for many nodes that of the same measure by fewer quantiles: its step is cheap, and its displacement, a smooth function of
 * the place, is nearly that of all nodes. From there one or two iterations are left.
 */
function openKernels(share: Float64Array): { readonly fine: LineKernel; readonly coarse: Coarse | null } {
  const n = share.length + 1;
  if (n < many) return { fine: openLine(share), coarse: null };
  const last = (n - 1) >> 1;
  const picks: number[] = [];
  for (let i = 0; i < last; i += Math.max(1, Math.min(stride, i >> 4))) picks.push(i);
  // what mirrors a pair: the middle node of an odd chain has no partner
  const mirrored = picks.map((i) => n - 1 - i).reverse();
  const at = [...picks, ...(n % 2 === 0 ? [last, last + 1] : [last]), ...mirrored];
  const shares = new Float64Array(at.length - 1);
  for (let k = 0; k < shares.length; k++) for (let i = at[k]!; i < at[k + 1]!; i++) shares[k] = shares[k]! + share[i]!;
  const kernel = openLine(shares);
  const from = new Float64Array(at.length);
  return {
    fine: openLine(share, { picks: [...picks, last] }),
    coarse: {
      kernel,
      start(x) {
        for (let k = 0; k < at.length; k++) from[k] = x[at[k]!]!;
        kernel.start(from);
        return from;
      },
      guess: (move, goal) => newtonOnLine(kernel, move, { ...goal, fine: Math.max(goal.fine, 1e-14) }),
    },
  };
}

/** steps up to this closing are taken whole */
const whole = 0.6;

/** from a guess Newton's method must converge at once: the greatest closing of its first step */
const tame = 0.25;

interface Found {
  /** the minimiser is this point of the kernel */
  readonly point: number;
  /** |g|_{B^-1}^2 there */
  readonly residual: number;
  readonly iterations: number;
  readonly drop: number;
  readonly cost: number;
}
/**
 * From point 0 of the kernel to the minimiser. Null where this method does not get on (the general one then finds out why), or where the
 * first step closes cells by more than `most`.
 */
function newtonOnLine(line: LineKernel, move: Move, goal: Goal, most: number = Number.POSITIVE_INFINITY): Found | null {
  const { terms, lower, upper } = move;
  const { sums } = line;
  const mu = terms.inverse + terms.spring;
  const [fine, coarse] = [2 * mu * goal.fine * goal.scale, 2 * mu * goal.coarse * goal.scale];
  const best = { point: -1, dual: Number.POSITIVE_INFINITY, drop: 0, cost: 0 };
  /** takes the gap at a point; whether the best point so far ends the step */
  const judge = (point: number, pinned: Pinned, full: boolean): boolean => {
    line.gap(point, terms, pinned, move.centre);
    const idle = full && !(sums.dual < 0.25 * best.dual);
    if (sums.dual < best.dual) {
      best.point = point;
      best.dual = sums.dual;
      best.cost = 0.5 * terms.inverse * sums.moved;
      best.drop = terms.noise * sums.logarithm - (terms.spring === 0 ? 0 : 0.5 * terms.spring * sums.change);
    }
    // a full Newton step that brings nothing has met rounding
    return sums.dual <= fine || (idle && best.dual <= coarse);
  };
  let point = 0;
  let full = false;
  let last = false;
  /** the decrement of the last step */
  let before = Number.POSITIVE_INFINITY;
  for (let k = 0; k <= goal.most; k++) {
    const pinned = line.pressed(point, terms, lower, upper);
    const judged = last;
    let done = judged && judge(point, pinned, full);
    if (!done) line.forward(point, terms, pinned);
    const still = mu * sums.decrement <= coarse && sums.decrement > 0.25 * before;
    if (!done && !judged && (still || mu * sums.decrement <= fine)) done = judge(point, pinned, full);
    if (done) {
      return { point: best.point, residual: best.dual, iterations: k, drop: best.drop, cost: best.cost };
    }
    const { definite, decrement } = sums;
    if (!definite) return null;
    const to = other(point, best.point);
    line.backward(to);
    const { closing } = sums;
    if (k === 0 && closing > most) return null;
    const alpha = Math.min(closing <= whole ? 1 : 1 / (1 + closing), room(line.ends(point), line.ends(to), lower, upper));
    if (!(alpha > 0)) return null;
    if (alpha !== 1) line.shorten(to, alpha);
    settle(line, to, lower, upper);
    point = to;
    full = alpha === 1;
    last = full && mu * nextDecrement(decrement, before, closing) <= fine;
    before = decrement;
  }
  return null;
}

/**
 * What the decrement after a whole step will be, by quadratic convergence: in the bound for self-concordant functions, or as fast as it went
 * from the decrement before. It only decides whether the gap is taken before another elimination.
 */
function nextDecrement(now: number, before: number, closing: number): number {
  const shrink = closing / ((1 - closing) * (1 - closing));
  return now * Math.min(shrink * shrink, (now / before) * (now / before));
}

/** A point that is neither of the two. */
const other = (a: number, b: number): number => (a !== 0 && b !== 0 ? 0 : a !== 1 && b !== 1 ? 1 : 2);

type Ends = readonly [number, number];
/** The greatest part of the step from one place to the other that stays between the walls. */
function room([a, b]: Ends, [c, d]: Ends, lower: number, upper: number): number {
  let most = 1;
  if (c < lower) most = (lower - a) / (c - a);
  if (b + most * (d - b) > upper) most = (upper - b) / (d - b);
  return most;
}
/** Puts ends that are at a wall but for rounding on the wall. */
function settle(line: LineKernel, point: number, lower: number, upper: number): void {
  const near = Number.isFinite(upper - lower) ? 1e-13 * (upper - lower) : 0;
  const [a, b] = line.ends(point);
  if (near > 0) line.setEnds(point, Math.abs(a - lower) <= near ? lower : a, Math.abs(b - upper) <= near ? upper : b);
}
