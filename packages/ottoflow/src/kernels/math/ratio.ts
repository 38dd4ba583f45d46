/** Compiled into the SIMD modules too, see bits.ts. */
import { log } from "./exponential.ts";

/**
 * log(a / b) for positive a and b, without the cancellation that a / b near 1 brings: 2 atanh(s), s = (a - b) / (a + b), with the minimax
 * coefficients of log [fdlibm] for |s| <= 3 - 2 sqrt(2), that is for quotients between sqrt(1/2) and sqrt(2); beyond, the log of the quotient.
 */
export function logRatio(a: number, b: number): number {
  const s = (a - b) / (a + b);
  const z = s * s;
  if (!(z <= 0.0294372515228594)) return log(a / b);
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return s * (2 + (odd + even));
}
