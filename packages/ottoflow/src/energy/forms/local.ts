import type { Cells, Gaussian, Host, Local, Quantiles, Rows, Space } from "../../contract.ts";
import { exp, log, pow } from "../../kernels/math.ts";
import { inverse, logDeterminant } from "../../numeric/dense.ts";
import { type PartOn, weighted } from "./on.ts";

const TWO_PI = 6.283185307179586;

/** int U(rho): cells by cell averages, quantiles exactly (their density is piecewise constant), Gaussians in closed form for temperatures and powers, else by radial quadrature. Particles have no density: null. */
export function openLocal(part: Local, space: Space, host: Host): PartOn {
  const n = space.cells?.n ?? 0;
  const u = host.alloc(n);
  let scratch = new Float64Array(0);
  return {
    value(m) {
      if (m.rep === "cells") {
        part.U(n, m.rho, u);
        return weighted(n, u, (m as Cells).space.cells!.volume);
      }
      if (m.rep === "quantiles") {
        if (scratch.length !== m.x.length) scratch = new Float64Array(m.x.length);
        return onQuantiles(part, m, scratch);
      }
      return m.rep === "gaussian" ? onGaussian(part, m) : null;
    },
    slope(m, _t, out) {
      if (m.rep === "cells") {
        part.dU(n, m.rho, u);
        for (let i = 0; i < n; i++) out[i] = out[i]! + u[i]!;
      } else if (m.rep === "gaussian") gaussianSlope(part, m, out);
      else throw new RangeError(`${part.label} has no slope on ${m.rep}`);
    },
  };
}

function onQuantiles(part: Local, m: Quantiles, u: Float64Array): number {
  const n = m.x.length - 1;
  for (let i = 0; i < n; i++) u[i] = (m.mass * (m.level[i + 1]! - m.level[i]!)) / (m.x[i + 1]! - m.x[i]!);
  part.U(n, u, u);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += u[i]! * (m.x[i + 1]! - m.x[i]!);
  return sum;
}

/** F depends on N(m, S) through log det S only; this is F and dF / d log det S. */
function gaussianValue(part: Local, m: Gaussian): readonly [number, number] {
  const d = m.space.dim;
  const logdet = logDeterminant(d, m.cov);
  if (part.noise !== undefined) {
    const one = Float64Array.of(1);
    part.U(1, one, one);
    const entropy = m.mass * (log(m.mass) - 0.5 * d * (log(TWO_PI) + 1) - 0.5 * logdet);
    return [part.noise * entropy + one[0]! * m.mass, -0.5 * part.noise * m.mass];
  }
  if (part.power) {
    const { m: e, factor } = part.power;
    const integral = exp(e * log(m.mass) + 0.5 * d * (1 - e) * log(TWO_PI) + 0.5 * (1 - e) * logdet) * pow(e, -0.5 * d);
    return [(factor * integral) / (e - 1), -0.5 * factor * integral];
  }
  return radial(part, m.mass, d, logdet);
}

function onGaussian(part: Local, m: Gaussian): number {
  return gaussianValue(part, m)[0];
}

/** G = 2 dF/dS = 2 f' S^{-1}; only the product with S enters the flow, so the inverse is formed here once. */
function gaussianSlope(part: Local, m: Gaussian, out: Rows): void {
  const d = m.space.dim;
  // F belongs to the whole mass, the velocity to a unit of it
  const f = (2 * gaussianValue(part, m)[1]) / m.mass;
  const precision = inverse(d, m.cov);
  for (let i = 0; i < d * d; i++) out[d + i] = out[d + i]! + f * precision[i]!;
}

/** int U(c e^{-r^2/2}) over R^d in whitened coordinates by the trapezoidal rule, spectrally accurate for smooth U; the pressure P = r U' - U gives the derivative. */
function radial(part: Local, mass: number, d: number, logdet: number): readonly [number, number] {
  const n = 2000;
  const reach = 12;
  const peak = mass * exp(-0.5 * d * log(TWO_PI) - 0.5 * logdet);
  const rho = new Float64Array(n);
  const u = new Float64Array(n);
  const du = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const r = (reach * (i + 0.5)) / n;
    rho[i] = peak * exp(-0.5 * r * r);
  }
  part.U(n, rho, u);
  part.dU(n, rho, du);
  const shell = (d === 1 ? 2 : d === 2 ? TWO_PI : 2 * TWO_PI) * exp(0.5 * logdet);
  let value = 0;
  let pressure = 0;
  for (let i = 0; i < n; i++) {
    const r = (reach * (i + 0.5)) / n;
    const w = (shell * (d === 1 ? 1 : d === 2 ? r : r * r) * reach) / n;
    value += w * u[i]!;
    pressure += w * (rho[i]! * du[i]! - u[i]!);
  }
  return [value, -0.5 * pressure];
}
