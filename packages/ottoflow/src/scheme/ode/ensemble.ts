/** What every deterministic particle scheme shares: x_i' = -(smoothed) slope_i + drift_i by a Runge–Kutta method, inside the walls. */
import type { At, Host, Kernel, Particles, Problem, Rows, State, StepInfo, Stepper, Turn } from "../../contract.ts";
import { allFinite, openRungeKutta, type Tableau } from "./runge-kutta.ts";
import { startParticles } from "./start.ts";
import { turnOf } from "./turn.ts";
import { openWalls } from "./walls.ts";

export interface EnsembleOptions {
  readonly tableau: Tableau;
  /** length per step; read where the tableau embeds an error estimate */
  readonly tolerance: number;
  /** the descent direction at the particles of m, [d * n]: grad dF/drho for gradient flows; reads and writes `warm` */
  slope(m: Particles, t: number, out: Rows, warm?: Rows): void;
  /** numbers that a state carries from one slope to the next, 0 unless said: see `Functional` */
  warm?(m: Particles): number;
  /** values per part with what the state carries; needed where it carries something */
  values?(m: Particles, t: number, warm: Rows): (number | null)[];
  /** temperature of an entropy that the smoothed velocity carries; 0 unless the geometry smooths */
  readonly noise?: number;
  /** false where `slope` is not the gradient of an energy that atoms have, so that there is no dissipation to report */
  readonly gradient: boolean;
  /** words for a step that came out not finite */
  readonly mend: string;
}

type Stage = { -readonly [K in keyof Particles]: Particles[K] };

/** The velocity field of an ensemble: `velocity` for the integrator, `power` = -sum_i w_i slope_i . v_i for the ledger. */
interface Motion {
  velocity(m: Particles, t: number, out: Rows, warm?: Rows): void;
  power(m: Particles, t: number, warm?: Rows): number;
  /** the velocity at a state that is looked at; found once, until `forget` */
  look(m: Particles, t: number, warm?: Rows): Rows;
  forget(): void;
}

function openMotion(p: Problem, host: Host, n: number, { slope, noise = 0 }: EnsembleOptions): Motion {
  const d = p.space.dim;
  const walls = openWalls(p.space, "stop");
  const smoothing = p.geometry.smoothing;
  const drifts = p.drift.filter((drift) => drift.velocity);
  const grad = host.alloc(d * n);
  const speed = host.alloc(d * n);
  const moved = drifts.length ? host.alloc(d * n) : null;
  const charge = smoothing ? host.alloc(n) : null;
  const field = smoothing ? host.alloc(n) : null;
  const repulsion = smoothing && noise > 0 ? openRepulsion(smoothing, d, n, host) : null;

  /** out_i = sum_j w_j (-k(x_i, x_j) g_j + noise grad_2 k(x_i, x_j)): the Stein velocity [liuwang2016] */
  function smoothed(m: Particles, out: Rows): void {
    for (let k = 0; k < d; k++) {
      for (let j = 0; j < n; j++) charge![j] = m.weight[j]! * grad[k * n + j]!;
      smoothing!.sum(n, m.x, n, m.x, charge!, field!);
      for (let i = 0; i < n; i++) out[k * n + i] = -field![i]!;
    }
    repulsion?.(m, noise, out);
  }
  function velocity(m: Particles, t: number, out: Rows, warm?: Rows): void {
    slope(m, t, grad, warm);
    if (smoothing) smoothed(m, out);
    else for (let i = 0; i < d * n; i++) out[i] = -grad[i]!;
    for (const drift of drifts) {
      drift.velocity!(m, n, m.x, t, moved!);
      for (let i = 0; i < d * n; i++) out[i] = out[i]! + moved![i]!;
    }
    walls.tangent(n, m.x, out);
  }
  /** whose velocity stands in `speed` */
  let known: Particles | null = null;
  function look(m: Particles, t: number, warm?: Rows): Rows {
    if (known !== m) velocity(m, t, speed, warm);
    known = m;
    return speed;
  }
  function power(m: Particles, t: number, warm?: Rows): number {
    known = null; // `grad` is read below
    look(m, t, warm);
    let sum = 0;
    for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) sum -= m.weight[i]! * grad[k * n + i]! * speed[k * n + i]!;
    return sum;
  }
  const forget = (): void => {
    known = null;
  };
  return { velocity, power, look, forget };
}

/**
 * Adds noise * sum_j w_j grad_2 k(x_i, x_j), which is -noise * int k grad log mu dmu by parts. For a symmetric kernel the gradient in the
 * second point is the one in the first with the points exchanged; for a radial kernel that is a change of sign.
 */
function openRepulsion(kernel: Kernel, d: number, n: number, host: Host): (m: Particles, noise: number, out: Rows) => void {
  const row = host.alloc(d * n);
  if (kernel.radial)
    return (m, noise, out) => {
      kernel.dx(n, m.x, n, m.x, m.weight, row);
      for (let i = 0; i < d * n; i++) out[i] = out[i]! - noise * row[i]!;
    };
  const one = host.alloc(1).fill(1);
  const here = host.alloc(d);
  return (m, noise, out) => {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < d; k++) here[k] = m.x[k * n + i]!;
      kernel.dx(n, m.x, 1, here, one, row);
      for (let k = 0; k < d; k++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += m.weight[j]! * row[k * n + j]!;
        out[k * n + i] = out[k * n + i]! + noise * sum;
      }
    }
  };
}

const OK: StepInfo = { ok: true };

export function openEnsemble(p: Problem, host: Host, options: EnsembleOptions): Stepper {
  const { tableau } = options;
  const first = startParticles(p, host);
  const { n, weight } = first.measure;
  const d = p.space.dim;
  const walls = openWalls(p.space, "stop");
  const motion = openMotion(p, host, n, options);
  const stage: Stage = { rep: "particles", space: p.space, n, x: first.measure.x, weight };
  const carried = options.warm?.(first.measure) ?? 0;
  const asked = carried > 0 ? host.alloc(carried) : undefined;
  /** what the state that is being written carries */
  let warm: Rows | undefined;
  const rate = (t: number, y: Rows, out: Rows): void => {
    walls.retract(n, y);
    stage.x = y;
    motion.velocity(stage, t, out, warm);
  };
  const ode = openRungeKutta(tableau, d * n, rate, host);
  const start: State = {
    measure: first.measure,
    memory: { ...(tableau.fsal ? { rate: host.alloc(d * n) } : {}), ...(carried > 0 ? { warm: host.alloc(carried) } : {}) },
  };
  /** a copy, for looks that must not write to the state */
  const looked = (s: State): Rows | undefined => {
    asked?.set(s.memory.warm!);
    return asked;
  };

  /** the last step that succeeded: where it led, and its length */
  let led: { readonly to: Particles; readonly dt: number } | null = null;

  function step(from: State, to: State, at: At): StepInfo {
    led = null;
    motion.forget();
    const [a, b] = [from.measure as Particles, to.measure as Particles];
    b.weight.set(a.weight);
    stage.weight = a.weight;
    warm = to.memory.warm;
    warm?.set(from.memory.warm!);
    const last = tableau.fsal ? to.memory.rate! : undefined;
    let error = 0;
    for (let s = 0; s < at.count; s++) {
      const source = s === 0 ? from : to;
      ode.step(at.t + s * at.dt, at.dt, (source.measure as Particles).x, b.x, tableau.fsal ? source.memory.rate! : undefined, last);
      walls.retract(n, b.x);
      if (ode.error) error = Math.max(error, meanNorm(a, ode.error) / options.tolerance);
    }
    if (!allFinite(b.x)) return { ok: false, failure: "not-finite", reason: `a particle left the numbers: ${options.mend}` };
    led = { to: b, dt: at.dt };
    return ode.error ? { ok: true, error } : OK;
  }
  /** of the step that led here: its first stage is the velocity it began with, and the dissipation has asked for the one at its end */
  function turn(s: State, at: At): Turn | null {
    const m = s.measure as Particles;
    if (led?.to !== m) return null;
    return turnOf(m, led.dt, ode.way(led.dt), ode.stages[0]!, motion.look(m, at.t, looked(s)));
  }
  return {
    start() {
      // A method that reuses its last stage carries the rate at its point in the state.
      warm = start.memory.warm;
      if (start.memory.rate) rate(p.start, first.measure.x, start.memory.rate);
      return start;
    },
    step,
    ...(tableau.e ? {} : { turn }),
    ...(options.gradient ? { dissipation: (s: State, t: number): number => motion.power(s.measure as Particles, t, looked(s)) } : {}),
    ...(carried > 0 ? { energy: (s: State, t: number) => options.values!(s.measure as Particles, t, looked(s)!) } : {}),
  };
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
