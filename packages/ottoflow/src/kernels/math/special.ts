/** Error function, normal distribution, gamma function. */
import { cutLow } from "./bits.ts";
import { exp, log, log1p } from "./exponential.ts";
import { pow, productError } from "./power.ts";
import { sin } from "./trigonometric.ts";

// erf: minimax quotients on [0, 0.84], [0.84, 1.25], [1.25, 1/0.35], [1/0.35, 28] [fdlibm]
function erfSmallOver(x: number): number {
  return 0.12837916709551256 + x * (-0.3250421072470015 + x * (-0.02848174957559851 + x * (-0.005770270296489442 + x * -2.3763016656650163e-5)));
}
function erfSmallUnder(x: number): number {
  return 1 + x * (0.39791722395915535 + x * (0.0650222499887673 + x * (0.005081306281875766 + x * (0.00013249473800432164 + x * -3.960228278775368e-6))));
}
function erfMiddleOver(x: number): number {
  return (
    -0.0023621185607526594 +
    x *
      (0.41485611868374833 +
        x * (-0.3722078760357013 + x * (0.31834661990116175 + x * (-0.11089469428239668 + x * (0.035478304325618236 + x * -0.002166375594868791)))))
  );
}
function erfMiddleUnder(x: number): number {
  return (
    1 +
    x *
      (0.10642088040084423 +
        x * (0.540397917702171 + x * (0.07182865441419627 + x * (0.12617121980876164 + x * (0.01363708391202905 + x * 0.011984499846799107)))))
  );
}
function erfcOver(x: number): number {
  return (
    -0.009864944034847148 +
    x *
      (-0.6938585727071818 +
        x *
          (-10.558626225323291 +
            x * (-62.375332450326006 + x * (-162.39666946257347 + x * (-184.60509290671104 + x * (-81.2874355063066 + x * -9.814329344169145))))))
  );
}
function erfcUnder(x: number): number {
  return (
    1 +
    x *
      (19.651271667439257 +
        x *
          (137.65775414351904 +
            x *
              (434.56587747522923 +
                x * (645.3872717332679 + x * (429.00814002756783 + x * (108.63500554177944 + x * (6.570249770319282 + x * -0.0604244152148581)))))))
  );
}
function erfcFarOver(x: number): number {
  return (
    -0.0098649429247001 +
    x *
      (-0.799283237680523 +
        x * (-17.757954917754752 + x * (-160.63638485582192 + x * (-637.5664433683896 + x * (-1025.0951316110772 + x * -483.5191916086514)))))
  );
}
function erfcFarUnder(x: number): number {
  return (
    1 +
    x *
      (30.33806074348246 +
        x *
          (325.7925129965739 +
            x * (1536.729586084437 + x * (3199.8582195085955 + x * (2553.0504064331644 + x * (474.52854120695537 + x * -22.44095244658582))))))
  );
}
const ERX: number = 0.8450629115104675;

/** erfc(a) for a >= 1.25: exp(-a^2 - 9/16 + quotient) / a, the square split so that its exponential loses nothing */
function erfcTail(a: number): number {
  const s = 1 / (a * a);
  const quotient = a < 1 / 0.35 ? erfcOver(s) / erfcUnder(s) : erfcFarOver(s) / erfcFarUnder(s);
  const z = cutLow(a);
  return (exp(-z * z - 0.5625) * exp((z - a) * (z + a) + quotient)) / a;
}
/** 2 / sqrt(pi) int_0^x exp(-s^2) ds */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a < 0.84375) {
    if (a < 2 ** -28) return 0.125 * (8 * x + 1.0270333367641007 * x);
    const z = x * x;
    return x + x * (erfSmallOver(z) / erfSmallUnder(z));
  }
  const y = a < 1.25 ? ERX + erfMiddleOver(a - 1) / erfMiddleUnder(a - 1) : a < 6 ? 1 - erfcTail(a) : 1;
  return x < 0 ? -y : y;
}
/** 1 - erf(x) without cancellation for x > 0 */
export function erfc(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a < 0.84375) {
    const z = x * x;
    const y = erfSmallOver(z) / erfSmallUnder(z);
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y);
  }
  if (a < 1.25) {
    const y = erfMiddleOver(a - 1) / erfMiddleUnder(a - 1);
    return x > 0 ? 1 - ERX - y : 1 + (ERX + y);
  }
  if (a >= 28) return x > 0 ? 0 : 2;
  return x > 0 ? erfcTail(a) : 2 - erfcTail(a);
}

const SQRT1_2_LOW: number = -4.833646656726457e-17;
/** distribution function of N(0, 1), relatively exact in the lower tail */
export function normalCdf(x: number): number {
  const t = -x * Math.SQRT1_2;
  if (!(t > 0.5 && t < 28)) return 0.5 * erfc(t);
  // erfc(t + lost) = erfc(t) (1 - 2 t lost - …): in the tail the rounding of t costs dozens of units
  const lost = -x * SQRT1_2_LOW - productError(x, Math.SQRT1_2, -t);
  const y = 0.5 * erfc(t);
  return y - y * ((t + Math.sqrt(t * t + 1.5)) * lost);
}

// Wichura's AS 241, PPND16 [wichura1988]
function quantileMiddleOver(x: number): number {
  return (
    3.3871328727963665 +
    x *
      (133.14166789178438 +
        x *
          (1971.5909503065513 + x * (13731.69376550946 + x * (45921.95393154987 + x * (67265.7709270087 + x * (33430.57558358813 + x * 2509.0809287301227))))))
  );
}
function quantileMiddleUnder(x: number): number {
  return (
    1 +
    x *
      (42.31333070160091 +
        x *
          (687.1870074920579 + x * (5394.196021424751 + x * (21213.794301586597 + x * (39307.89580009271 + x * (28729.085735721943 + x * 5226.495278852854))))))
  );
}
function quantileOver(x: number): number {
  return (
    1.4234371107496835 +
    x *
      (4.630337846156546 +
        x *
          (5.769497221460691 +
            x * (3.6478483247632045 + x * (1.2704582524523684 + x * (0.2417807251774506 + x * (0.022723844989269184 + x * 0.0007745450142783414))))))
  );
}
function quantileUnder(x: number): number {
  return (
    1 +
    x *
      (2.053191626637759 +
        x *
          (1.6763848301838038 +
            x * (0.6897673349851 + x * (0.14810397642748008 + x * (0.015198666563616457 + x * (0.0005475938084995345 + x * 1.0507500716444169e-9))))))
  );
}
function quantileFarOver(x: number): number {
  return (
    6.657904643501103 +
    x *
      (5.463784911164114 +
        x *
          (1.7848265399172913 +
            x * (0.29656057182850487 + x * (0.026532189526576124 + x * (0.0012426609473880784 + x * (2.7115555687434876e-5 + x * 2.0103343992922881e-7))))))
  );
}
function quantileFarUnder(x: number): number {
  return (
    1 +
    x *
      (0.599832206555888 +
        x *
          (0.1369298809227358 +
            x * (0.014875361290850615 + x * (0.0007868691311456133 + x * (1.8463183175100548e-5 + x * (1.421511758316446e-7 + x * 2.0442631033899397e-15))))))
  );
}
/** inverse of the distribution function of N(0, 1), relative error about 1e-15; -inf at 0, inf at 1 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * quantileMiddleOver(r)) / quantileMiddleUnder(r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const y = r <= 5 ? quantileOver(r - 1.6) / quantileUnder(r - 1.6) : quantileFarOver(r - 5) / quantileFarUnder(r - 5);
  return q < 0 ? -y : y;
}

// (-1)^k (zeta(k) - 1) / k, k = 2, 3, …: log gamma(2 + z) = z (1 - euler) + sum_k c_k z^k for |z| < 2 [abramowitz1964, 6.1.33]
function zetaSeries(x: number): number {
  return (
    0.3224670334241132 +
    x *
      (-0.0673523010531981 +
        x *
          (0.020580808427784546 +
            x *
              (-0.007385551028673986 +
                x *
                  (0.0028905103307415234 +
                    x *
                      (-0.001192753911703261 +
                        x *
                          (0.0005096695247430425 +
                            x *
                              (-0.00022315475845357939 +
                                x *
                                  (9.945751278180853e-5 +
                                    x *
                                      (-4.492623673813314e-5 +
                                        x *
                                          (2.050721277567069e-5 +
                                            x *
                                              (-9.439488275268397e-6 +
                                                x *
                                                  (4.374866789907488e-6 +
                                                    x *
                                                      (-2.039215753801366e-6 +
                                                        x *
                                                          (9.55141213040742e-7 +
                                                            x *
                                                              (-4.492469198764566e-7 +
                                                                x *
                                                                  (2.1207184805554665e-7 +
                                                                    x *
                                                                      (-1.0043224823968099e-7 +
                                                                        x *
                                                                          (4.7698101693639804e-8 +
                                                                            x *
                                                                              (-2.2711094608943164e-8 +
                                                                                x *
                                                                                  (1.0838659214896955e-8 +
                                                                                    x *
                                                                                      (-5.183475041970047e-9 +
                                                                                        x *
                                                                                          (2.4836745438024785e-9 +
                                                                                            x *
                                                                                              (-1.1921401405860912e-9 +
                                                                                                x *
                                                                                                  (5.731367241678862e-10 +
                                                                                                    x *
                                                                                                      (-2.7595228851242334e-10 +
                                                                                                        x *
                                                                                                          (1.330476437424449e-10 +
                                                                                                            x * -6.4229645638381e-11))))))))))))))))))))))))))
  );
}
const ONE_MINUS_EULER: number = 0.42278433509846713;
function nearTwo(z: number): number {
  return z * (ONE_MINUS_EULER + z * zetaSeries(z));
}
// B_2n / (2n (2n - 1)) of Stirling's series
function stirlingSeries(x: number): number {
  return (
    0.08333333333333333 +
    x *
      (-0.002777777777777778 +
        x *
          (0.0007936507936507937 +
            x * (-0.0005952380952380953 + x * (0.0008417508417508417 + x * (-0.0019175269175269176 + x * (0.00641025641025641 + x * -0.029550653594771242))))))
  );
}
const HALF_LOG_2PI: number = 0.9189385332046728;
function stirlingTail(x: number): number {
  return stirlingSeries(1 / (x * x)) / x;
}

/** log |gamma(x)| */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (x <= 0) {
    if (Math.floor(x) === x) return Number.POSITIVE_INFINITY;
    // reflection; the sine of the part beyond the nearest whole number
    const f = x - Math.floor(x + 0.5);
    return log(Math.PI / Math.abs(x * sin(Math.PI * f))) - lgamma(-x);
  }
  if (x < 0.5) return lgamma(x + 1) - log(x);
  if (x < 1.5) return nearTwo(x - 1) - log1p(x - 1);
  if (x < 2.5) return nearTwo(x - 2);
  if (x < 12) {
    let product: number = 1;
    let y = x;
    while (y >= 2.5) {
      y -= 1;
      product *= y;
    }
    return nearTwo(y - 2) + log(product);
  }
  return x > 1e17 ? x * (log(x) - 1) : (x - 0.5) * (log(x) - 1) + (HALF_LOG_2PI - 0.5 + stirlingTail(x));
}

/** Euler's gamma function: factorials up to 22! exact, otherwise relative error about 1e-15 */
export function gamma(x: number): number {
  if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY) return x;
  if (x === 0) return 1 / x;
  if (x < 0) {
    if (Math.floor(x) === x) return Number.NaN;
    const n = Math.floor(x + 0.5);
    const s = sin(Math.PI * (x - n));
    const signed = n % 2 === 0 ? s : -s;
    // gamma(x) gamma(-x) = -pi / (x sin(pi x)); divided in two steps, since gamma(-x) overflows first
    return x > -170 ? -Math.PI / (x * signed * gamma(-x)) : -Math.PI / (x * signed) / gamma(-x - 1) / (-x - 1);
  }
  if (Math.floor(x) === x && x < 172) {
    let product: number = 1;
    for (let k: number = 2; k < x; k++) product *= k;
    return product;
  }
  if (x < 12) {
    let y = x;
    let over: number = 1;
    let under: number = 1;
    for (; y >= 2.5; over *= y) y -= 1;
    for (; y < 1.5; y += 1) under *= y;
    return (over * exp(nearTwo(y - 2))) / under;
  }
  // x^x in two halves: it overflows before gamma does; x / 2 is exact, x - 1/2 would not be
  const half = pow(x, 0.5 * x);
  return ((half * exp(-x) * half) / Math.sqrt(x)) * (2.5066282746310002 * exp(stirlingTail(x)));
}
