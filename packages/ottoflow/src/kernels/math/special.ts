/** Error function, normal distribution, gamma function. */
import { double, word } from "./bits.ts";
import { exp, log, log1p } from "./exponential.ts";
import { pow, productError } from "./power.ts";
import { sin } from "./trigonometric.ts";

/** Horner's rule, coefficients from the constant term up */
function polynomial(x: number, c: Float64Array): number {
  let y = 0;
  for (let i = c.length - 1; i >= 0; i--) y = y * x + c[i]!;
  return y;
}
const table = (...c: number[]): Float64Array => Float64Array.from(c);

// erf: minimax quotients on [0, 0.84], [0.84, 1.25], [1.25, 1/0.35], [1/0.35, 28] [fdlibm]
const PP = /* @__PURE__ */ table(0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-5);
const QQ = /* @__PURE__ */ table(1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -3.960228278775368e-6);
const PA = /* @__PURE__ */ table(
  -0.0023621185607526594,
  0.41485611868374833,
  -0.3722078760357013,
  0.31834661990116175,
  -0.11089469428239668,
  0.035478304325618236,
  -0.002166375594868791,
);
const QA = /* @__PURE__ */ table(
  1,
  0.10642088040084423,
  0.540397917702171,
  0.07182865441419627,
  0.12617121980876164,
  0.01363708391202905,
  0.011984499846799107,
);
const RA = /* @__PURE__ */ table(
  -0.009864944034847148,
  -0.6938585727071818,
  -10.558626225323291,
  -62.375332450326006,
  -162.39666946257347,
  -184.60509290671104,
  -81.2874355063066,
  -9.814329344169145,
);
const SA = /* @__PURE__ */ table(
  1,
  19.651271667439257,
  137.65775414351904,
  434.56587747522923,
  645.3872717332679,
  429.00814002756783,
  108.63500554177944,
  6.570249770319282,
  -0.0604244152148581,
);
const RB = /* @__PURE__ */ table(
  -0.0098649429247001,
  -0.799283237680523,
  -17.757954917754752,
  -160.63638485582192,
  -637.5664433683896,
  -1025.0951316110772,
  -483.5191916086514,
);
const SB = /* @__PURE__ */ table(
  1,
  30.33806074348246,
  325.7925129965739,
  1536.729586084437,
  3199.8582195085955,
  2553.0504064331644,
  474.52854120695537,
  -22.44095244658582,
);
const ERX = 0.8450629115104675;

/** erfc(a) for a >= 1.25: exp(-a^2 - 9/16 + quotient) / a, the square split so that its exponential loses nothing */
function erfcTail(a: number): number {
  const s = 1 / (a * a);
  const quotient = a < 1 / 0.35 ? polynomial(s, RA) / polynomial(s, SA) : polynomial(s, RB) / polynomial(s, SB);
  double[0] = a;
  word[0] = 0;
  const z = double[0]!;
  return (exp(-z * z - 0.5625) * exp((z - a) * (z + a) + quotient)) / a;
}
/** 2 / sqrt(pi) int_0^x exp(-s^2) ds */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a < 0.84375) {
    if (a < 2 ** -28) return 0.125 * (8 * x + 1.0270333367641007 * x);
    const z = x * x;
    return x + x * (polynomial(z, PP) / polynomial(z, QQ));
  }
  const y = a < 1.25 ? ERX + polynomial(a - 1, PA) / polynomial(a - 1, QA) : a < 6 ? 1 - erfcTail(a) : 1;
  return x < 0 ? -y : y;
}
/** 1 - erf(x) without cancellation for x > 0 */
export function erfc(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a < 0.84375) {
    const z = x * x;
    const y = polynomial(z, PP) / polynomial(z, QQ);
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y);
  }
  if (a < 1.25) {
    const y = polynomial(a - 1, PA) / polynomial(a - 1, QA);
    return x > 0 ? 1 - ERX - y : 1 + (ERX + y);
  }
  if (a >= 28) return x > 0 ? 0 : 2;
  return x > 0 ? erfcTail(a) : 2 - erfcTail(a);
}

const SQRT1_2_LOW = -4.833646656726457e-17;
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
const NA = /* @__PURE__ */ table(
  3.3871328727963665,
  133.14166789178438,
  1971.5909503065513,
  13731.69376550946,
  45921.95393154987,
  67265.7709270087,
  33430.57558358813,
  2509.0809287301227,
);
const NB = /* @__PURE__ */ table(
  1,
  42.31333070160091,
  687.1870074920579,
  5394.196021424751,
  21213.794301586597,
  39307.89580009271,
  28729.085735721943,
  5226.495278852854,
);
const NC = /* @__PURE__ */ table(
  1.4234371107496835,
  4.630337846156546,
  5.769497221460691,
  3.6478483247632045,
  1.2704582524523684,
  0.2417807251774506,
  0.022723844989269184,
  0.0007745450142783414,
);
const ND = /* @__PURE__ */ table(
  1,
  2.053191626637759,
  1.6763848301838038,
  0.6897673349851,
  0.14810397642748008,
  0.015198666563616457,
  0.0005475938084995345,
  1.0507500716444169e-9,
);
const NE = /* @__PURE__ */ table(
  6.657904643501103,
  5.463784911164114,
  1.7848265399172913,
  0.29656057182850487,
  0.026532189526576124,
  0.0012426609473880784,
  2.7115555687434876e-5,
  2.0103343992922881e-7,
);
const NF = /* @__PURE__ */ table(
  1,
  0.599832206555888,
  0.1369298809227358,
  0.014875361290850615,
  0.0007868691311456133,
  1.8463183175100548e-5,
  1.421511758316446e-7,
  2.0442631033899397e-15,
);
/** inverse of the distribution function of N(0, 1), relative error about 1e-15; -inf at 0, inf at 1 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, NA)) / polynomial(r, NB);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const y = r <= 5 ? polynomial(r - 1.6, NC) / polynomial(r - 1.6, ND) : polynomial(r - 5, NE) / polynomial(r - 5, NF);
  return q < 0 ? -y : y;
}

// (-1)^k (zeta(k) - 1) / k, k = 2, 3, …: log gamma(2 + z) = z (1 - euler) + sum_k c_k z^k for |z| < 2 [abramowitz1964, 6.1.33]
const ZETA = /* @__PURE__ */ table(
  0.3224670334241132,
  -0.0673523010531981,
  0.020580808427784546,
  -0.007385551028673986,
  0.0028905103307415234,
  -0.001192753911703261,
  0.0005096695247430425,
  -0.00022315475845357939,
  9.945751278180853e-5,
  -4.492623673813314e-5,
  2.050721277567069e-5,
  -9.439488275268397e-6,
  4.374866789907488e-6,
  -2.039215753801366e-6,
  9.55141213040742e-7,
  -4.492469198764566e-7,
  2.1207184805554665e-7,
  -1.0043224823968099e-7,
  4.7698101693639804e-8,
  -2.2711094608943164e-8,
  1.0838659214896955e-8,
  -5.183475041970047e-9,
  2.4836745438024785e-9,
  -1.1921401405860912e-9,
  5.731367241678862e-10,
  -2.7595228851242334e-10,
  1.330476437424449e-10,
  -6.4229645638381e-11,
);
const ONE_MINUS_EULER = 0.42278433509846713;
const nearTwo = (z: number): number => z * (ONE_MINUS_EULER + z * polynomial(z, ZETA));
// B_2n / (2n (2n - 1)) of Stirling's series
const STIRLING = /* @__PURE__ */ table(
  0.08333333333333333,
  -0.002777777777777778,
  0.0007936507936507937,
  -0.0005952380952380953,
  0.0008417508417508417,
  -0.0019175269175269176,
  0.00641025641025641,
  -0.029550653594771242,
);
const HALF_LOG_2PI = 0.9189385332046728;
const stirlingTail = (x: number): number => polynomial(1 / (x * x), STIRLING) / x;

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
    let product = 1;
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
    let product = 1;
    for (let k = 2; k < x; k++) product *= k;
    return product;
  }
  if (x < 12) {
    let [y, over, under] = [x, 1, 1];
    while (y >= 2.5) over *= y -= 1;
    while (y < 1.5) under *= y++;
    return (over * exp(nearTwo(y - 2))) / under;
  }
  // x^(x - 1/2) in two halves: it overflows before gamma does
  const half = pow(x, 0.5 * x - 0.25);
  return half * exp(-x) * half * (2.5066282746310002 * exp(stirlingTail(x)));
}
