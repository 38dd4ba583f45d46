// Written by `npm run gen` from the definitions of the units. Do not edit.
import type { Unit } from "../define.ts";
import type { Role } from "../params.ts";

/** By role and kind, a function that loads the unit: nobody pays for a unit that is not used. */
export const registry: { readonly [R in Role]: Readonly<Record<string, () => Promise<Unit<R>>>> } = {
  energy: {
    "double-well": () => import("../energy/double-well.ts").then((m) => m.doubleWell),
    "entropy": () => import("../energy/entropy.ts").then((m) => m.entropy),
    "interaction": () => import("../energy/interaction.ts").then((m) => m.interaction),
    "negative-log": () => import("../energy/negative-log.ts").then((m) => m.negativeLog),
    "potential": () => import("../energy/potential.ts").then((m) => m.potential),
    "power": () => import("../energy/power.ts").then((m) => m.power),
    "quadratic": () => import("../energy/quadratic.ts").then((m) => m.quadratic),
    "relative-entropy": () => import("../energy/relative-entropy.ts").then((m) => m.relativeEntropy),
  },
  geometry: {
    "fisher-rao": () => import("../geometry/fisher-rao.ts").then((m) => m.fisherRao),
    "l2": () => import("../geometry/l2.ts").then((m) => m.l2),
    "wasserstein": () => import("../geometry/wasserstein.ts").then((m) => m.wasserstein),
    "wasserstein-fisher-rao": () => import("../geometry/wasserstein-fisher-rao.ts").then((m) => m.wassersteinFisherRao),
  },
  drift: {
    "advection": () => import("../drift/advection.ts").then((m) => m.advection),
    "consensus": () => import("../drift/consensus.ts").then((m) => m.consensus),
    "rotation": () => import("../drift/rotation.ts").then((m) => m.rotation),
  },
  scheme: {
    "blob": () => import("../scheme/blob.ts").then((m) => m.blob),
    "finite-volume": () => import("../scheme/finite-volume.ts").then((m) => m.finiteVolume),
    "gaussian": () => import("../scheme/gaussian.ts").then((m) => m.gaussian),
    "jko": () => import("../scheme/jko.ts").then((m) => m.jko),
    "langevin": () => import("../scheme/langevin.ts").then((m) => m.langevin),
    "particles": () => import("../scheme/particles.ts").then((m) => m.particles),
  },
  proximal: {
    "gaussian": () => import("../proximal/gaussian.ts").then((m) => m.gaussian),
    "particles": () => import("../proximal/particles.ts").then((m) => m.particles),
    "quantile": () => import("../proximal/quantile.ts").then((m) => m.quantile),
  },
  space: {
    "box": () => import("../space/box.ts").then((m) => m.box),
    "free": () => import("../space/free.ts").then((m) => m.free),
  },
  law: {
    "barenblatt": () => import("../measure/barenblatt.ts").then((m) => m.barenblatt),
    "formula": () => import("../measure/formula.ts").then((m) => m.formula),
    "gaussian": () => import("../measure/gaussian.ts").then((m) => m.gaussian),
    "mixture": () => import("../measure/mixture.ts").then((m) => m.mixture),
    "points": () => import("../measure/points.ts").then((m) => m.points),
    "semicircle": () => import("../measure/semicircle.ts").then((m) => m.semicircle),
    "uniform": () => import("../measure/uniform.ts").then((m) => m.uniform),
  },
  kernel: {
    "attraction-repulsion": () => import("../kernel/attraction-repulsion.ts").then((m) => m.attractionRepulsion),
    "energy-distance": () => import("../kernel/energy-distance.ts").then((m) => m.energyDistance),
    "gaussian": () => import("../kernel/gaussian.ts").then((m) => m.gaussian),
    "logarithmic": () => import("../kernel/logarithmic.ts").then((m) => m.logarithmic),
    "morse": () => import("../kernel/morse.ts").then((m) => m.morse),
    "newtonian": () => import("../kernel/newtonian.ts").then((m) => m.newtonian),
    "power": () => import("../kernel/power.ts").then((m) => m.power),
    "power-log": () => import("../kernel/power-log.ts").then((m) => m.powerLog),
    "radial": () => import("../kernel/radial.ts").then((m) => m.radial),
    "two-point": () => import("../kernel/two-point.ts").then((m) => m.twoPoint),
  },
  certificate: {
    "closure": () => import("../certify/closure.ts").then((m) => m.closure),
    "contraction": () => import("../certify/contraction.ts").then((m) => m.contraction),
    "dissipation-ledger": () => import("../certify/dissipation.ts").then((m) => m.dissipationLedger),
    "energy-decay": () => import("../certify/energy-decay.ts").then((m) => m.energyDecay),
    "exact-error": () => import("../certify/exact-error.ts").then((m) => m.exactError),
    "jko-inequality": () => import("../certify/jko-inequality.ts").then((m) => m.jkoInequality),
    "mass": () => import("../certify/mass.ts").then((m) => m.mass),
    "outermost-mass": () => import("../certify/outermost-mass.ts").then((m) => m.outermostMass),
    "positivity": () => import("../certify/positivity.ts").then((m) => m.positivity),
    "rate": () => import("../certify/rate.ts").then((m) => m.rate),
    "sampling-error": () => import("../certify/sampling-error.ts").then((m) => m.samplingError),
  },
  exact: {
    "confined-porous-medium": () => import("../exact/confined-porous-medium.ts").then((m) => m.confinedPorousMedium),
    "fisher-rao": () => import("../exact/fisher-rao.ts").then((m) => m.fisherRao),
    "fokker-planck-spectral": () => import("../exact/fokker-planck-spectral.ts").then((m) => m.fokkerPlanckSpectral),
    "heat": () => import("../exact/heat.ts").then((m) => m.heat),
    "mckean-vlasov": () => import("../exact/mckean-vlasov.ts").then((m) => m.mckeanVlasov),
    "ornstein-uhlenbeck": () => import("../exact/ornstein-uhlenbeck.ts").then((m) => m.ornsteinUhlenbeck),
    "porous-medium": () => import("../exact/porous-medium.ts").then((m) => m.porousMedium),
    "translation": () => import("../exact/translation.ts").then((m) => m.translation),
  },
  exporter: {
    "csv": () => import("../io/csv.ts").then((m) => m.csv),
    "npz": () => import("../io/npz.ts").then((m) => m.npz),
    "svg": () => import("../io/svg.ts").then((m) => m.svg),
  },
};
