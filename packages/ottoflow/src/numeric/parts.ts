/** Parts of what is joined pair by pair: a forest whose trees grow together, and are flattened where they are climbed. */
export interface Parts {
  /** from now on i and j are of one part */
  join(i: number, j: number): void;
  /** how many parts there are */
  count(): number;
  /** the place that stands for the part of i until more is joined */
  root(i: number): number;
}

export function openParts(n: number): Parts {
  const above = Int32Array.from({ length: n }, (_, i) => i);
  let count = n;
  const root = (i: number): number => {
    let r = i;
    while (above[r] !== r) {
      above[r] = above[above[r]!]!;
      r = above[r]!;
    }
    return r;
  };
  return {
    join(i, j) {
      const [r, s] = [root(i), root(j)];
      if (r === s) return;
      above[r] = s;
      count--;
    },
    count: () => count,
    root,
  };
}
/** Numbers of the parts from 0 in the order of their first places, for places that `counts`; -1 for others. */
export function numbered(parts: Parts, n: number, counts: (i: number) => boolean = () => true): { part: Int32Array; parts: number } {
  const part = new Int32Array(n).fill(-1);
  const names = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    if (!counts(i)) continue;
    const r = parts.root(i);
    if (!names.has(r)) names.set(r, names.size);
    part[i] = names.get(r)!;
  }
  return { part, parts: names.size };
}
