// Written by `npm run gen` from the definitions of the units. Do not edit.
import type { Unit } from "../define.ts";
import type { Role } from "../params.ts";

/** By role and kind, a function that loads the unit: nobody pays for a unit that is not used. */
export const registry: { readonly [R in Role]: Readonly<Record<string, () => Promise<Unit<R>>>> } = {
  energy: {},
  geometry: {
    "fisher-rao": () => import("../geometry/fisher-rao.ts").then((m) => m.fisherRao),
    "l2": () => import("../geometry/l2.ts").then((m) => m.l2),
    "wasserstein": () => import("../geometry/wasserstein.ts").then((m) => m.wasserstein),
    "wasserstein-fisher-rao": () => import("../geometry/wasserstein-fisher-rao.ts").then((m) => m.wassersteinFisherRao),
  },
  drift: {
    "rotation": () => import("../drift/rotation.ts").then((m) => m.rotation),
  },
  scheme: {},
  proximal: {},
  space: {
    "box": () => import("../space/box.ts").then((m) => m.box),
    "free": () => import("../space/free.ts").then((m) => m.free),
  },
  law: {},
  kernel: {},
  certificate: {},
  exact: {},
  exporter: {},
};
