/**
 * Gauss rules of any size from the three-term recurrence x p_k = c_{k+1} p_{k+1} + c_k p_{k-1} of the orthonormal polynomials:
 * roots by bisection between the roots of the polynomial before (they interlace), weights 1 / sum_k p_k(x)^2 [golub1969].
 */
export interface Rule {
  readonly n: number;
  readonly at: readonly number[];
  /** sum to one */
  readonly weight: readonly number[];
}

/** For the mean over [0, 1]: exact to degree 2n - 1. */
export function gaussLegendre(n: number): Rule {
  const rule = gauss(n, (k) => k / Math.sqrt(4 * k * k - 1));
  return { n, at: rule.at.map((x) => (1 + x) / 2), weight: rule.weight };
}

/** For the mean under N(0, 1): exact to degree 2n - 1. */
export function gaussHermite(n: number): Rule {
  return gauss(n, (k) => Math.sqrt(k));
}

function gauss(n: number, c: (k: number) => number): Rule {
  const p = new Float64Array(n + 1);
  const fill = (x: number, top: number): number => {
    p[0] = 1;
    p[1] = x / c(1);
    for (let k = 1; k < top; k++) p[k + 1] = (x * p[k]! - c(k) * p[k - 1]!) / c(k + 1);
    return p[top]!;
  };
  const edge = 2 * Math.max(...Array.from({ length: n }, (_, k) => c(k + 1)));
  let roots: number[] = [];
  for (let k = 1; k <= n; k++) {
    const walls = [-edge, ...roots, edge];
    roots = Array.from({ length: k }, (_, i) => bisect((x) => fill(x, k), walls[i]!, walls[i + 1]!));
  }
  const weight = roots.map((x) => {
    fill(x, n);
    let s = 0;
    for (let k = 0; k < n; k++) s += p[k]! * p[k]!;
    return 1 / s;
  });
  return { n, at: roots, weight };
}

function bisect(f: (x: number) => number, low: number, high: number): number {
  const rising = f(high) > 0;
  for (let k = 0; k < 200; k++) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (f(middle) > 0 === rising) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}
