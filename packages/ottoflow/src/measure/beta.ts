import { exp, expm1, lgamma, log, log1p } from "../kernels/math.ts";

/**
 * Regularised incomplete beta function I_z(a, b), by the continued fraction 8.17.22 of the NIST handbook (modified Lentz), on the side where it converges fast.
 * `y` is 1 - z, handed over separately so that neither end loses digits.
 */
export function betaRatio(a: number, b: number, z: number, y: number): number {
  if (z <= 0) return 0;
  if (y <= 0) return 1;
  if (z > (a + 1) / (a + b + 2)) return 1 - betaTail(b, a, y, z);
  return betaTail(a, b, z, y);
}

function betaTail(a: number, b: number, z: number, y: number): number {
  if (z <= 0) return 0;
  const front = exp(a * log(z) + b * (z < 0.5 ? log1p(-z) : log(y)) - logBeta(a, b)) / a;
  let c = 1;
  let d = 1 - ((a + b) * z) / (a + 1);
  d = 1 / (d === 0 ? 1e-300 : d);
  let h = d;
  for (let m = 1; m < 10000; m++) {
    const even = (m * (b - m) * z) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * z) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * h;
}

const nonzero = (v: number): number => (Math.abs(v) < 1e-300 ? 1e-300 : v);

/** log B(a, b) */
export function logBeta(a: number, b: number): number {
  return lgamma(a) + lgamma(b) - lgamma(a + b);
}

/** z with I_z(a, b) = p, together with 1 - z: a formula where a = 1, else Newton's method for log I in log z on the end where z is resolved (I grows like a power of z there). */
export function betaQuantile(a: number, b: number, p: number): { z: number; y: number } {
  if (p <= 0) return { z: 0, y: 1 };
  if (p >= 1) return { z: 1, y: 0 };
  if (a === 1) {
    const y = exp(log1p(-p) / b);
    return { z: -expm1(log1p(-p) / b), y };
  }
  if (betaRatio(a, b, 0.5, 0.5) >= p) {
    const z = lowerQuantile(a, b, p);
    return { z, y: 1 - z };
  }
  const y = lowerQuantile(b, a, 1 - p);
  return { z: 1 - y, y };
}

/** The quantile where it is at most 1/2. */
function lowerQuantile(a: number, b: number, p: number): number {
  const scale = logBeta(a, b);
  const want = log(p);
  let [lo, hi] = [Number.NEGATIVE_INFINITY, -Math.LN2];
  // I = z^a / (a B) to leading order
  let t = Math.min((want + log(a) + scale) / a, hi);
  for (let k = 0; k < 100; k++) {
    const z = exp(t);
    const I = betaRatio(a, b, z, 1 - z);
    const gap = log(I) - want;
    if (gap < 0) lo = t;
    else hi = t;
    let next = t - gap / exp(a * t + (b - 1) * log1p(-z) - scale - log(I));
    if (!(next >= lo && next <= hi)) next = lo === Number.NEGATIVE_INFINITY ? t - 1 : 0.5 * (lo + hi);
    if (Math.abs(next - t) <= 2e-16 * Math.max(1, Math.abs(t))) return exp(next);
    t = next;
  }
  return exp(t);
}
