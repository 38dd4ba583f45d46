import { log } from "../../kernels/math.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10^k, correctly rounded. */
export function powerOfTen(k: number): number {
  return Number(`1e${k}`);
}

/** Largest k with 10^k <= v, for v > 0. */
export function decade(v: number): number {
  let k = Math.floor(log(v) / Math.LN10);
  if (powerOfTen(k + 1) <= v) k++;
  if (powerOfTen(k) > v) k--;
  return k;
}

/** "10⁻³" */
export function tenTo(k: number): string {
  let digits = k < 0 ? "⁻" : "";
  for (const digit of String(Math.abs(k))) digits += superscripts[Number(digit)];
  return `10${digits}`;
}

/** A number for people: `digits` significant digits, a true minus sign, powers of ten where zeros would pile up. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const sign = rounded < 0 ? "−" : "";
  const size = Math.abs(rounded);
  const k = decade(size);
  if (k >= -4 && k < 6)
    return (
      sign +
      size
        .toFixed(Math.max(0, digits - 1 - k))
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "")
    );
  const mantissa = String(Number((size / powerOfTen(k)).toPrecision(digits)));
  return mantissa === "1" ? sign + tenTo(k) : `${sign}${mantissa}×${tenTo(k)}`;
}
