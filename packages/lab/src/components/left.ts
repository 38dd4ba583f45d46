/** How long a run still takes at the pace that it has had. */

/** Less than this many seconds is not worth saying. */
const SHORT = 5;
const units = [
  [60, "s", 10],
  [3600, "min", 60],
  [86_400, "h", 3600],
  [31_557_600, "days", 86_400],
] as const;

/** @param seconds of computing so far; `share` of the span that they sufficed for. @returns words, empty where there is nothing to say */
export function left(seconds: number, share: number): string {
  if (seconds < 2) return "";
  if (!(share > 0)) return seconds < SHORT ? "" : "no step yet";
  const rest = (seconds * (1 - share)) / share;
  if (rest < SHORT) return "";
  const [, unit, per] = units.find(([below]) => rest < below) ?? [0, "", 1];
  if (unit === "") return "more than a year left";
  // tens of seconds, else whole units
  const count = unit === "s" ? 10 * Math.ceil(rest / per) : Math.round(rest / per);
  return `about ${Math.max(1, count)} ${unit} left`;
}
