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
const PP = /* @__PURE__ */ table(1.28379167095512558561e-1, -3.25042107247001499370e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3, -2.37630166566501626084e-5);
const QQ = /* @__PURE__ */ table(1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4, -3.96022827877536812320e-6);
const PA = /* @__PURE__ */ table(
  -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1, -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.16637559486879084300e-3,
);
const QA = /* @__PURE__ */ table(
  1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1, 1.36370839120290507362e-2, 1.19844998467991074170e-2,
);
const RA = /* @__PURE__ */ table(
  -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1, -6.23753324503260060396e1, -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1,
  -9.81432934416914548592,
);
const SA = /* @__PURE__ */ table(
  1, 1.96512716674392571292e1, 1.37657754143519042600e2, 4.34565877475229228821e2, 6.45387271733267880336e2, 4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135,
  -6.04244152148580987438e-2,
);
const RB = /* @__PURE__ */ table(
  -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1, -1.60636384855821916062e2, -6.37566443368389627722e2, -1.02509513161107724954e3, -4.83519191608651397019e2,
);
const SB = /* @__PURE__ */ table(
  1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3, 3.19985821950859553908e3, 2.55305040643316442583e3, 4.74528541206955367215e2, -2.24409524465858183362e1,
);
const ERX = 8.45062911510467529297e-1;

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
  if (x !== x) return x;
  if (a < 0.84375) {
    if (a < 2 ** -28) return 0.125 * (8 * x + 1.02703333676410069053 * x);
    const z = x * x;
    return x + x * (polynomial(z, PP) / polynomial(z, QQ));
  }
  const y = a < 1.25 ? ERX + polynomial(a - 1, PA) / polynomial(a - 1, QA) : a < 6 ? 1 - erfcTail(a) : 1;
  return x < 0 ? -y : y;
}
/** 1 - erf(x) without cancellation for x > 0 */
export function erfc(x: number): number {
  const a = Math.abs(x);
  if (x !== x) return x;
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
  if (!(t > 1.25 && t < 28)) return 0.5 * erfc(t);
  // erfc(t + lost) = erfc(t) (1 - 2 t lost - …): in the tail the rounding of t costs dozens of units
  const lost = -x * SQRT1_2_LOW - productError(x, Math.SQRT1_2, -t);
  const y = 0.5 * erfcTail(t);
  return y - y * (2 * t * lost);
}

// Wichura's AS 241, PPND16 [wichura1988]
const NA = /* @__PURE__ */ table(
  3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
);
const NB = /* @__PURE__ */ table(
  1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
);
const NC = /* @__PURE__ */ table(
  1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833,
  7.74545014278341407640e-4,
);
const ND = /* @__PURE__ */ table(
  1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
);
const NE = /* @__PURE__ */ table(
  6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230, 0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5,
  2.01033439929228813265e-7,
);
const NF = /* @__PURE__ */ table(
  1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
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
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
  9.945751278180853e-5, -4.492623673813314e-5, 2.050721277567069e-5, -9.439488275268397e-6, 4.374866789907488e-6, -2.039215753801366e-6, 9.55141213040742e-7, -4.492469198764566e-7,
  2.1207184805554665e-7, -1.0043224823968099e-7, 4.7698101693639804e-8, -2.2711094608943164e-8, 1.0838659214896955e-8, -5.183475041970047e-9, 2.4836745438024785e-9, -1.1921401405860912e-9,
  5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
);
const ONE_MINUS_EULER = 0.42278433509846713;
const nearTwo = (z: number): number => z * (ONE_MINUS_EULER + z * polynomial(z, ZETA));
// B_2n / (2n (2n - 1)) of Stirling's series
const STIRLING = /* @__PURE__ */ table(
  0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953, 0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
);
const HALF_LOG_2PI = 0.9189385332046728;
const stirlingTail = (x: number): number => polynomial(1 / (x * x), STIRLING) / x;

/** log |gamma(x)| */
export function lgamma(x: number): number {
  if (x !== x) return x;
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
  if (x !== x || x === Number.POSITIVE_INFINITY) return x;
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
