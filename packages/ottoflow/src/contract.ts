/**
 * The nouns of the house. Types only; imports nothing; every room may import it.
 *
 * The subject in one line: d/dt rho = -K(rho) dF/drho, with an energy F (a list of parts), a geometry K,
 * a space, a measure to start from and a scheme that advances time.
 *
 * Rows are flat and coordinate-major: coordinate k of point i of n stands at `x[k * n + i]`.
 */
export type Rows = Float64Array | Float32Array;

/** A statement of theory carried by a part or a geometry, with how far it may be trusted. */
export interface Fact<T> {
  readonly value: T;
  /** `proved`: a theorem on the definition; `checked`: interval arithmetic or algebra on this instance; `sampled`: only seen at sample points. */
  readonly how: "proved" | "checked" | "sampled";
  readonly because: string;
}

// ---------------------------------------------------------------- measures

/** Density against cell volume: boxes now, graphs and meshes later. `rho[i]` is the average over cell i. */
export interface Cells {
  readonly rep: "cells";
  readonly space: Space;
  readonly rho: Rows;
}
/** sum_i weight_i delta(x_i). */
export interface Particles {
  readonly rep: "particles";
  readonly space: Space;
  readonly n: number;
  /** [d * n] */
  readonly x: Rows;
  /** [n], sums to the mass */
  readonly weight: Rows;
}
/**
 * A measure on the line by its quantile function X, linear between the nodes (level_i, x_i), so the density
 * is the constant mass * (level_{i+1} - level_i) / (x_{i+1} - x_i) between neighbours. level_0 = 0, level_{n-1} = 1.
 */
export interface Quantiles {
  readonly rep: "quantiles";
  readonly space: Space;
  /** [n], increasing */
  readonly x: Rows;
  /** [n], strictly increasing from 0 to 1; shared by every state of a run */
  readonly level: Rows;
  readonly mass: number;
}
/** mass * N(mean, cov); cov is [d * d], symmetric positive definite. */
export interface Gaussian {
  readonly rep: "gaussian";
  readonly space: Space;
  readonly mean: Rows;
  readonly cov: Rows;
  readonly mass: number;
}
/** A measure is stored in one of these ways. Arrays are views into the run's memory: whoever keeps one copies it. */
export type Measure = Cells | Particles | Quantiles | Gaussian;
export type Rep = Measure["rep"];
export type As<R extends Rep> = Extract<Measure, { rep: R }>;

/** Pointwise map over rows: reads n values of a, writes n values of out. `out` may be `a`. */
export type Map1 = (n: number, a: Rows, out: Rows) => void;

/** A measure before it is stored (initial data, targets, exact solutions): each member is a capability. `measure/store.ts` alone turns it into rows. */
export interface Law {
  readonly tex: string;
  readonly dim: number;
  readonly mass: number;
  /** density at n points x [d * n] */
  readonly density?: (n: number, x: Rows, out: Rows) => void;
  /** log density, where the density underflows */
  readonly logDensity?: (n: number, x: Rows, out: Rows) => void;
  /** gradient of the log density, [d * n] */
  readonly score?: (n: number, x: Rows, out: Rows) => void;
  /** mass of n axis-aligned boxes [lo, hi], both [d * n]: exact, unless `quadrature` says how far all masses together may be off */
  readonly boxMass?: (n: number, lo: Rows, hi: Rows, out: Rows) => void;
  readonly quadrature?: number;
  /** 1D: quantile function of the normalised law at levels in (0, 1) */
  readonly quantile?: Map1;
  /** maps n points u of [0, 1)^uniforms (coordinate-major) to n points of the normalised law */
  readonly draw?: { readonly uniforms: number; map(n: number, u: Rows, out: Rows): void };
  /** the law is a sum of atoms; weights default to mass / n */
  readonly points?: { readonly n: number; readonly x: Rows; readonly weight?: Rows };
  readonly gaussian?: { readonly mean: readonly number[]; readonly cov: readonly number[] };
  /** the law is the Barenblatt profile of d_t rho = Lap rho^m at this time */
  readonly barenblatt?: { readonly m: number; readonly time: number; readonly centre: readonly number[] };
  /** the law is constant on this box */
  readonly uniform?: { readonly lower: readonly number[]; readonly upper: readonly number[] };
  /** the law is constant on this ball */
  readonly ball?: { readonly centre: readonly number[]; readonly radius: number };
  /** 1D: the law is the semicircle 2 sqrt(radius^2 - (x - centre)^2) / (pi radius^2) */
  readonly semicircle?: { readonly centre: number; readonly radius: number };
  /** the law is a weighted sum of these; weights sum to one and count the normalised components */
  readonly mixture?: { readonly weights: readonly number[]; readonly components: readonly Law[] };
  /** mean [d] and covariance [d * d] of the normalised law, where known in closed form */
  readonly moments?: { readonly mean: readonly number[]; readonly cov: readonly number[] };
  /** how many particles or quantile nodes the user asked for, and how particles are placed */
  readonly count?: number;
  readonly placement?: "random" | "low-discrepancy";
  /** largest fraction of the mass that may lie outside the box when cells store it */
  readonly cut?: number;
}

// ---------------------------------------------------------------- space

/** Cells joined by edges. Orders of cells: the first axis varies slowest. */
export interface Cellular {
  readonly n: number;
  readonly volume: Rows;
  /** [d * n] */
  readonly centre: Rows;
  /** area over distance of each edge, built on first use; an obstacle is a missing edge */
  edges(): { readonly from: Int32Array; readonly to: Int32Array; readonly conductance: Float64Array };
}
export interface Grid {
  readonly shape: readonly number[];
  readonly lower: readonly number[];
  readonly h: readonly number[];
  readonly periodic: readonly boolean[];
}
export interface Space {
  readonly kind: string;
  readonly dim: number;
  readonly cells?: Cellular;
  /** the fast path of a box: cells on a regular grid */
  readonly grid?: Grid;
  /** true where a bounded box is the whole world; false where it stands for R^d and the outermost cells must stay empty */
  readonly bounded?: boolean;
  readonly points?: { tangent?(n: number, x: Rows, v: Rows): void; retract?(n: number, x: Rows): void };
}

// ---------------------------------------------------------------- energies

/**
 * A straight-line program over rows, see kernels/tape.ts: what a formula compiles to. Schemes fuse it with arithmetic of their own, so that
 * a block of points stays in the cache for many steps.
 */
export interface Tape {
  readonly ops: Int32Array;
  readonly constants: Float64Array;
  readonly inputs: number;
  readonly registers: number;
  readonly outputs: Int32Array;
}

/** An energy is a list of parts; a sum is the concatenation. Local, field and pair parts have code per storage, written once in energy/forms; `general` brings its own. */
export type Part = Local | Field | Pair | General;
interface AnyPart {
  /** unit kind that made the part, for messages and per-part traces only; never branch on it */
  readonly label: string;
  readonly tex: string;
  /** its first variation dF/drho in TeX, where it says more than the form of the part */
  readonly variation?: string;
  /** what the unit compares the measure with; every part of the unit carries it */
  readonly target?: Target;
  /** why the part cannot live on this space, or null */
  refuses?(space: Space): string | null;
}
/** A law that energies measure a discrepancy to. It must have the mass of the measure that flows. */
export interface Target {
  readonly law: Law;
  /** the atoms that stand for it in the energy, where such do */
  readonly points?: { readonly n: number; readonly x: Rows; readonly weight: Rows };
  /** on the line its quantile function where that stands for it: linear from left_i to right_i over the levels level_i .. level_{i+1} */
  readonly line?: { readonly n: number; readonly level: Float64Array; readonly left: Float64Array; readonly right: Float64Array };
  /** all parts that carry it are together 0 at the target as it is stored, and positive elsewhere */
  readonly least?: Fact<boolean>;
}
/** int U(rho) dx */
export interface Local extends AnyPart {
  readonly form: "local";
  readonly U: Map1;
  readonly dU: Map1;
  readonly d2U: Map1;
  /** (U')^-1, else by bisection */
  readonly inverse?: Map1;
  /** r U''(r) if constant: a temperature. Linear diffusion is discretised in rho by this number, never through log rho. */
  readonly noise?: number;
  /** U(r) = factor * r^m / (m - 1) */
  readonly power?: { readonly m: number; readonly factor: number };
  /** rho <= cap is enforced */
  readonly cap?: number;
  /** displacement convexity (McCann) in dimension d */
  mccann?(d: number): Fact<boolean>;
}
/** int V rho */
export interface Field extends AnyPart {
  readonly form: "field";
  /** V at n points */
  value(n: number, x: Rows, t: number, out: Rows): void;
  /** [d * n] */
  gradient(n: number, x: Rows, t: number, out: Rows): void;
  /** [d * d * n], entry (k, l) of point i at (k * d + l) * n + i */
  hessian?(n: number, x: Rows, t: number, out: Rows): void;
  /** `gradient` as a program, d inputs and d outputs, to the same bits */
  gradientTape?(): Tape;
  /** V - lambda |x|^2 / 2 is convex */
  readonly convex?: Fact<number>;
  /** V(x) = (x - b)' A (x - b) / 2 + c */
  readonly quadratic?: { readonly A: readonly number[]; readonly b: readonly number[]; readonly c: number };
  /** V(x) = x'Ax / 2 + slope'x + c, where A may be singular: linear potentials too */
  readonly secondDegree?: { readonly A: readonly number[]; readonly slope: readonly number[]; readonly c: number };
  /** exp(-V / eps) is integrable on R^d for every eps > 0 */
  readonly confining?: Fact<boolean>;
  /** V depends on t: then F is no Lyapunov function */
  readonly moving?: boolean;
}
/** 1/2 iint W(x, y) drho drho, W symmetric */
export interface Pair extends AnyPart {
  readonly form: "pair";
  readonly W: Kernel;
}
/** Any other functional: brings its value and slope for the storages it knows. */
export interface General extends AnyPart {
  readonly form: "general";
  readonly on: { readonly [R in Rep]?: On<As<R>> };
  /** F - value W2^2 / 2 is convex along geodesics */
  readonly convex?: Fact<number>;
  /** F - value sum w |x|^2 / 2 is concave in the places x of particles: quadratic functions of that curvature lie above F and touch it */
  readonly concave?: Fact<number>;
  /** F = rate W2^2(., target) / 2 */
  readonly towards?: { readonly rate: number };
}
/** out_i = sum_j w_j k(x_i, y_j) for n points x and m points y; gradients write [d * n]. */
export type Sum = (n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows) => void;
export interface Kernel {
  readonly tex: string;
  readonly sum: Sum;
  /** gradient in the first argument */
  readonly dx: Sum;
  /** `dx` in float32 (differences, law and sums of short blocks): a term is off by about 1e-7 of it times (size of the cloud) / distance */
  readonly singleDx?: Sum;
  /** over many points sum and dx are not direct: every term of dx is within `error` of itself, every term of sum within 2 error |w_j| (up to rounding) */
  readonly fast?: { readonly error: number };
  /** k(x, y) = radial(|x - y|): grids convolve by FFT, particles sum by SIMD */
  readonly radial?: { readonly value: Map1 /** k'(r) */; readonly slope: Map1 /** k''(r) */; readonly curvature?: Map1 };
  /** k(x, x) is finite; if not, particles skip i = j and grids use the cell average */
  readonly finite: boolean;
  /** k - lambda |x - y|^2 / 2 is convex in x - y */
  readonly convex?: Fact<number>;
  /** 1D only: k is convex on each side of 0, enough for displacement convexity on the line */
  readonly convexOnHalfLine?: Fact<boolean>;
  /** k(x, y) = factor * |x - y|^2 / 2 */
  readonly quadratic?: number;
  /** k(x, y) = attraction * |x - y|^2 / 2 - repulsion * log |x - y| + const, repulsion > 0 */
  readonly logGas?: { readonly attraction: number; readonly repulsion: number };
  /** k(x, y) = constant + linear r + square r^2 / 2 with r = |x - y|: closed forms on quantile functions */
  readonly parabola?: { readonly constant: number; readonly linear: number; readonly square: number };
  /** k - value |x - y|^2 / 2 is concave in x - y */
  readonly concave?: Fact<number>;
  /** iint k dm dm > 0 for every signed measure m but 0; `conditionally`: for those of total mass 0 */
  readonly definite?: Fact<"positive" | "conditionally">;
}
/** slope: dF/drho on cells; the Wasserstein gradient (velocity up to sign) on particles, quantile nodes; on Gaussians [d + d * d]: gradients in mean and covariance. */
export interface On<M> {
  /** numbers that a solve inside leaves for the next one at a measure nearby; all 0 stands for none. What a state carries along, so that steps stay functions of states */
  warm?(m: M): number;
  /** starts from `warm` where it is given, and leaves it as it was */
  value(m: M, t: number, warm?: Rows): number;
  /** starts from `warm` where it is given, and writes what the next solve starts from */
  slope(m: M, t: number, out: Rows, warm?: Rows): void;
}

// ---------------------------------------------------------------- geometry, drift, problem

export type Kept = "mass" | "positivity";
/** K(rho) xi = -div(M(rho) grad xi) + rate rho (xi - mean); velocities smoothed by a kernel (Stein); `apply` for what is neither. */
export interface Geometry {
  readonly label: string;
  readonly tex: string;
  /** mobility per edge from the densities on both sides a, b and the drop xi_a - xi_b; `linear`: M(rho) = rho, so particles may carry it */
  readonly transport?: { readonly linear: boolean; mobility(n: number, a: Rows, b: Rows, drop: Rows, out: Rows): void };
  readonly reaction?: { readonly rate: number; readonly keepsMass: boolean };
  readonly smoothing?: Kernel;
  /** out = -d rho / dt = K(rho) xi where it is neither transport nor reaction */
  readonly apply?: { readonly [R in Rep]?: (m: As<R>, xi: Rows, out: Rows) => void };
  /** certificates judge the promised and report the rest */
  readonly promises: readonly Kept[];
}
/** Motion that is no gradient, and noise that depends on the state: dX = velocity dt + noise dB, evaluated at any n points against the measure m. */
export interface Drift {
  readonly label: string;
  readonly tex: string;
  velocity?(m: Measure, n: number, x: Rows, t: number, out: Rows): void;
  /** standard deviation per coordinate and unit time [d * n], added to the noise of the energy in quadrature */
  noise?(m: Measure, n: number, x: Rows, t: number, out: Rows): void;
  /** the velocity keeps every density constant along its lines */
  readonly divergenceFree?: Fact<boolean>;
}
export interface Problem {
  readonly space: Space;
  readonly parts: readonly Part[];
  readonly geometry: Geometry;
  readonly drift: readonly Drift[];
  readonly initial: Law;
  readonly seed: number;
  /** time at which the run starts, 0 by default */
  readonly start: number;
}
export type Trait =
  | Part["form"]
  | "cap"
  | "noise"
  | "transport"
  | "mobility"
  | "reaction"
  | "smoothing"
  | "apply"
  | "drift"
  | "drift-noise"
  | "cells"
  | "grid"
  | "line"
  | "gaussian";
/** What a scheme or proximal can carry of a problem, and what it cannot do without. `lacks` in spec/lacks.ts reads it. */
export interface Takes {
  readonly rep: Rep;
  readonly carries: readonly Trait[];
  readonly needs: readonly Trait[];
  /** what of this problem cannot be carried although its traits one by one can, or null; `why` goes on from "the scheme …" */
  refuses?(p: Problem): { readonly trait: Trait; readonly why: string } | null;
}

// ---------------------------------------------------------------- schemes

/** What the platform lends: memory of fixed size per run, workers, files. The library has no Node and no DOM. Kernels run where rows live: rows of `alloc` may stand in WASM memory. */
export interface Host {
  /** in a dry open, which only counts: a host on the same count whose long rows stand on each other, for schemes that read no row while they open */
  readonly dry?: Host;
  alloc(n: number): Float64Array;
  alloc32(n: number): Float32Array;
  read?(path: string): Promise<Uint8Array>;
  /** runs `kernel` over [0, n) in fixed blocks on the workers; the same bits for any number of them */
  pool?: { readonly size: number; blocks(kernel: string, n: number, args: readonly (Rows | number)[]): void };
}
/** What the variant of a scheme declares; contract suites and certificates read it. */
export interface Promises {
  /** global order in the step */
  readonly order: number;
  /** the order is weak: of expectations */
  readonly weak?: boolean;
  /** order in the cell width on smooth data, for schemes on cells */
  readonly spaceOrder?: number;
  readonly mass: boolean;
  readonly positivity: boolean;
  /** the energy never rises at a step within the bound: false, or why */
  readonly decay: false | string;
  /** the step minimises F + d^2 / 2 tau, so the JKO inequality holds */
  readonly proximal?: true;
  /** what a step must not exceed: false, or the rule in words */
  readonly stepBound: false | string;
}
/** Opened once per run: plans, sampled potentials, scratch live in the closure; State is only rows, so shared code copies, stores, resumes. */
export interface Scheme {
  readonly label: string;
  readonly tex: string;
  readonly promises: Promises;
  /** fixed: t = k dt exactly; free: the loop may shorten dt to land on times */
  readonly clock: "fixed" | "free";
  readonly step: number;
  readonly takes: Takes;
  /** the energy of the run is not F but its discrete or regularised form; or it has none: why */
  readonly noLedger?: string;
  /** why the run follows a closure of the flow and not the flow itself, or null */
  closure?(p: Problem): string | null;
  open(p: Problem, host: Host): Stepper;
}
export interface State {
  readonly measure: Measure;
  readonly memory: Readonly<Record<string, Rows>>;
}
export interface At {
  readonly t: number;
  readonly dt: number;
  readonly index: number;
  /** how many steps of dt to take in this call */
  readonly count: number;
}
export interface Stepper {
  start(): State;
  /** `count` steps of dt; reads `from`, writes `to`, nothing else: to reject is not to swap. */
  step(from: State, to: State, at: At): StepInfo;
  /** the step cannot fail and works with to = from */
  readonly inPlace?: boolean;
  /** largest step this state allows, with the rule */
  bound?(s: State, t: number): readonly [number, string];
  /** values per part of the energy this scheme descends, where it is not the one of energy/total.ts (blob, closures) */
  energy?(s: State, t: number): readonly (number | null)[];
  /** -dF/dt along the semi-discrete flow at this state, +inf where it is infinite, null where not known (a minimising scheme before its first step): the rate of the dissipation ledger */
  dissipation?(s: State, t: number): number | null;
}
export interface StepInfo {
  readonly ok: boolean;
  readonly reason?: string;
  /** the status a fixed clock ends with when ok is false; `no-minimiser` unless said */
  readonly failure?: "no-minimiser" | "not-finite" | "step-underflow";
  /** local error over tolerance: the loop accepts below 1 and adapts dt */
  readonly error?: number;
  /** d^2(rho_k, rho_{k+1}) / (2 tau) of a proximal step */
  readonly cost?: number;
  /** certified bound on how far the step is from its minimiser, in energy units */
  readonly gap?: number;
  readonly iterations?: number;
  /** tau^2 E_n of the a-posteriori bound, E_n = (F_{n-1} - F_n) / tau - d^2 / tau^2 */
  readonly posterior?: number;
}
/** argmin F + d^2 / 2 tau: the unit behind `jko`, which only iterates it. */
export interface Proximal {
  readonly label: string;
  readonly tex: string;
  readonly takes: Takes;
  /** why its answer is the minimiser over a smaller family of measures only (a closure), or null */
  closure?(p: Problem): string | null;
  open(p: Problem, host: Host): ProximalStepper;
}
export interface ProximalStepper {
  start(): State;
  /** `t`: time at the end of the step, for energies that depend on it; 0 unless said. May be called with to = from. */
  prox(from: State, to: State, tau: number, t?: number): StepInfo;
  energy?(s: State, t: number): readonly (number | null)[];
}

// ---------------------------------------------------------------- the loop, watching, certificates

export type Status = "reached-end" | "stationary" | "max-steps" | "step-underflow" | "energy-rose" | "no-minimiser" | "not-finite" | "aborted" | "stopped";
export interface Tick {
  readonly t: number;
  readonly dt: number;
  readonly index: number;
  readonly state: State;
  readonly info: StepInfo | null;
  /** the run ends here */
  readonly final: boolean;
  /** computed at most once per tick, shared by all watchers */
  energy(): { readonly total: number | null; readonly parts: readonly (number | null)[] };
  dissipation(): number | null;
}
/** Frames, traces, certificates, stop rules. `memory` is plain data (numbers, strings, arrays, typed arrays): a checkpoint holds it. A returned string stops the run. */
export interface Watcher<A = unknown> {
  /** `trace`: whenever the run writes a row of its trace */
  readonly every:
    | { readonly steps: number }
    | { readonly time: number /** false: look at the first step after the time instead of shortening a step to land on it */; readonly land?: false }
    | "trace";
  begin(p: Problem): A;
  see(memory: A, tick: Tick, p: Problem): string | undefined;
}
/** What a certificate measured. Hard ones decide the exit code. */
export interface Check {
  readonly kind: string;
  readonly title: string;
  readonly verdict: "pass" | "fail" | "reported" | "not-applicable";
  readonly hard: boolean;
  readonly value: number | null;
  readonly bound: number | null;
  /** how value and bound compare where the check holds; at-most unless said */
  readonly relation?: "at-most" | "at-least" | "equals";
  /** theorem, promise or estimate behind the bound */
  readonly source: string;
  /** what was measured, or why not applicable */
  readonly detail: string;
}
/** What theory knows about the problem before it runs; certificates read it, schemes never see it. */
export interface Known {
  readonly exact: ExactFlow | null;
  /** lambda such that F is lambda-convex along geodesics of the geometry */
  readonly modulus: Fact<number> | null;
}
export interface Judged {
  readonly problem: Problem;
  readonly scheme: Scheme;
  readonly known: Known;
  readonly status: Status;
}
export interface Certificate<A = unknown> {
  readonly label: string;
  readonly title: string;
  /** why it does not apply to this problem and scheme, or null */
  applies(p: Problem, s: Scheme, known: Known): string | null;
  watcher(p: Problem, s: Scheme, known: Known): Watcher<A>;
  judge(memory: A, run: Judged): readonly Check[];
}
/** A closed-form solution that fits a problem: its law at each time, and what else is known. */
export interface ExactFlow {
  readonly label: string;
  readonly title: string;
  readonly refs: readonly string[];
  law(t: number): Law;
  energy?(t: number): number;
}
/** Every job is synchronous work that yields where its driver may wait, draw, save, stop. */
export type Work<P, R> = Generator<P, R, "stop" | undefined>;

// ---------------------------------------------------------------- transport

/**
 * What it costs to move a unit of mass from x to y. Pairs that must not be used cost +Infinity: solvers leave them out, they never add to it.
 * Points are rows of the two sides (coordinate-major), so a cost may also look up a table by the index of the points.
 */
export interface Cost {
  readonly tex: string;
  /** out[j] = c(x_i, y_j) for all m points y */
  row(i: number, n: number, x: Rows, m: number, y: Rows, out: Float64Array): void;
  /** c(x_i, y_j) */
  at(i: number, j: number, n: number, x: Rows, m: number, y: Rows): number;
  /** c = |x - y|^power with the Euclidean distance; Infinity: a coupling costs its largest distance (bottleneck) */
  readonly power?: number;
  /** c is a metric to this power, so value^(1/metric) is a Wasserstein distance */
  readonly metric?: number;
  /** points are angles on a circle of this length and c = h(arc length), h convex and increasing */
  readonly circle?: { readonly length: number; readonly h: (r: number) => number };
  /** on the line c = h(x - y) with h convex: the monotone coupling is optimal */
  readonly line?: { readonly h: (r: number) => number };
  /** c(i, j) is the length of the shortest path between vertices i and j of this undirected graph, edge e joining from[e] and to[e] */
  readonly graph?: { readonly n: number; readonly from: Int32Array; readonly to: Int32Array; readonly length: Float64Array };
  /** some pairs cost +Infinity */
  readonly forbids?: boolean;
  /** sizes the cost is a table for; points then only count */
  readonly table?: { readonly n: number; readonly m: number; readonly values?: Float64Array };
  /** the only pairs that may be used, by rows: row i may go to to[start[i]] .. to[start[i + 1] - 1], rising; `at` tells what they cost */
  readonly listed?: { readonly n: number; readonly m: number; readonly start: Int32Array; readonly to: Int32Array };
  /** costs that know points by their index: the same cost where only these points of the two sides are left (null: all) */
  kept?(from: Int32Array | null, to: Int32Array | null): Cost;
  /** throws where points [d * n] are none that the cost knows: off the sphere */
  check?(name: string, n: number, x: Rows): void;
  /** out[k * m + j] = d/dx_k c(x_i, y_j) */
  gradient?(i: number, n: number, x: Rows, m: number, y: Rows, out: Float64Array): void;
}
/**
 * How the mass of the plan on one side is bound to the measure a given there: equal to it, drawn to it by weight * KL(P_1 | a), or at most it.
 * KL(p | a) = sum p log(p / a) - p + a.
 */
export type Marginal = { readonly kind: "equal" } | { readonly kind: "kl"; readonly weight: number } | { readonly kind: "at-most" };
/** min over P >= 0 of <C, P> + epsilon KL(P | a x b) + how the marginals are bound. */
export interface Transport {
  readonly from: Measure;
  readonly to: Measure;
  readonly cost: Cost;
  /** 0: no entropy */
  readonly epsilon: number;
  readonly marginals: readonly [Marginal, Marginal];
  /** total mass of the plan where marginals are `at-most` */
  readonly mass?: number;
}
/** A plan P >= 0 of n x m entries; what it can tell without being written out. */
export interface Plan {
  readonly n: number;
  readonly m: number;
  /** entries that are not zero, sorted by row then column; absent where the plan is dense and only its rows are known */
  readonly sparse?: { readonly from: Int32Array; readonly to: Int32Array; readonly mass: Float64Array };
  /** out[j] = P_ij */
  row(i: number, out: Float64Array): void;
  /** out[k * n + i] = sum_j P_ij v[k * m + j] for k < d: what moves there; d = 1 and v = 1 give the first marginal */
  push(d: number, v: Rows, out: Float64Array): void;
  /** out[k * m + j] = sum_i P_ij v[k * n + i] */
  pull(d: number, v: Rows, out: Float64Array): void;
}
export interface Potentials {
  /** [n]; -Infinity nowhere */
  readonly f: Float64Array;
  /** [m] */
  readonly g: Float64Array;
  /** the supports fall into this many parts that no used pair joins: potentials are unique up to one constant only where it is 1 */
  readonly components: number;
  /** what holds for them: f + g <= c everywhere (feasible), or the smooth dual of an entropic problem */
  readonly kind: "feasible" | "entropic";
}
export type TransportStatus = "optimal" | "max-iterations" | "stalled" | "aborted" | "not-finite" | "infeasible";
/** A certified answer: what was found, and how far it can be from the best. */
export interface Coupling {
  readonly solver: string;
  readonly status: TransportStatus;
  /** <C, P> of the plan below */
  readonly value: number;
  /** <C, P> + epsilon KL(P | a x b) + penalties of the marginals: what is minimised; equals `value` without them */
  readonly regularised: number;
  /** a lower bound of `regularised` over all plans, from the potentials */
  readonly dual: number;
  /** regularised - dual, of a plan whose equal marginals hold to `defect` */
  readonly gap: number;
  /** by how much float64 may have moved the gap, as the judge bounds it: a gap within it, of either sign, is none */
  readonly rounding?: number;
  /** the problem that the gap is of: between the atoms as given, or between the densities they stand for */
  readonly certifies: "discrete" | "continuous";
  /** bounds of the problem without entropy (equal to value and dual where there is none), where known */
  readonly unregularised?: { readonly lower: number; readonly upper: number };
  /** sum |P_1 - a| and sum |P_2 - b| of the plan below, for equal marginals; else sums of what exceeds */
  readonly defect: readonly [number, number];
  readonly potentials: Potentials | null;
  readonly plan: Plan | null;
  /** y = T(x) at n points [d * n] of the first side, where a map is known (Gaussians, the line, grids) */
  readonly map?: (n: number, x: Rows, out: Float64Array) => void;
  readonly iterations: number;
  /** conventions in words: cost, entropy, what value^(1/p) is */
  readonly convention: string;
  /** anything a reader must know: rounding, what was truncated, why it stopped */
  readonly notes: readonly string[];
  /** further numbers by name (rates, levels, arcs, bytes) */
  readonly figures: Readonly<Record<string, number>>;
}
export interface TransportOptions {
  /** stop when gap <= tolerance * max(|regularised|, scale of the cost * mass); entropic solvers: or when both marginals are within it */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** two-sided marginal defect to reach instead of a gap */
  readonly defect?: number;
  readonly signal?: { readonly aborted: boolean };
}
export interface TransportProgress {
  readonly stage: string;
  readonly iteration: number;
  readonly gap: number | null;
  readonly defect: number | null;
  /** 0..1 where known */
  readonly fraction: number | null;
}
/** One file, one solver. `solve` of transport.ts asks all, leaves out those that refuse and takes the one with least work that fits in memory. */
export interface TransportSolver {
  readonly label: string;
  /** why it cannot take this problem (goes on from "the solver …"), or null */
  refuses(p: Transport): string | null;
  /** rough number of elementary operations and bytes */
  estimate(p: Transport): { readonly work: number; readonly bytes: number };
  /** its answer is the optimum of the discrete problem to rounding, the optimum to the tolerance, or a bound / another distance */
  readonly answer: "exact" | "to-tolerance" | "other-distance";
  solve(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling>;
}

// ---------------------------------------------------------------- paths

/** A curve of measures between two given ones that costs least: Benamou–Brenier, bridges, growth, mean-field games. Time runs from 0 to 1. */
export interface PathProblem {
  readonly space: Space;
  readonly from: Law;
  readonly to: Law;
  /** times in [0, 1] at which frames are wanted, rising */
  readonly times: readonly number[];
  readonly seed: number;
}
export type PathStatus = "optimal" | "max-iterations" | "stalled" | "aborted" | "not-finite";
export interface PathProgress {
  readonly iteration: number;
  /** bounds of the least action so far */
  readonly upper: number | null;
  readonly lower: number | null;
  /** 0..1 where known */
  readonly fraction: number | null;
}
export interface PathFrame {
  readonly t: number;
  readonly measure: Measure;
  /** [d * n] at the points or cells of the measure, 0 where there is no mass */
  readonly velocity?: Float64Array;
}
/** Bounds that hold for the problem on the continuum, between the measures as stored, whatever the solver did. */
export interface PathBounds {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly because: string;
}
/** A certified curve. */
export interface PathResult {
  readonly status: PathStatus;
  readonly frames: readonly PathFrame[];
  /** action of the curve found: an upper bound of the discrete problem's */
  readonly action: number;
  /** a lower bound of the discrete problem's least action, null where there is none */
  readonly dual: number | null;
  /** action - dual */
  readonly gap: number | null;
  readonly continuous: PathBounds | null;
  /** action per unit of time in each interval; constant along a shortest path. `times` are the middles of the intervals. */
  readonly kinetic: { readonly times: Float64Array; readonly value: Float64Array };
  /** total mass at `times` of the solver's own */
  readonly mass: { readonly times: Float64Array; readonly value: Float64Array };
  readonly checks: readonly Check[];
  readonly iterations: number;
  /** conventions in words: what the action is, what its root is, which length parameter */
  readonly convention: string;
  /** anything a reader must know */
  readonly notes: readonly string[];
  /** further numbers by name */
  readonly figures: Readonly<Record<string, number>>;
}
/** One file, one kind of path. */
export interface PathSolver {
  readonly label: string;
  /** the problem it solves */
  readonly tex: string;
  /** why it cannot take this problem (goes on from "the path …"), or null */
  refuses(p: PathProblem): string | null;
  solve(p: PathProblem): Work<PathProgress, PathResult>;
}
