import { pow } from "ottoflow/kernels/math";

/** 2^k, exact for whole k. */
export function powerOfTwo(k: number): number {
  return Number.isInteger(k) && k >= 0 && k < 31 ? 1 << k : pow(2, k);
}

/** base^k; exact for powers of two. */
export function power(base: number, k: number): number {
  return base === 2 ? powerOfTwo(k) : pow(base, k);
}

/** Values of `a:b:n` (n evenly spaced, ends included), `a:b:n:log` (evenly in the logarithm) or a list with commas. */
export function readRange(text: string): unknown[] | null {
  const parts = text.split(":");
  if (parts.length === 1) return text.split(",").map((item) => (item.trim() !== "" && Number.isFinite(Number(item)) ? Number(item) : item.trim()));
  const [a, b, n] = parts.slice(0, 3).map(Number);
  if (![a, b].every(Number.isFinite) || !Number.isInteger(n) || n < 2 || n > 1000 || parts.length > 4) return null;
  const logarithmic = parts[3] === "log";
  if ((parts.length === 4 && !logarithmic) || (logarithmic && !(a > 0 && b > 0))) return null;
  return Array.from({ length: n }, (_, i) => {
    const u = i / (n - 1);
    if (i === 0) return a;
    if (i === n - 1) return b;
    // rounded to 12 digits: 0.1:0.5:5 gives 0.3, not 0.30000000000000004
    return Number((logarithmic ? a * pow(b / a, u) : a + (b - a) * u).toPrecision(12));
  });
}
