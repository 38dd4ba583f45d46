import type { Host, Particles, Problem, State } from "../../contract.ts";
import { particleCount } from "../../measure/law.ts";
import { storeParticles } from "../../measure/store.ts";

export interface ParticleState extends State {
  readonly measure: Particles;
}

/** The initial measure as particles inside the space; `single`: positions in float32; `stored`: false in dry opens of schemes that do not look at them. */
export function startParticles(p: Problem, host: Host, single = false, stored = true): ParticleState {
  const n = particleCount(p.initial);
  const x = single ? host.alloc32(p.space.dim * n) : host.alloc(p.space.dim * n);
  const weight = host.alloc(n);
  if (stored) {
    storeParticles(p.initial, n, p.seed, x, weight, p.space);
    p.space.points?.retract?.(n, x);
  }
  return { measure: { rep: "particles", space: p.space, n, x, weight }, memory: {} };
}
