/** Undo and redo over whole values: small, because a spec is. */
export interface History<T> {
  readonly past: readonly T[];
  readonly now: T;
  readonly future: readonly T[];
}
const MOST = 200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] });

/** The next value; `merge` replaces the present one instead, for a slider that is still moving. */
export function push<T>(h: History<T>, next: T, merge = false): History<T> {
  if (merge) return { ...h, now: next, future: [] };
  return { past: [...h.past, h.now].slice(-MOST), now: next, future: [] };
}
export function undo<T>(h: History<T>): History<T> {
  const last = h.past.at(-1);
  return last === undefined ? h : { past: h.past.slice(0, -1), now: last, future: [h.now, ...h.future] };
}
export function redo<T>(h: History<T>): History<T> {
  const [next, ...rest] = h.future;
  return next === undefined ? h : { past: [...h.past, h.now], now: next, future: rest };
}
