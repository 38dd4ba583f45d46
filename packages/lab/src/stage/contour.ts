/** Lines of equal density: marching squares between the centres of cells. */
import type { PlainField } from "../engine/messages.ts";

/**
 * Segments x1, y1, x2, y2 of the line rho = level. Corners of a square are centres of four cells; where the line could pass a saddle both ways the mean
 * of the corners decides.
 */
export function contour({ shape, lower, h, rho }: PlainField, level: number): number[] {
  const [columns, rows] = shape as [number, number];
  const out: number[] = [];
  const x = (i: number): number => lower[0]! + h[0]! * (i + 0.5);
  const y = (j: number): number => lower[1]! + h[1]! * (j + 0.5);
  for (let i = 0; i + 1 < columns; i++)
    for (let j = 0; j + 1 < rows; j++) {
      const [a, b, c, d] = [rho[i * rows + j]!, rho[(i + 1) * rows + j]!, rho[(i + 1) * rows + j + 1]!, rho[i * rows + j + 1]!];
      const code = (a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0);
      if (code === 0 || code === 15) continue;
      const cut = (p: number, q: number): number => (level - p) / (q - p);
      const south = (): [number, number] => [x(i) + h[0]! * cut(a, b), y(j)];
      const east = (): [number, number] => [x(i + 1), y(j) + h[1]! * cut(b, c)];
      const north = (): [number, number] => [x(i) + h[0]! * cut(d, c), y(j + 1)];
      const west = (): [number, number] => [x(i), y(j) + h[1]! * cut(a, d)];
      const add = (p: [number, number], q: [number, number]): void => void out.push(...p, ...q);
      const high = (a + b + c + d) / 4 > level;
      switch (code) {
        case 1:
        case 14:
          add(south(), west());
          break;
        case 2:
        case 13:
          add(south(), east());
          break;
        case 4:
        case 11:
          add(east(), north());
          break;
        case 8:
        case 7:
          add(north(), west());
          break;
        case 3:
        case 12:
          add(east(), west());
          break;
        case 6:
        case 9:
          add(south(), north());
          break;
        case 5:
          if (high) {
            add(south(), east());
            add(north(), west());
          } else {
            add(south(), west());
            add(east(), north());
          }
          break;
        default:
          if (high) {
            add(south(), west());
            add(east(), north());
          } else {
            add(south(), east());
            add(north(), west());
          }
      }
    }
  return out;
}
/** Levels at equal distances below a top. */
export const levelsOf = (top: number, count: number): number[] => Array.from({ length: count }, (_, k) => (top * (k + 1)) / (count + 1));
