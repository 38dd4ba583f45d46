/** What every deterministic particle scheme shares: x_i' = -(smoothed) slope_i + drift_i by a Runge–Kutta method, inside the walls. */
import type { At, Host, Particles, Problem, Rows, State, StepInfo, Stepper } from "../../contract.ts";
import { allFinite, openRungeKutta, type Tableau } from "./runge-kutta.ts";
import { type ParticleState, startParticles } from "./start.ts";
import { openWalls } from "./walls.ts";

export interface EnsembleOptions {
  readonly tableau: Tableau;
  /** length per step; read where the tableau embeds an error estimate */
  readonly tolerance: number;
  /** the descent direction at the particles of m, [d * n]: grad dF/drho for gradient flows */
  slope(m: Particles, t: number, out: Rows): void;
  /** false where `slope` is no gradient of an energy, so that there is no dissipation to report */
  readonly gradient: boolean;
  /** words for a step that came out not finite */
  readonly mend: string;
}

type Stage = { -readonly [K in keyof Particles]: Particles[K] };

/** The velocity field of an ensemble: `velocity` for the integrator, `power` = -sum_i w_i slope_i . v_i for the ledger. */
interface Motion {
  velocity(m: Particles, t: number, out: Rows): void;
  power(m: Particles, t: number): number;
}

function openMotion(p: Problem, host: Host, n: number, slope: EnsembleOptions["slope"]): Motion {
  const d = p.space.dim;
  const walls = openWalls(p.space, "stop");
  const smoothing = p.geometry.smoothing;
  const drifts = p.drift.filter((drift) => drift.velocity);
  const grad = host.alloc(d * n);
  const speed = host.alloc(d * n);
  const moved = drifts.length ? host.alloc(d * n) : null;
  const charge = smoothing ? host.alloc(n) : null;
  const field = smoothing ? host.alloc(n) : null;

  /** out_k = -sum_j w_j k(x_i, x_j) g_{k,j}: the Stein velocity [liuwang2016] */
  function smoothed(m: Particles, out: Rows): void {
    for (let k = 0; k < d; k++) {
      for (let j = 0; j < n; j++) charge![j] = m.weight[j]! * grad[k * n + j]!;
      smoothing!.sum(n, m.x, n, m.x, charge!, field!);
      for (let i = 0; i < n; i++) out[k * n + i] = -field![i]!;
    }
  }
  function velocity(m: Particles, t: number, out: Rows): void {
    slope(m, t, grad);
    if (smoothing) smoothed(m, out);
    else for (let i = 0; i < d * n; i++) out[i] = -grad[i]!;
    for (const drift of drifts) {
      drift.velocity!(m, n, m.x, t, moved!);
      for (let i = 0; i < d * n; i++) out[i] = out[i]! + moved![i]!;
    }
    walls.tangent(n, m.x, out);
  }
  function power(m: Particles, t: number): number {
    velocity(m, t, speed);
    let sum = 0;
    for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) sum -= m.weight[i]! * grad[k * n + i]! * speed[k * n + i]!;
    return sum;
  }
  return { velocity, power };
}

const OK: StepInfo = { ok: true };

export function openEnsemble(p: Problem, host: Host, options: EnsembleOptions): Stepper {
  const { tableau } = options;
  const first = startParticles(p, host);
  const { n, weight } = first.measure;
  const d = p.space.dim;
  const walls = openWalls(p.space, "stop");
  const motion = openMotion(p, host, n, options.slope);
  const stage: Stage = { rep: "particles", space: p.space, n, x: first.measure.x, weight };
  const rate = (t: number, y: Rows, out: Rows): void => {
    walls.retract(n, y);
    stage.x = y;
    motion.velocity(stage, t, out);
  };
  const ode = openRungeKutta(tableau, d * n, rate, host);

  function step(from: State, to: State, at: At): StepInfo {
    const [a, b] = [from.measure as Particles, to.measure as Particles];
    b.weight.set(a.weight);
    stage.weight = a.weight;
    const last = tableau.fsal ? to.memory.rate! : undefined;
    let error = 0;
    for (let s = 0; s < at.count; s++) {
      const source = s === 0 ? from : to;
      ode.step(at.t + s * at.dt, at.dt, (source.measure as Particles).x, b.x, tableau.fsal ? source.memory.rate! : undefined, last);
      walls.retract(n, b.x);
      if (ode.error) error = Math.max(error, meanNorm(a, ode.error) / options.tolerance);
    }
    if (!allFinite(b.x)) return { ok: false, reason: `a particle left the numbers: ${options.mend}` };
    return ode.error ? { ok: true, error } : OK;
  }
  return {
    start: () => withRate(first, tableau, rate, p, host),
    step,
    ...(options.gradient ? { dissipation: (s: State, t: number): number => motion.power(s.measure as Particles, t) } : {}),
  };
}

/** The state of a method that reuses its last stage carries the rate at its point. */
function withRate(state: ParticleState, tableau: Tableau, rate: (t: number, y: Rows, out: Rows) => void, p: Problem, host: Host): State {
  if (!tableau.fsal) return state;
  const row = host.alloc(state.measure.x.length);
  rate(p.start, state.measure.x, row);
  return { measure: state.measure, memory: { rate: row } };
}

/** sqrt(sum_i w_i |e_i|^2 / mass), an upper bound of W2 / sqrt(mass) between the measures of both orders. */
function meanNorm(m: Particles, e: Rows): number {
  const { n, weight } = m;
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < n; i++) mass += weight[i]!;
  for (let k = 0; k * n < e.length; k++) for (let i = 0; i < n; i++) sum += weight[i]! * e[k * n + i]! * e[k * n + i]!;
  return Math.sqrt(sum / mass);
}
