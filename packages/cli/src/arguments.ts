/** Words of the command line as values. */
import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "commander";

/** All values of an option that may be repeated. */
export const collect = (value: string, all: readonly string[] = []): string[] => [...all, value];
/** The items of a list with commas. */
export const commaList = (value: string): string[] =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
/** @throws {InvalidArgumentError} like all that follow, where the word is another */
export function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("expected a whole number.");
  return Number(value);
}

export function threadCount(value: string): number {
  const count = wholeNumber(value);
  const most = 4 * availableParallelism();
  if (count < 1 || count > most) throw new InvalidArgumentError(`expected 1 to ${most}; this machine runs ${availableParallelism()} at once.`);
  return count;
}

export function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0)) throw new InvalidArgumentError("expected a positive number.");
  return number;
}

/** Of a distance: inf for the largest one. */
export function exponent(value: string): number {
  const number = /^inf(inity)?$/i.test(value) ? Number.POSITIVE_INFINITY : Number(value);
  if (!(number >= 1)) throw new InvalidArgumentError("expected a number of at least 1, or inf.");
  return number;
}
