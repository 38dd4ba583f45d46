// Exact transport by successive shortest paths over few pairs. Each row keeps a list of the columns of least reduced cost and a bound of all others,
// which stays a bound as column potentials only fall; a search that reaches the bound makes the list longer. So every path is a shortest path among all
// pairs, though few are ever looked at.
import { beyond, build, closest, cluster, closestAt, closestInList, closestInRow, depthOf, point, raiseTops, raise, setBeyond, setClosest, setExponent, squared, least } from "./tree";
import { F, I, L, setF, setI, setL } from "./rows";

export { build, cluster, depthOf, raiseTops, setExponent };

let free: usize = 0;
let end: usize = 0;
let short: bool = false;
function take(bytes: i32): usize {
  const here = free;
  free += (<usize>bytes + 15) & ~15;
  if (free > end) short = true;
  return here;
}

let n: i32 = 0;
let m: i32 = 0;
let d: i32 = 0;
// rows and columns that are points: all, but for a further row and a further column (the last ones) that take what stays unmatched, at no cost
let sources: i32 = 0;
let sinks: i32 = 0;
let furtherRow: i32 = 0;
let furtherColumn: i32 = 0;
// allowed pairs by rows, where they are given as a list, else 0: first [sources + 1], column and cost of each
let pairsFirst: usize = 0;
let pairsTo: usize = 0;
let pairsCost: usize = 0;
// rows
let x: usize = 0;
let u: usize = 0;
let left: usize = 0;
let reached: usize = 0;
let rowStamp: usize = 0;
let columnOf: usize = 0;
let listAt: usize = 0;
let listSize: usize = 0;
let listBeyond: usize = 0;
let rows: usize = 0;
// columns
let y: usize = 0;
let box: usize = 0;
let top: usize = 0;
let v: usize = 0;
let lacks: usize = 0;
let distance: usize = 0;
let columnStamp: usize = 0;
let doneStamp: usize = 0;
let rowOf: usize = 0;
let head: usize = 0;
let columns: usize = 0;
// pairs that carry mass, linked by column
let pairRow: usize = 0;
let pairNext: usize = 0;
let pairMass: usize = 0;
let freePair: i32 = -1;
let freePairs: i32 = 0;
let pairRoom: i32 = 0;
// lists that are forgotten sooner than after n / OFTEN paths want more room
const OFTEN: i32 = 2;
// heap of columns, and of rows (numbers from m on) whose lists end
let heapKey: usize = 0;
let heapItem: usize = 0;
let heapSize: i32 = 0;
let heapRoom: i32 = 0;
// where pairs, heap and lists begin
let growing: usize = 0;
// room of the lists
let lists: usize = 0;
let listsEnd: usize = 0;
let listsTop: usize = 0;

let stamp: i32 = 0;
let cursor: i32 = 0;
let firstWant: i32 = 12;
// costs [n * m] where they are a table, else 0
let table: usize = 0;
let paid: i32 = 0;
// how many had been paid when lists were forgotten last
let forgotten: i32 = 0;
let scans: i32 = 0;
let expansions: i32 = 0;

export function addressU(): usize {
  return u;
}
export function addressRows(): usize {
  return rows;
}
export function reachedRows(): i32 {
  return rowsReached;
}
export function addressColumns(): usize {
  return columns;
}
export function reachedColumns(): i32 {
  return columnsDone;
}
export function addressV(): usize {
  return v;
}

/** Whether the last row and the last column of the next problem are further ones: rows go to the column and the row to columns at no cost, but not the one to the other. */
export function setFurther(row: i32, column: i32): void {
  furtherRow = row;
  furtherColumn = column;
}
/** The only pairs that the next problem may use, by rows: first [rows + 1] i32, columns i32 and costs of each; zeros: all pairs. */
export function setPairs(first: usize, to: usize, cost: usize): void {
  pairsFirst = first;
  pairsTo = to;
  pairsCost = cost;
}
/**
 * Begins a problem: rows x [d * n], left [n] i64; columns y [d * m] in their tree's order with box [2 d * nodes], lacks [m] i64 and potentials [m].
 * Where there is a table [n * m] of costs, x, y and box are not read. All else is laid out in `room` up to `last`. `more` times the usual room is taken for pairs and searches.
 * Returns 0, or 1 if there is not enough.
 */
export function open(n_: i32, m_: i32, d_: i32, x_: usize, left_: usize, y_: usize, box_: usize, lacks_: usize, v_: usize, table_: usize, room: usize, last: usize, want: i32, more: i32): i32 {
  table = table_;
  n = n_;
  m = m_;
  sources = n - furtherRow;
  sinks = m - furtherColumn;
  d = d_;
  x = x_;
  left = left_;
  y = y_;
  box = box_;
  lacks = lacks_;
  v = v_;
  firstWant = min(want, m);
  free = room;
  end = last;
  short = false;
  u = take(8 * n);
  reached = take(8 * n);
  rowStamp = take(4 * n);
  columnOf = take(4 * n);
  listAt = take(4 * n);
  listSize = take(4 * n);
  listBeyond = take(8 * n);
  rows = take(4 * n);
  top = take(16 << depthOf(sinks));
  distance = take(8 * m);
  columnStamp = take(4 * m);
  doneStamp = take(4 * m);
  rowOf = take(4 * m);
  head = take(4 * m);
  columns = take(4 * m);
  const values = take(8 * m);
  setClosest(values, take(4 * m));
  growing = free;
  pairRoom = 0;
  if (!layOut(more)) return 1;
  for (let i = 0; i < n; i++) {
    setI(rowStamp, i, 0);
    setI(listSize, i, -1);
    setF(u, i, 0.0);
  }
  for (let j = 0; j < m; j++) {
    setI(columnStamp, j, 0);
    setI(doneStamp, j, 0);
    setI(head, j, -1);
  }
  freePair = -1;
  freePairs = 0;
  addPairs(0);
  stamp = 0;
  cursor = 0;
  paid = 0;
  forgotten = 0;
  scans = 0;
  expansions = 0;
  if (byTree()) raiseTops(sinks, v, top);
  return 0;
}

/**
 * More room, up to `last`, for whoever ended without: `more` times the usual one for pairs and searches, twice the last or more; the rest for lists, which are made anew. What was found
 * so far stays, and `greedy` or `paths` go on from there. Returns 0, or 1 if there is not enough.
 */
export function extend(last: usize, more: i32): i32 {
  const before = pairRoom;
  end = last;
  short = false;
  if (!layOut(more)) return 1;
  addPairs(before);
  forgetLists();
  return 0;
}
// pairs, heap and lists, which grow; pairs keep what they hold
function layOut(more: i32): bool {
  const before = pairRoom;
  const mass = pairMass;
  const next = pairNext;
  pairRoom = more * (n + m + (n + m) / 2 + 16);
  free = growing;
  pairRow = take(4 * pairRoom);
  pairNext = take(4 * pairRoom);
  pairMass = take(8 * pairRoom);
  heapRoom = more * (4 * (n + m) + 64);
  heapKey = take(8 * heapRoom);
  heapItem = take(4 * heapRoom);
  if (short) return false;
  // they move up, the last first
  for (let e = before - 1; e >= 0; e--) setL(pairMass, e, L(mass, e));
  for (let e = before - 1; e >= 0; e--) setI(pairNext, e, I(next, e));
  lists = free;
  listsTop = free;
  listsEnd = end;
  return true;
}
function addPairs(from: i32): void {
  for (let e = from; e < pairRoom; e++) {
    setI(pairNext, e, e + 1 < pairRoom ? e + 1 : freePair);
    freePairs++;
  }
  freePair = from;
}

function byTree(): bool {
  return table == 0 && pairsFirst == 0;
}
function ask(i: i32): void {
  for (let a = 0; a < d; a++) setF(point, a, F(x, a * sources + i));
}
// the nearest columns of row i; returns how many there are
function nearest(i: i32, want: i32): i32 {
  if (i >= sources) return closestInRow(sinks, 0, v, want);
  if (table != 0) return closestInRow(m, table + ((<usize>i * <usize>m) << 3), v, want);
  if (pairsFirst != 0) return closestInList(I(pairsFirst, i), I(pairsFirst, i + 1), pairsTo, pairsCost, v, want);
  ask(i);
  return closest(sinks, d, y, box, v, top, want);
}
// the list of row i anew, with that many columns; false where there is no room
function list(i: i32, want: i32): bool {
  let many = sinks;
  if (pairsFirst != 0 && i < sources) many = I(pairsFirst, i + 1) - I(pairsFirst, i);
  want = min(want, many);
  const stays = furtherColumn == 1 && i < sources;
  const length = stays ? want + 1 : want;
  // a list of the same length takes the place of the old one
  const renewed = I(listSize, i) == length;
  const begun = renewed ? <usize>load<u32>(listAt + ((<usize>i) << 2)) : listsTop;
  if (!renewed && listsTop + ((<usize>length) << 3) + ((<usize>length) << 2) + 8 > listsEnd) return false;
  let size = want == 0 ? 0 : nearest(i, want);
  if (want == 0) setBeyond(Infinity);
  const row = table + ((<usize>i * <usize>m) << 3);
  const costs = begun;
  const places = costs + ((<usize>(stays ? size + 1 : size)) << 3);
  for (let k = 0; k < size; k++) {
    const at = I(closestAt, k);
    const j = pairsFirst != 0 && i < sources ? I(pairsTo, at) : at;
    setF(costs, k, i >= sources ? 0.0 : table != 0 ? F(row, j) : pairsFirst != 0 ? F(pairsCost, at) : raise(squared(sinks, d, y, j)));
    setI(places, k, j);
  }
  if (stays) {
    setF(costs, size, 0.0);
    setI(places, size++, m - 1);
  }
  if (!renewed) listsTop = (places + ((<usize>length) << 2) + 7) & ~7;
  store<u32>(listAt + ((<usize>i) << 2), <u32>costs);
  setI(listSize, i, size);
  setF(listBeyond, i, beyond);
  return true;
}
/** Makes room for lists by making all of them anew when they are wanted. */
export function forgetLists(): void {
  for (let i = 0; i < n; i++) setI(listSize, i, -1);
  listsTop = lists;
  forgotten = paid;
  if (byTree()) raiseTops(sinks, v, top);
}

function push(key: f64, item: i32): void {
  let t = heapSize++;
  while (t > 0) {
    const p = (t - 1) >> 2;
    const k = F(heapKey, p);
    if (k <= key) break;
    setF(heapKey, t, k);
    setI(heapItem, t, I(heapItem, p));
    t = p;
  }
  setF(heapKey, t, key);
  setI(heapItem, t, item);
}
function pop(): i32 {
  const item = I(heapItem, 0);
  heapSize--;
  if (heapSize == 0) return item;
  const key = F(heapKey, heapSize);
  const last = I(heapItem, heapSize);
  let t = 0;
  for (;;) {
    let c = 4 * t + 1;
    if (c >= heapSize) break;
    let least = F(heapKey, c);
    const stop = min(c + 4, heapSize);
    let pick = c;
    for (let k = c + 1; k < stop; k++) {
      const other = F(heapKey, k);
      if (other < least) {
        least = other;
        pick = k;
      }
    }
    if (least >= key) break;
    setF(heapKey, t, least);
    setI(heapItem, t, I(heapItem, pick));
    t = pick;
  }
  setF(heapKey, t, key);
  setI(heapItem, t, last);
  return item;
}

let rowsReached: i32 = 0;
let columnsDone: i32 = 0;
let shortest: f64 = Infinity;
let last: i32 = -1;

// looks along all pairs of row i's list, reached at distance D; false where its list found no room
function scan(i: i32, D: f64): bool {
  if (I(listSize, i) < 0 && !list(i, firstWant)) return false;
  scans++;
  const costs = <usize>load<u32>(listAt + ((<usize>i) << 2));
  const size = I(listSize, i);
  const places = costs + ((<usize>size) << 3);
  const base = D - F(u, i);
  for (let k = 0; k < size; k++) {
    const j = I(places, k);
    const far = max(base + F(costs, k) - F(v, j), D);
    if (far >= shortest) continue;
    if (I(columnStamp, j) == stamp) {
      if (far >= F(distance, j)) continue;
    } else setI(columnStamp, j, stamp);
    setF(distance, j, far);
    setI(rowOf, j, i);
    if (L(lacks, j) > 0) {
      shortest = far;
      last = j;
    } else if (heapSize < heapRoom) push(far, j);
    else return false;
  }
  const ends = max(base + F(listBeyond, i), D);
  if (ends < shortest) {
    if (heapSize >= heapRoom) return false;
    push(ends, m + i);
  }
  return true;
}
function reach(i: i32, D: f64, column: i32): bool {
  setI(rowStamp, i, stamp);
  setF(reached, i, D);
  setI(columnOf, i, column);
  setI(rows, rowsReached++, i);
  return scan(i, D);
}

// 0: found, 1: no room for lists, 2: no column that lacks mass can be reached
function search(from: i32): i32 {
  stamp++;
  heapSize = 0;
  rowsReached = 0;
  columnsDone = 0;
  shortest = Infinity;
  last = -1;
  if (!reach(from, 0.0, -1)) return 1;
  while (heapSize > 0 && F(heapKey, 0) < shortest) {
    const key = F(heapKey, 0);
    const item = pop();
    if (item >= m) {
      const i = item - m;
      // an older end of the list
      if (max(F(reached, i) - F(u, i) + F(listBeyond, i), F(reached, i)) > key) continue;
      expansions++;
      if (!list(i, 2 * I(listSize, i)) || !scan(i, F(reached, i))) return 1;
      continue;
    }
    if (I(doneStamp, item) == stamp) continue;
    setI(doneStamp, item, stamp);
    setI(columns, columnsDone++, item);
    for (let e = I(head, item); e >= 0; e = I(pairNext, e)) {
      const i = I(pairRow, e);
      if (I(rowStamp, i) != stamp && !reach(i, key, item)) return 1;
    }
  }
  if (last < 0) return 2;
  for (let k = 0; k < rowsReached; k++) {
    const i = I(rows, k);
    setF(u, i, F(u, i) + (shortest - F(reached, i)));
  }
  for (let k = 0; k < columnsDone; k++) {
    const j = I(columns, k);
    setF(v, j, F(v, j) - (shortest - F(distance, j)));
  }
  return 0;
}

function pairOf(i: i32, j: i32): i32 {
  let e = I(head, j);
  while (e >= 0 && I(pairRow, e) != i) e = I(pairNext, e);
  return e;
}
function give(i: i32, j: i32, mass: i64): void {
  let e = pairOf(i, j);
  if (e < 0) {
    e = freePair;
    freePair = I(pairNext, e);
    freePairs--;
    setI(pairRow, e, i);
    setL(pairMass, e, 0);
    setI(pairNext, e, I(head, j));
    setI(head, j, e);
  }
  setL(pairMass, e, L(pairMass, e) + mass);
}
function takeBack(i: i32, j: i32, mass: i64): void {
  let before = -1;
  let e = I(head, j);
  while (I(pairRow, e) != i) {
    before = e;
    e = I(pairNext, e);
  }
  const rest = L(pairMass, e) - mass;
  if (rest > 0) {
    setL(pairMass, e, rest);
    return;
  }
  if (before < 0) setI(head, j, I(pairNext, e));
  else setI(pairNext, before, I(pairNext, e));
  setI(pairNext, e, freePair);
  freePair = e;
  freePairs++;
}
// false, with nothing changed, where there may be too few pairs
function augment(from: i32): bool {
  let mass = min(L(left, from), L(lacks, last));
  let needs = 1;
  for (let i = I(rowOf, last); i != from; i = I(rowOf, I(columnOf, i))) {
    mass = min(mass, L(pairMass, pairOf(i, I(columnOf, i))));
    needs++;
  }
  if (freePairs < needs) return false;
  setL(left, from, L(left, from) - mass);
  setL(lacks, last, L(lacks, last) - mass);
  let j = last;
  for (;;) {
    const i = I(rowOf, j);
    if (i == from) {
      give(i, j, mass);
      break;
    }
    const back = I(columnOf, i);
    takeBack(i, back, mass);
    give(i, j, mass);
    j = back;
  }
  paid++;
  return true;
}

/**
 * One phase of an auction with unit masses [bertsekas1988]: rows without a column bid for the one of least reduced cost, and lower its potential until it is dearer
 * by `epsilon` than their second. At most `most` bids; returns how many there were, or -1 without room for lists. Potentials only fall, so lists hold.
 */
export function auction(epsilon: f64, most: i32): i32 {
  for (let i = 0; i < n; i++) setI(columnOf, i, -1);
  for (let j = 0; j < m; j++) setI(rowOf, j, -1);
  let waiting = n;
  for (let i = 0; i < n; i++) setI(rows, i, n - 1 - i);
  let bids = 0;
  while (waiting > 0 && bids < most) {
    const i = I(rows, --waiting);
    bids++;
    if (I(listSize, i) < 0 && !list(i, firstWant)) return -1;
    let one = Infinity;
    let two = Infinity;
    let j = -1;
    for (let again = 0; again < 2; again++) {
      one = Infinity;
      two = Infinity;
      const costs = <usize>load<u32>(listAt + ((<usize>i) << 2));
      const size = I(listSize, i);
      const places = costs + ((<usize>size) << 3);
      for (let k = 0; k < size; k++) {
        const r = F(costs, k) - F(v, I(places, k));
        if (r < two) {
          if (r < one) {
            two = one;
            one = r;
            j = I(places, k);
          } else two = r;
        }
      }
      if (two <= F(listBeyond, i) || again == 1) break;
      if (!list(i, firstWant)) return -1;
    }
    two = min(two, F(listBeyond, i));
    if (two == Infinity) continue;
    setF(v, j, F(v, j) - (two - one + epsilon));
    const before = I(rowOf, j);
    if (before >= 0) setI(rows, waiting++, before);
    setI(rowOf, j, i);
  }
  return bids;
}

/** Rows first take their nearest columns as far as these have room: `count` rows at a time; returns how many are left, or -1 without room for lists. */
export function greedy(count: i32): i32 {
  const stop = min(cursor + count, n);
  for (; cursor < stop; cursor++) {
    if (!list(cursor, firstWant)) return -1;
    let least = Infinity;
    let j = -1;
    const size = I(listSize, cursor);
    const costs = <usize>load<u32>(listAt + ((<usize>cursor) << 2));
    const places = costs + ((<usize>size) << 3);
    for (let k = 0; k < size; k++) {
      const r = F(costs, k) - F(v, I(places, k));
      if (r < least) {
        least = r;
        j = I(places, k);
      }
    }
    setF(u, cursor, least);
    const mass = j < 0 ? 0 : min(L(left, cursor), L(lacks, j));
    if (mass > 0) {
      give(cursor, j, mass);
      setL(left, cursor, L(left, cursor) - mass);
      setL(lacks, j, L(lacks, j) - mass);
    }
  }
  const rest = n - cursor;
  if (rest == 0) cursor = 0;
  return rest;
}

/**
 * At most `count` shortest paths; returns how many rows have not been looked at, or why it stopped: -1 no room for
 * lists, searches or pairs, -2 no plan exists (`reachedRows`, `reachedColumns` are too many for what they can reach).
 */
export function paths(count: i32): i32 {
  for (; cursor < n; cursor++) {
    while (L(left, cursor) > 0) {
      if (count-- <= 0) return n - cursor;
      const ended = search(cursor);
      if (ended == 2) return -2;
      if (ended == 1) {
        // lists that are made anew too often cost more than room
        if (paid - forgotten < n / OFTEN) return -1;
        forgetLists();
        continue;
      }
      if (!augment(cursor)) return -1;
    }
  }
  return 0;
}

/** Mass of the row that no path was found from. */
export function waiting(): i64 {
  return cursor < n ? L(left, cursor) : 0;
}
/** Gives it up. */
export function drop(): void {
  if (cursor < n) setL(left, cursor, 0);
}

/** how many pairs carry mass */
export function countPairs(): i32 {
  let count = 0;
  for (let j = 0; j < m; j++) for (let e = I(head, j); e >= 0; e = I(pairNext, e)) count++;
  return count;
}
/** Their rows, and behind them their columns (i32), where the lists stood; the masses (i64) begin at `massInto`. */
export function pairsInto(): usize {
  const count = countPairs();
  const to = lists + ((<usize>count) << 2);
  const mass = massInto();
  let k = 0;
  for (let j = 0; j < m; j++)
    for (let e = I(head, j); e >= 0; e = I(pairNext, e)) {
      setI(lists, k, I(pairRow, e));
      setI(to, k, j);
      setL(mass, k++, L(pairMass, e));
    }
  return lists;
}
export function massInto(): usize {
  return (lists + ((<usize>countPairs()) << 3) + 7) & ~7;
}
export function augmentations(): i32 {
  return paid;
}
export function countScans(): i32 {
  return scans;
}
export function countExpansions(): i32 {
  return expansions;
}

/** out[j] = min_i c(x_i, y_j) - value_i for m points y [d * m], with the tree over n points x. */
export function transform(n: i32, d: i32, x: usize, box: usize, value: usize, top: usize, m: i32, y: usize, out: usize): void {
  raiseTops(n, value, top);
  for (let j = 0; j < m; j++) {
    for (let a = 0; a < d; a++) setF(point, a, F(y, a * m + j));
    setF(out, j, least(n, d, x, box, value, top));
  }
}
