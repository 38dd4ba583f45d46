/**
 * Eigenvalues and eigenvectors of a small symmetric matrix: Householder reflections to tridiagonal form, then implicit QL, after the
 * public-domain EISPACK routines tred2 and tql2. The order of operations is that of ml-matrix (its referee in the tests), bit for bit;
 * that package as a whole is a fifth of what a first visitor of the lab may fetch.
 * V[j * n + i] holds entry (i, j): both phases walk along columns.
 */
export function symmetricEigen(n: number, a: ArrayLike<number>): { readonly values: Float64Array; readonly columns: Float64Array } {
  const V = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) V[j * n + i] = a[i * n + j]!;
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  tridiagonal(n, V, d, e);
  implicitQL(n, V, d, e);
  ascending(n, V, d);
  return { values: d, columns: V };
}

function tridiagonal(n: number, V: Float64Array, d: Float64Array, e: Float64Array): void {
  for (let j = 0; j < n; j++) d[j] = V[j * n + n - 1]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = V[j * n + i - 1]!;
        V[j * n + i] = 0;
        V[i * n + j] = 0;
      }
      d[i] = 0;
    } else d[i] = reflect(n, i, scale, V, d, e);
  }
  accumulate(n, V, d);
  e[0] = 0;
}

/** One Householder reflection of the leading i by i block; returns the squared length of its vector. */
function reflect(n: number, i: number, scale: number, V: Float64Array, d: Float64Array, e: Float64Array): number {
  let h = 0;
  for (let k = 0; k < i; k++) {
    d[k] = d[k]! / scale;
    h += d[k]! * d[k]!;
  }
  const last = d[i - 1]!;
  const root = last > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  e[i] = scale * root;
  h = h - last * root;
  d[i - 1] = last - root;
  for (let j = 0; j < i; j++) e[j] = 0;
  for (let j = 0; j < i; j++) {
    const f = d[j]!;
    V[i * n + j] = f;
    let g = e[j]! + V[j * n + j]! * f;
    for (let k = j + 1; k <= i - 1; k++) {
      g += V[j * n + k]! * d[k]!;
      e[k] = e[k]! + V[j * n + k]! * f;
    }
    e[j] = g;
  }
  let f = 0;
  for (let j = 0; j < i; j++) {
    e[j] = e[j]! / h;
    f += e[j]! * d[j]!;
  }
  const half = f / (h + h);
  for (let j = 0; j < i; j++) e[j] = e[j]! - half * d[j]!;
  for (let j = 0; j < i; j++) {
    const dj = d[j]!;
    const ej = e[j]!;
    for (let k = j; k <= i - 1; k++) V[j * n + k] = V[j * n + k]! - (dj * e[k]! + ej * d[k]!);
    d[j] = V[j * n + i - 1]!;
    V[j * n + i] = 0;
  }
  return h;
}

/** The product of the reflections. */
function accumulate(n: number, V: Float64Array, d: Float64Array): void {
  for (let i = 0; i < n - 1; i++) {
    V[i * n + n - 1] = V[i * n + i]!;
    V[i * n + i] = 1;
    const h = d[i + 1]!;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = V[(i + 1) * n + k]! / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += V[(i + 1) * n + k]! * V[j * n + k]!;
        for (let k = 0; k <= i; k++) V[j * n + k] = V[j * n + k]! - g * d[k]!;
      }
    }
    for (let k = 0; k <= i; k++) V[(i + 1) * n + k] = 0;
  }
  for (let j = 0; j < n; j++) {
    d[j] = V[j * n + n - 1]!;
    V[j * n + n - 1] = 0;
  }
  V[n * n - 1] = 1;
}

function implicitQL(n: number, V: Float64Array, d: Float64Array, e: Float64Array): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!;
  e[n - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n && !(Math.abs(e[m]!) <= Number.EPSILON * largest)) m++;
    if (m > l)
      do shift += sweep(n, l, m, V, d, e);
      while (Math.abs(e[l]!) > Number.EPSILON * largest);
    d[l] = d[l]! + shift;
    e[l] = 0;
  }
}

/** One QL sweep on rows l to m; returns the shift that it took off. */
function sweep(n: number, l: number, m: number, V: Float64Array, d: Float64Array, e: Float64Array): number {
  const first = d[l]!;
  let p = (d[l + 1]! - first) / (2 * e[l]!);
  const root = p < 0 ? -hypotenuse(p, 1) : hypotenuse(p, 1);
  d[l] = e[l]! / (p + root);
  d[l + 1] = e[l]! * (p + root);
  const dl1 = d[l + 1]!;
  const h = first - d[l]!;
  for (let i = l + 2; i < n; i++) d[i] = d[i]! - h;
  p = d[m]!;
  const el1 = e[l + 1]!;
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * e[i]!;
    const q = c * p;
    const r = hypotenuse(p, e[i]!);
    e[i + 1] = s * r;
    s = e[i]! / r;
    c = p / r;
    p = c * d[i]! - s * g;
    d[i + 1] = q + s * (c * g + s * d[i]!);
    for (let k = 0; k < n; k++) {
      const above = V[(i + 1) * n + k]!;
      const here = V[i * n + k]!;
      V[(i + 1) * n + k] = s * here + c * above;
      V[i * n + k] = c * here - s * above;
    }
  }
  p = (-s * s2 * c3 * el1 * e[l]!) / dl1;
  e[l] = s * p;
  d[l] = c * p;
  return h;
}

function ascending(n: number, V: Float64Array, d: Float64Array): void {
  for (let i = 0; i < n - 1; i++) {
    let least = i;
    for (let j = i + 1; j < n; j++) if (d[j]! < d[least]!) least = j;
    if (least === i) continue;
    [d[i], d[least]] = [d[least]!, d[i]!];
    for (let k = 0; k < n; k++) [V[i * n + k], V[least * n + k]] = [V[least * n + k]!, V[i * n + k]!];
  }
}

function hypotenuse(a: number, b: number): number {
  if (Math.abs(a) > Math.abs(b)) {
    const r = b / a;
    return Math.abs(a) * Math.sqrt(1 + r * r);
  }
  if (b === 0) return 0;
  const r = a / b;
  return Math.abs(b) * Math.sqrt(1 + r * r);
}
