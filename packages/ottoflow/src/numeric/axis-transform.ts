/**
 * Eigenvectors of the second difference along one axis of a grid: cosines between walls, the real Fourier basis on a circle.
 * Rows hold n entries along the axis with `lanes` numbers each: entry i of lane j at x[at + i * lanes + j].
 */
import { cos, sin } from "../kernels/math.ts";

export interface AxisTransform {
  readonly n: number;
  /** eigenvalues of minus the second difference for unit width, in the order of the coefficients */
  readonly eigenvalue: Float64Array;
  /** x becomes its coefficients; `work` holds n * lanes numbers */
  forward(x: Float64Array, at: number, lanes: number, work: Float64Array): void;
  /** inverse of `forward` */
  inverse(x: Float64Array, at: number, lanes: number, work: Float64Array): void;
}

/** Lengths m 2^k take time proportional to n (m + k). */
export function openAxis(n: number, periodic: boolean): AxisTransform {
  return periodic && n > 1 ? openFourier(n) : openCosine(n);
}

/** -(x_{i-1} - 2 x_i + x_{i+1}) has the eigenvalue 2 - 2 cos(angle) = 4 sin^2(angle / 2). */
function eigenvalueAt(angle: number): number {
  const s = sin(angle / 2);
  return 4 * s * s;
}

/**
 * X_k = sum_i x_i cos(pi (i + 1/2) k / n), by halving n while it is even: even coefficients are the transform of x_i + x_{n-1-i},
 * odd ones sums of neighbours of the transform of (x_i - x_{n-1-i}) / (2 cos(pi (i + 1/2) / n)). [lee1984]
 */
function openCosine(n: number): AxisTransform {
  let odd = n;
  const secants: Float64Array[] = [];
  for (; odd % 2 === 0; odd /= 2) {
    const length = odd;
    secants.push(Float64Array.from({ length: length / 2 }, (_, i) => 0.5 / cos((Math.PI * (i + 0.5)) / length)));
  }
  const base = Float64Array.from({ length: odd * odd }, (_, q) => cos((Math.PI * (((2 * (q % odd) + 1) * Math.floor(q / odd)) % (4 * odd))) / (2 * odd)));

  function down(x: Float64Array, at: number, length: number, level: number, lanes: number, y: Float64Array, yAt: number): void {
    if (level === secants.length) {
      multiply(base, odd, false, x, at, lanes, y, yAt);
      return;
    }
    const half = length / 2;
    const secant = secants[level]!;
    for (let i = 0; i < half; i++) {
      const c = secant[i]!;
      const a = at + i * lanes;
      const b = at + (length - 1 - i) * lanes;
      const s = yAt + i * lanes;
      const d = yAt + (i + half) * lanes;
      for (let j = 0; j < lanes; j++) {
        const p = x[a + j]!;
        const q = x[b + j]!;
        y[s + j] = p + q;
        y[d + j] = (p - q) * c;
      }
    }
    down(y, yAt, half, level + 1, lanes, x, at);
    down(y, yAt + half * lanes, half, level + 1, lanes, x, at + half * lanes);
    for (let i = 0; i < half; i++) {
      const even = yAt + i * lanes;
      const first = yAt + (i + half) * lanes;
      const to = at + 2 * i * lanes;
      for (let j = 0; j < lanes; j++) x[to + j] = y[even + j]!;
      if (i + 1 < half) for (let j = 0; j < lanes; j++) x[to + lanes + j] = y[first + j]! + y[first + lanes + j]!;
      else for (let j = 0; j < lanes; j++) x[to + lanes + j] = y[first + j]!;
    }
  }

  function up(x: Float64Array, at: number, length: number, level: number, lanes: number, y: Float64Array, yAt: number): void {
    if (level === secants.length) {
      multiply(base, odd, true, x, at, lanes, y, yAt);
      return;
    }
    const half = length / 2;
    const secant = secants[level]!;
    for (let i = 0; i < half; i++) {
      const from = at + 2 * i * lanes;
      const even = yAt + i * lanes;
      const other = yAt + (i + half) * lanes;
      for (let j = 0; j < lanes; j++) y[even + j] = x[from + j]!;
      if (i > 0) for (let j = 0; j < lanes; j++) y[other + j] = x[from - lanes + j]! + x[from + lanes + j]!;
      else for (let j = 0; j < lanes; j++) y[other + j] = x[from + lanes + j]!;
    }
    up(y, yAt, half, level + 1, lanes, x, at);
    up(y, yAt + half * lanes, half, level + 1, lanes, x, at + half * lanes);
    for (let i = 0; i < half; i++) {
      const c = secant[i]!;
      const a = at + i * lanes;
      const b = at + (length - 1 - i) * lanes;
      const s = yAt + i * lanes;
      const d = yAt + (i + half) * lanes;
      for (let j = 0; j < lanes; j++) {
        const p = y[s + j]!;
        const q = y[d + j]! * c;
        x[a + j] = p + q;
        x[b + j] = p - q;
      }
    }
  }

  return {
    n,
    eigenvalue: Float64Array.from({ length: n }, (_, k) => eigenvalueAt((Math.PI * k) / n)),
    forward: (x, at, lanes, work) => down(x, at, n, 0, lanes, work, 0),
    inverse(x, at, lanes, work) {
      // x_i = (X_0 + 2 sum_k X_k cos) / n
      for (let j = 0; j < lanes; j++) x[at + j] = x[at + j]! / n;
      for (let q = at + lanes; q < at + n * lanes; q++) x[q] = (x[q]! * 2) / n;
      up(x, at, n, 0, lanes, work, 0);
    },
  };
}

/** x = B x or B' x for a matrix B of n rows. */
function multiply(matrix: Float64Array, n: number, transposed: boolean, x: Float64Array, at: number, lanes: number, y: Float64Array, yAt: number): void {
  if (n === 1) return;
  for (let q = 0; q < n * lanes; q++) y[yAt + q] = x[at + q]!;
  for (let k = 0; k < n; k++) {
    const to = at + k * lanes;
    for (let j = 0; j < lanes; j++) x[to + j] = 0;
    for (let i = 0; i < n; i++) {
      const c = transposed ? matrix[i * n + k]! : matrix[k * n + i]!;
      const from = yAt + i * lanes;
      for (let j = 0; j < lanes; j++) x[to + j] = x[to + j]! + c * y[from + j]!;
    }
  }
}

/** Orthonormal: 1, cos, sin, cos 2, sin 2 …, and the alternating one where n is even. Time proportional to n^2. */
function openFourier(n: number): AxisTransform {
  const matrix = new Float64Array(n * n);
  const eigenvalue = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const wave = Math.floor((k + 1) / 2);
    const alone = wave === 0 || 2 * wave === n;
    eigenvalue[k] = eigenvalueAt((2 * Math.PI * wave) / n);
    const scale = Math.sqrt((alone ? 1 : 2) / n);
    for (let i = 0; i < n; i++) {
      const angle = (2 * Math.PI * ((wave * i) % n)) / n;
      matrix[k * n + i] = scale * (alone || k % 2 === 1 ? cos(angle) : sin(angle));
    }
  }
  return {
    n,
    eigenvalue,
    forward: (x, at, lanes, work) => multiply(matrix, n, false, x, at, lanes, work, 0),
    inverse: (x, at, lanes, work) => multiply(matrix, n, true, x, at, lanes, work, 0),
  };
}
