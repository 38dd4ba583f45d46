// log(a / b), two lanes of kernels/math/ratio.ts; lanes beyond the series go through its scalar code
import { logRatio as scalar } from "../math/ratio";
import { add, div, mul, S, sub } from "../lanes64";

// @ts-ignore: decorator
@inline
export function logRatio(a: v128, b: v128): v128 {
  const s = div(sub(a, b), add(a, b));
  const z = mul(s, s);
  const w = mul(z, z);
  const odd = mul(w, add(S(0.3999999999940942), mul(w, add(S(0.22222198432149784), mul(w, S(0.15313837699209373))))));
  const even = mul(z, add(S(0.6666666666666735), mul(w, add(S(0.2857142874366239), mul(w, add(S(0.1818357216161805), mul(w, S(0.14798198605116586))))))));
  const y = mul(s, add(S(2.0), add(odd, even)));
  return i64x2.all_true(f64x2.le(z, S(0.0294372515228594))) ? y : apart(a, b);
}
function apart(a: v128, b: v128): v128 {
  return f64x2(scalar(f64x2.extract_lane(a, 0), f64x2.extract_lane(b, 0)), scalar(f64x2.extract_lane(a, 1), f64x2.extract_lane(b, 1)));
}
