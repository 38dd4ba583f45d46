import type { Fact } from "./fact.ts";
import type { Measure } from "./measure.ts";
import type { Rows } from "./rows.ts";

/** Motion that is no gradient, and noise that depends on the state: dX = velocity dt + noise dB, evaluated at any n points against the measure m. */
export interface Drift {
  readonly label: string;
  readonly tex: string;
  velocity?(m: Measure, n: number, x: Rows, t: number, out: Rows): void;
  /** standard deviation per coordinate and unit time [d * n], added to the noise of the energy in quadrature */
  noise?(m: Measure, n: number, x: Rows, t: number, out: Rows): void;
  /** the velocity keeps every density constant along its lines */
  readonly divergenceFree?: Fact<boolean>;
}
