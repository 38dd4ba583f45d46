/**
 * The nouns of the house, read from top to bottom: types only, and nothing here but what each family is. Every room may import them, all by
 * this door; a family builds on those above it and knows none below.
 *
 * The subject in one line: d/dt rho = -K(rho) dF/drho, with an energy F (a list of parts), a geometry K,
 * a space, a measure to start from and a scheme that advances time.
 */
// biome-ignore-all assist/source/organizeImports: families stand below those they build on, not in the order of the alphabet

// ---------------------------------------------------------------- the ground

/** Numbers of many points in one flat array, maps over such rows, and the program that a formula compiles to. */
export type { Map1, Rows, Tape } from "./contract/rows.ts";

/** A statement of theory, with how far it may be trusted and why. */
export type { Fact } from "./contract/fact.ts";

/** What the platform lends (memory, workers, files), and synchronous work that yields where its driver may wait, draw or stop. */
export type { Host, Work } from "./contract/host.ts";

// ---------------------------------------------------------------- the problem

/** Where mass lives: cells joined by edges, a regular grid of them, or points that stay on it. */
export type { Cellular, Grid, Space } from "./contract/space.ts";

/** How a measure is stored: a density on cells, weighted points, a quantile function on the line, or a Gaussian. */
export type { As, Cells, Gaussian, Measure, Particles, Quantiles, Rep } from "./contract/measure.ts";

/** A measure before it is stored, as a bag of capabilities: density, quantiles, draws, moments. */
export type { Law } from "./contract/law.ts";

/** A function k(x, y) of two points: its sums over clouds, and what is known of it. */
export type { Kernel, Sum } from "./contract/kernel.ts";

/** An energy is a list of parts: local (of the density), a field, pairs, or general with value and slope of its own. */
export type { Field, General, Local, On, Pair, Part, Target } from "./contract/energy.ts";

/** K: how mass may move, and what it promises to keep. */
export type { Geometry, Kept } from "./contract/geometry.ts";

/** Motion that is no gradient, and noise that depends on the state. */
export type { Drift } from "./contract/drift.ts";

/** All of these together, the traits it has, and which of them a scheme can carry. */
export type { Problem, Takes, Trait } from "./contract/problem.ts";

// ---------------------------------------------------------------- its flow

/** What advances time: it declares promises, is opened once per run, and steps from one state to the next. */
export type { At, Promises, Scheme, State, StepInfo, Stepper, Turn } from "./contract/scheme.ts";

/** What finds argmin F + d^2 / 2 tau, one step of the minimising movement. */
export type { Proximal, ProximalStepper } from "./contract/proximal.ts";

/** How a run ends, what it shows at each look, and who looks. */
export type { Status, Tick, Watcher } from "./contract/flow.ts";

/** What theory knows of a problem, and what checks the run against it. */
export type { Certificate, Check, ExactFlow, Judged, Known } from "./contract/certificate.ts";

// ---------------------------------------------------------------- between two measures

/** What it costs to move a unit of mass from x to y, and what is known of that. */
export type { Cost } from "./contract/cost.ts";

/** The problem of least cost between two measures, its certified answer (plan, potentials, bounds) and who finds it. */
export type {
  Coupling,
  Marginal,
  Plan,
  Potentials,
  Transport,
  TransportOptions,
  TransportProgress,
  TransportSolver,
  TransportStatus,
} from "./contract/transport.ts";

/** The curve of least action between two measures, its certified answer and who finds it. */
export type { PathBounds, PathFrame, PathProblem, PathProgress, PathResult, PathSolver, PathStatus } from "./contract/path.ts";
