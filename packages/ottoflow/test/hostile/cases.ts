/** All rows of bad input, in the order of docs/bad-input.md. */
import { data } from "./rows/data.ts";
import { energies } from "./rows/energies.ts";
import { layout } from "./rows/layout.ts";
import { parameters } from "./rows/parameters.ts";
import { schemes } from "./rows/schemes.ts";
import type { Hostile } from "./sound.ts";

export { type Hostile, sound } from "./sound.ts";
export const hostile: readonly Hostile[] = [...layout, ...energies, ...parameters, ...data, ...schemes];
