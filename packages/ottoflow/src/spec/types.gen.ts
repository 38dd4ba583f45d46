/** What specs may say, as types. Written by `npm run gen` from the definitions of the units. Do not edit. */

/** A gradient flow of probability measures as data. */
export interface FlowSpec {
  /** Where this schema stands, for editors. */
  readonly $schema?: string;
  /** Version of the layout of specs. */
  readonly version?: 1;
  /** What the spec asks for. */
  readonly job?: "flow";
  /** One line: what happens. */
  readonly title?: string;
  /** One paragraph: what to see, and why it is so. */
  readonly summary?: string;
  /** What to look at while it runs. */
  readonly watch?: string;
  /** Words to find the spec by. */
  readonly tags?: ReadonlyArray<string>;
  /** Named numbers. Formulas use the names like constants; wherever a number stands, a text that begins with = may say how it follows from them: "=2*noise + 1". */
  readonly parameters?: { readonly [name: string]: number | string | {
    /** The number, or a formula of other parameters as a text: "2*noise + 1". */
    readonly value?: number | string;
    /** The least value that makes sense; where a slider begins. */
    readonly min?: number;
    /** The largest value that makes sense; where a slider ends. */
    readonly max?: number;
    /** How far one press of a slider's key goes. */
    readonly step?: number;
    /** What the number is, in a word or two. */
    readonly title?: string;
    /** What happens when it changes. */
    readonly summary?: string;
  } };
  /** The energy F, a sum of parts; an empty list where only a drift moves mass. */
  readonly energy: EnergySpec | ReadonlyArray<EnergySpec>;
  /** How mass may move. Default: "wasserstein". */
  readonly geometry?: GeometrySpec;
  /** Where mass lives. */
  readonly space: SpaceSpec;
  /** The measure at the start. */
  readonly initial: MeasureSpec;
  /** Named measures, referred to as "$name". */
  readonly measures?: { readonly [name: string]: MeasureSpec };
  /** Motion that is no gradient. */
  readonly drift?: DriftSpec | ReadonlyArray<DriftSpec>;
  /** How time advances. */
  readonly scheme: SchemeSpec;
  /** Time of the initial measure. Default: 0. */
  readonly start?: number | Calculated;
  /** Time to stop at. */
  readonly until: number | Calculated;
  /** What to keep on the way. */
  readonly observe?: {
    /** When the measure is kept; the first and the last always are. */
    readonly frames?: {
      /** Time between two. */
      readonly every: number | Calculated;
    } | {
      /** Steps between two. */
      readonly steps: number | Calculated;
    };
    /** When the scalars (energy, mass, …) are kept. */
    readonly trace?: {
      /** Time between two. */
      readonly every: number | Calculated;
    } | {
      /** Steps between two. */
      readonly steps: number | Calculated;
    };
  };
  /** When to stop before the end. */
  readonly stop?: {
    /** Stop as stationary once -dF/dt is below this. */
    readonly dissipation?: number | Calculated;
    /** Stop after this many steps. Default: 10000000. */
    readonly maxSteps?: number | Calculated;
  };
  /** Seed of all randomness. Default: 1. */
  readonly seed?: number | Calculated;
  /** Merge-patch that makes the spec run in a few seconds. */
  readonly quick?: { readonly [key in keyof FlowSpec]?: unknown };
  /** Named merge-patches of this spec, to compare. */
  readonly variants?: { readonly [name: string]: { readonly [key in keyof FlowSpec]?: unknown } };
}

/** A curve of measures of least action as data. */
export interface PathSpec {
  /** Where this schema stands, for editors. */
  readonly $schema?: string;
  /** Version of the layout of specs. */
  readonly version?: 1;
  /** What the spec asks for. */
  readonly job: "path";
  /** One line: what happens. */
  readonly title?: string;
  /** One paragraph: what to see, and why it is so. */
  readonly summary?: string;
  /** What to look at while it runs. */
  readonly watch?: string;
  /** Words to find the spec by. */
  readonly tags?: ReadonlyArray<string>;
  /** Named numbers. Formulas use the names like constants; wherever a number stands, a text that begins with = may say how it follows from them: "=2*noise + 1". */
  readonly parameters?: { readonly [name: string]: number | string | {
    /** The number, or a formula of other parameters as a text: "2*noise + 1". */
    readonly value?: number | string;
    /** The least value that makes sense; where a slider begins. */
    readonly min?: number;
    /** The largest value that makes sense; where a slider ends. */
    readonly max?: number;
    /** How far one press of a slider's key goes. */
    readonly step?: number;
    /** What the number is, in a word or two. */
    readonly title?: string;
    /** What happens when it changes. */
    readonly summary?: string;
  } };
  /** Where mass lives. */
  readonly space: SpaceSpec;
  /** The measure at time 0. */
  readonly from: MeasureSpec;
  /** The measure at time 1. */
  readonly to: MeasureSpec;
  /** Named measures, referred to as "$name". */
  readonly measures?: { readonly [name: string]: MeasureSpec };
  /** Which curve between them: what it minimises, and how finely. */
  readonly path: PathSolverSpec;
  /** How many frames to keep, evenly spaced with both ends, or their times. Default: 11. */
  readonly frames?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Seed of all randomness. Default: 1. */
  readonly seed?: number | Calculated;
  /** Merge-patch that makes the spec run in a few seconds. */
  readonly quick?: { readonly [key in keyof PathSpec]?: unknown };
  /** Named merge-patches of this spec, to compare. */
  readonly variants?: { readonly [name: string]: { readonly [key in keyof PathSpec]?: unknown } };
}

export type EnergySpec = "double-well" | "entropy" | "interaction" | "power" | DoubleWellEnergySpec | EntropyEnergySpec | InteractionEnergySpec | LogisticRegressionEnergySpec | MmdEnergySpec | NegativeLogEnergySpec | PotentialEnergySpec | PowerEnergySpec | QuadraticEnergySpec | RelativeEntropyEnergySpec | SinkhornDivergenceEnergySpec | WassersteinEnergySpec;

/** Two valleys at x = ±a with a barrier of height h between them, and a harmonic valley along further axes. The standard example of a potential that is not convex, of metastability and of slow mixing. */
export interface DoubleWellEnergySpec {
  /** Two valleys at x = ±a with a barrier of height h between them, and a harmonic valley along further axes. The standard example of a potential that is not convex, of metastability and of slow mixing. */
  readonly kind: "double-well";
  /** Height h of the barrier. Unit: energy. Default: 1. */
  readonly depth?: number | Calculated;
  /** Distance a of each well from the saddle. Unit: length. Default: 1. */
  readonly distance?: number | Calculated;
  /** Spring constant along the other axes. Default: 1. */
  readonly stiffness?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** Its Wasserstein gradient flow is the heat equation d_t rho = eps Lap rho. On particles it has no value; Langevin dynamics carries it as noise of variance 2 eps per unit time. Displacement convex in every dimension. */
export interface EntropyEnergySpec {
  /** Its Wasserstein gradient flow is the heat equation d_t rho = eps Lap rho. On particles it has no value; Langevin dynamics carries it as noise of variance 2 eps per unit time. Displacement convex in every dimension. */
  readonly kind: "entropy";
  /** Factor eps in front of the entropy. Unit: energy. Default: 1. */
  readonly temperature?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** Pairs of points attract or repel through a symmetric kernel: a named one, a formula in the distance r, or a formula in two points. Grids convolve radial kernels by FFT, particles sum over all pairs, logarithms over many points by multipoles; kernels singular at 0 enter grids by their cell average and skip i = j on particles. */
export interface InteractionEnergySpec {
  /** Pairs of points attract or repel through a symmetric kernel: a named one, a formula in the distance r, or a formula in two points. Grids convolve radial kernels by FFT, particles sum over all pairs, logarithms over many points by multipoles; kernels singular at 0 enter grids by their cell average and skip i = j on particles. */
  readonly kind: "interaction";
  /** A named kernel. */
  readonly kernel?: KernelSpec;
  /** W as a function of the distance r, for example r^2/2 - log(r). */
  readonly formula?: string | number;
  /** W as a symmetric function of two points. */
  readonly "two-point"?: string | number;
  /** Of the forces between particles; single sums them faster, to about six digits, for the named kernels that are powers ±1, logarithms or Gaussians in up to three dimensions. Default: "double". */
  readonly precision?: "double" | "single";
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** The negative log posterior of the coefficients of a logistic regression on a table, as a potential: with entropy its stationary law is the posterior. The first coordinate is the intercept, the others follow the list of features, each standardised to mean 0 and deviation 1. Strongly convex by its Gaussian prior. */
export interface LogisticRegressionEnergySpec {
  /** The negative log posterior of the coefficients of a logistic regression on a table, as a potential: with entropy its stationary law is the posterior. The first coordinate is the intercept, the others follow the list of features, each standardised to mean 0 and deviation 1. Strongly convex by its Gaussian prior. */
  readonly kind: "logistic-regression";
  /** Table with a header; columns that are not used may hold anything. */
  readonly file: string;
  /** Names of the columns of numbers to regress on. */
  readonly features: ReadonlyArray<string>;
  /** Name of the column to predict. */
  readonly label: string;
  /** The value of that column that counts as success. Default: "1". */
  readonly positive?: string;
  /** Standard deviation of the Gaussian prior of each coefficient. Default: 1. */
  readonly prior?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** Half the squared distance in the space of a positive definite kernel: points repel each other by the kernel and are drawn to the target by the same kernel. It is the interaction energy plus the potential of the target plus a constant, and runs wherever those do. With the energy distance -|x - y| no width is to be chosen, and on the line every point moves by twice its level less that of the target; there the quantile function of a law stands for it, elsewhere points drawn from it. */
export interface MmdEnergySpec {
  /** Half the squared distance in the space of a positive definite kernel: points repel each other by the kernel and are drawn to the target by the same kernel. It is the interaction energy plus the potential of the target plus a constant, and runs wherever those do. With the energy distance -|x - y| no width is to be chosen, and on the line every point moves by twice its level less that of the target; there the quantile function of a law stands for it, elsewhere points drawn from it. */
  readonly kind: "mmd";
  /** The target pi, in place or as "$name"; of the mass of the measure that flows. */
  readonly to: MeasureSpec;
  /** Finite at 0; a discrepancy only where it is (conditionally) positive definite. Default: "energy-distance". */
  readonly kernel?: KernelSpec;
  /** How many points drawn from the target stand for it, where it is no sum of atoms and names no count itself. Default: 1000. */
  readonly points?: number | Calculated;
  /** Of those draws, which are others than the particles' own. Default: 1. */
  readonly seed?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** The potential V = -log pi of any measure with a density, such as a mixture of Gaussians. With entropy its stationary law is pi itself; alone it moves mass to the modes of pi. */
export interface NegativeLogEnergySpec {
  /** The potential V = -log pi of any measure with a density, such as a mixture of Gaussians. With entropy its stationary law is pi itself; alone it moves mass to the modes of pi. */
  readonly kind: "negative-log";
  /** The measure pi, in place or as "$name". */
  readonly of: MeasureSpec;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** Any potential written as a formula in x, y, z (or x1, x2, …) and t. Gradient and Hessian are derived symbolically; on a box a lower bound of the Hessian is proved by interval arithmetic and gives the modulus of convexity. With t in the formula the energy is no Lyapunov function and certificates of descent do not apply. */
export interface PotentialEnergySpec {
  /** Any potential written as a formula in x, y, z (or x1, x2, …) and t. Gradient and Hessian are derived symbolically; on a box a lower bound of the Hessian is proved by interval arithmetic and gives the modulus of convexity. With t in the formula the energy is no Lyapunov function and certificates of descent do not apply. */
  readonly kind: "potential";
  /** V(x), for example (x^2 - 1)^2. */
  readonly formula: string | number;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** Its Wasserstein gradient flow is d_t rho = Lap rho^m: the porous medium equation for m > 1, with compact support and finite speed, and fast diffusion for m < 1. Displacement convex exactly when m >= 1 - 1/d. */
export interface PowerEnergySpec {
  /** Its Wasserstein gradient flow is d_t rho = Lap rho^m: the porous medium equation for m > 1, with compact support and finite speed, and fast diffusion for m < 1. Displacement convex exactly when m >= 1 - 1/d. */
  readonly kind: "power";
  /** Exponent; m = 1 is the entropy. Default: 2. */
  readonly m?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** With entropy it gives the Ornstein–Uhlenbeck flow, which keeps Gaussians Gaussian and is known in closed form for every symmetric matrix. Its modulus of convexity is the smallest eigenvalue of the matrix. */
export interface QuadraticEnergySpec {
  /** With entropy it gives the Ornstein–Uhlenbeck flow, which keeps Gaussians Gaussian and is known in closed form for every symmetric matrix. Its modulus of convexity is the smallest eigenvalue of the matrix. */
  readonly kind: "quadratic";
  /** A, symmetric: d rows of d numbers, or one number times the identity. */
  readonly matrix: number | Calculated | ReadonlyArray<number | Calculated | ReadonlyArray<number | Calculated>>;
  /** B, where the potential is lowest. Unit: length. Default: [0]. */
  readonly centre?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** The Kullback–Leibler divergence from a target measure, as the sum of entropy and cross entropy. Its Wasserstein flow is the Fokker–Planck equation with stationary law pi, its Fisher–Rao flow moves along the exponential arc towards pi. */
export interface RelativeEntropyEnergySpec {
  /** The Kullback–Leibler divergence from a target measure, as the sum of entropy and cross entropy. Its Wasserstein flow is the Fokker–Planck equation with stationary law pi, its Fisher–Rao flow moves along the exponential arc towards pi. */
  readonly kind: "relative-entropy";
  /** The target pi, in place or as "$name"; it needs a density. */
  readonly to: MeasureSpec;
  /** Factor eps. Unit: energy. Default: 1. */
  readonly temperature?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** Transport smoothed by entropy and freed of its bias: points follow the mean of the target under the entropic plan minus the mean of their own cloud. Between half the squared Wasserstein distance for eps to 0 and half the squared distance of the means for eps to infinity, where the cloud only shifts. Zero at the target alone. Potentials are carried from step to step, so that each solve starts near its answer. */
export interface SinkhornDivergenceEnergySpec {
  /** Transport smoothed by entropy and freed of its bias: points follow the mean of the target under the entropic plan minus the mean of their own cloud. Between half the squared Wasserstein distance for eps to 0 and half the squared distance of the means for eps to infinity, where the cloud only shifts. Zero at the target alone. Potentials are carried from step to step, so that each solve starts near its answer. */
  readonly kind: "sinkhorn-divergence";
  /** The target pi, in place or as "$name"; of the mass of the measure that flows. */
  readonly to: MeasureSpec;
  /** Smoothing: factor of the relative entropy in <C, P> + eps KL(P | rho x pi), C = |x - y|^2. Unit: length^2. Default: 0.1. */
  readonly epsilon?: number | Calculated;
  /** How many points drawn from the target stand for it, where it is no sum of atoms and names no count itself. Default: 300. */
  readonly points?: number | Calculated;
  /** Of those draws, which are others than the particles' own. Default: 1. */
  readonly seed?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

/** Each point is drawn straight to its image T(x) under optimal transport, x' = T(x) - x, so the flow is the displacement interpolation run at the rate e^{-t}: X_t = e^{-t} X_0 + (1 - e^{-t}) T(X_0). On the line through quantile functions, exact for particles, quantiles and cells; in more dimensions particles by the exact plan to points of the target, and Gaussians in closed form. Along generalised geodesics from the target it is 1-convex in every dimension; along ordinary ones only on the line, beyond it is 1-concave. */
export interface WassersteinEnergySpec {
  /** Each point is drawn straight to its image T(x) under optimal transport, x' = T(x) - x, so the flow is the displacement interpolation run at the rate e^{-t}: X_t = e^{-t} X_0 + (1 - e^{-t}) T(X_0). On the line through quantile functions, exact for particles, quantiles and cells; in more dimensions particles by the exact plan to points of the target, and Gaussians in closed form. Along generalised geodesics from the target it is 1-convex in every dimension; along ordinary ones only on the line, beyond it is 1-concave. */
  readonly kind: "wasserstein";
  /** The target pi, in place or as "$name"; of the mass of the measure that flows. */
  readonly to: MeasureSpec;
  /** How many points drawn from the target stand for it, where it is no sum of atoms and names no count itself. Default: 300. */
  readonly points?: number | Calculated;
  /** Of those draws, which are others than the particles' own. Default: 1. */
  readonly seed?: number | Calculated;
  /** Factor in front of this energy. Default: 1. */
  readonly weight?: number | Calculated;
}

export type GeometrySpec = "fisher-rao" | "l2" | "wasserstein" | "wasserstein-fisher-rao" | FisherRaoGeometrySpec | L2GeometrySpec | WassersteinGeometrySpec | WassersteinFisherRaoGeometrySpec;

/** Mass grows and decays in place and never moves: where there is none at the start there is none later. The mean of the first variation is taken off, so that the total mass stays; without it the flow is the unnormalised one, whose mass changes. */
export interface FisherRaoGeometrySpec {
  /** Mass grows and decays in place and never moves: where there is none at the start there is none later. The mean of the first variation is taken off, so that the total mass stays; without it the flow is the unnormalised one, whose mass changes. */
  readonly kind: "fisher-rao";
  /** Subtract the mean of the first variation, so that mass is kept. Default: true. */
  readonly "keeps-mass"?: boolean;
}

/** The plain gradient flow of functions with the mass held by a projection. Mass jumps over any distance at once and densities may turn negative: the contrast that shows what transport does. Needs a bounded box. */
export interface L2GeometrySpec {
  /** The plain gradient flow of functions with the mass held by a projection. Mass jumps over any distance at once and densities may turn negative: the contrast that shows what transport does. Needs a bounded box. */
  readonly kind: "l2";
}

/** Mass is carried along the steepest descent of the energy; distance is the least work of transport with squared distance as the cost. Mass and positivity are kept. */
export interface WassersteinGeometrySpec {
  /** Mass is carried along the steepest descent of the energy; distance is the least work of transport with squared distance as the cost. Mass and positivity are kept. */
  readonly kind: "wasserstein";
}

/** Mass may be carried and may also grow and decay in place: the sum of Wasserstein and Fisher–Rao, also called Hellinger–Kantorovich. Mass changes unless the mean of the first variation is taken off the reaction. */
export interface WassersteinFisherRaoGeometrySpec {
  /** Mass may be carried and may also grow and decay in place: the sum of Wasserstein and Fisher–Rao, also called Hellinger–Kantorovich. Mass changes unless the mean of the first variation is taken off the reaction. */
  readonly kind: "wasserstein-fisher-rao";
  /** Weight r of the reaction against the transport. Unit: 1/length². Default: 1. */
  readonly rate?: number | Calculated;
  /** Subtract the mean of the first variation from the reaction, so that mass is kept. Default: false. */
  readonly "keeps-mass"?: boolean;
}

export type DriftSpec = "rotation" | AdvectionDriftSpec | ConsensusDriftSpec | RotationDriftSpec;

/** Carries mass along a given velocity field, one formula per axis, which may be a number, depend on the place and on the time. It is added to the flow of the energy; without an energy the run is pure transport. */
export interface AdvectionDriftSpec {
  /** Carries mass along a given velocity field, one formula per axis, which may be a number, depend on the place and on the time. It is added to the flow of the energy; without an energy the run is pure transport. */
  readonly kind: "advection";
  /** Velocity along each axis, one formula in the coordinates and t per axis, such as ["1", "0"] or ["-y", "x"]. */
  readonly velocity: ReadonlyArray<string>;
}

/** Minimises an objective without derivatives: particles move to their mean weighted by exp(-alpha f), and scatter in proportion to their distance from it. In the mean-field limit consensus forms when 2 lambda > d sigma^2 (isotropic noise) or 2 lambda > sigma^2 (noise per coordinate). This is motion that is no gradient flow of an energy. */
export interface ConsensusDriftSpec {
  /** Minimises an objective without derivatives: particles move to their mean weighted by exp(-alpha f), and scatter in proportion to their distance from it. In the mean-field limit consensus forms when 2 lambda > d sigma^2 (isotropic noise) or 2 lambda > sigma^2 (noise per coordinate). This is motion that is no gradient flow of an energy. */
  readonly kind: "consensus";
  /** The function to minimise. */
  readonly objective: string | number;
  /** Sharpness of the weights; 0 is the plain mean, large values approach the best particle. Unit: 1/objective. Default: 30. */
  readonly alpha?: number | Calculated;
  /** Rate of the drift to the consensus point. Unit: 1/time. Default: 1. */
  readonly lambda?: number | Calculated;
  /** Strength of the noise. Unit: 1/sqrt(time). Default: 0.7. */
  readonly sigma?: number | Calculated;
  /** Noise sigma |X - m| in all directions, or sigma |X_k - m_k| along axis k. Default: "isotropic". */
  readonly noise?: "isotropic" | "anisotropic";
}

/** Turns the plane about a centre at a constant rate, anticlockwise where the rate is positive. The field is free of divergence: added to a flow whose energy is radial about the same centre it changes no energy and leaves the stationary law as it is, though the motion is no longer reversible. */
export interface RotationDriftSpec {
  /** Turns the plane about a centre at a constant rate, anticlockwise where the rate is positive. The field is free of divergence: added to a flow whose energy is radial about the same centre it changes no energy and leaves the stationary law as it is, though the motion is no longer reversible. */
  readonly kind: "rotation";
  /** Angle per unit time. Unit: 1/time. Default: 1. */
  readonly rate?: number | Calculated;
  /** The fixed point; the origin when left out. Unit: length. */
  readonly centre?: number | Calculated | ReadonlyArray<number | Calculated>;
}

export type SchemeSpec = BlobSchemeSpec | FiniteVolumeSchemeSpec | GaussianSchemeSpec | JkoSchemeSpec | LangevinSchemeSpec | ParticlesSchemeSpec;

/** Deterministic particles for energies of the density (entropy, powers): the density is the particles seen through a Gaussian bump. With the regularised energy the particles follow its exact gradient flow, so its energy falls and its ledger closes; the flow itself is approached as the width goes to zero more slowly than the spacing. Start from particles placed with low discrepancy. The kernel score replaces the density in the velocity instead; it is cheaper and common, but no energy is known to fall along it. */
export interface BlobSchemeSpec {
  /** Deterministic particles for energies of the density (entropy, powers): the density is the particles seen through a Gaussian bump. With the regularised energy the particles follow its exact gradient flow, so its energy falls and its ledger closes; the flow itself is approached as the width goes to zero more slowly than the spacing. Start from particles placed with low discrepancy. The kernel score replaces the density in the velocity instead; it is cheaper and common, but no energy is known to fall along it. */
  readonly kind: "blob";
  /** Gradient flow of the regularised energy, or the velocity with the mollified density plugged in. Default: "regularised-energy". */
  readonly variant?: "regularised-energy" | "kernel-score";
  /** Standard deviation of the bump; when left out, the mean spacing of the initial particles to the power 2/3, in units of the size of their cloud. Unit: length. */
  readonly width?: number | Calculated;
  /** Method in time: order 1, order 4, or order 5 with steps chosen from the local error. Default: "adaptive". */
  readonly time?: "euler" | "rk4" | "adaptive";
  /** Time step; with `adaptive` the first one. Unit: time. */
  readonly step: number | Calculated;
  /** With `adaptive`: local error of a step, as the root mean square over the particles. Unit: length. Default: 0.000001. */
  readonly tolerance?: number | Calculated;
}

/** Densities on the cells of a box exchange mass over their faces, so mass is kept to rounding and densities stay positive. Entropy is diffusion of the density itself, shared on each face with the potentials so that the discrete Gibbs weights are exactly stationary (implicit and sdirk2). Explicit: second order in space and time with limited slopes, small steps. Implicit: backward Euler, any step, the discrete energy never rises. Sdirk2: second order in time, any step. Without entropy a face carries the upwind density, shaped by limited slopes. Creation and decay of mass in place is integrated in the logarithm of the density. */
export interface FiniteVolumeSchemeSpec {
  /** Densities on the cells of a box exchange mass over their faces, so mass is kept to rounding and densities stay positive. Entropy is diffusion of the density itself, shared on each face with the potentials so that the discrete Gibbs weights are exactly stationary (implicit and sdirk2). Explicit: second order in space and time with limited slopes, small steps. Implicit: backward Euler, any step, the discrete energy never rises. Sdirk2: second order in time, any step. Without entropy a face carries the upwind density, shaped by limited slopes. Creation and decay of mass in place is integrated in the logarithm of the density. */
  readonly kind: "finite-volume";
  /** How time advances: explicit (small steps), implicit (first order, robust) or sdirk2 (second order). Default: "sdirk2". */
  readonly time?: "explicit" | "implicit" | "sdirk2";
  /** Time step; explicit runs shorten it to their bound. Unit: time. */
  readonly step: number | Calculated;
  /** How entropy and potentials share a face; implicit and sdirk2 only. Default: "scharfetter-gummel". */
  readonly flux?: "scharfetter-gummel" | "square-root";
  /** Steepness of the limited slopes, from 1 (minmod) to 2 (monotonised central); where entropy shares the face, explicit only. Default: 2. */
  readonly limiter?: number | Calculated;
  /** Largest residual of the inner solves, as a share of the mass; bounds the mass misplaced per stage. Default: 1e-11. */
  readonly tolerance?: number | Calculated;
}

/** An ordinary differential equation for mean and covariance: the gradient flow of the energy restricted to Gaussians. It solves the flow itself when the potential and the interaction are quadratic and the density enters as entropy only; otherwise it is a closure, the best Gaussian direction at each time, and the run says so. Means over Gaussians are exact for quadratics and by Gauss–Hermite points up to three dimensions otherwise. */
export interface GaussianSchemeSpec {
  /** An ordinary differential equation for mean and covariance: the gradient flow of the energy restricted to Gaussians. It solves the flow itself when the potential and the interaction are quadratic and the density enters as entropy only; otherwise it is a closure, the best Gaussian direction at each time, and the run says so. Means over Gaussians are exact for quadratics and by Gauss–Hermite points up to three dimensions otherwise. */
  readonly kind: "gaussian";
  /** Method in time: order 1, order 4, or order 5 with steps chosen from the local error. Default: "rk4". */
  readonly time?: "euler" | "rk4" | "adaptive";
  /** Time step; with `adaptive` the first one. Unit: time. */
  readonly step: number | Calculated;
  /** With `adaptive`: local error of a step in the mean and the standard deviation. Unit: length. Default: 1e-10. */
  readonly tolerance?: number | Calculated;
}

/** Each step minimises the energy plus the squared transport distance from the last measure over twice the step: implicit Euler in Wasserstein space. The energy falls at every step of any size by at least the squared distance over twice the step, mass and positivity are kept, and the error is of first order in the step. How the minimiser is found is the choice of the proximal. */
export interface JkoSchemeSpec {
  /** Each step minimises the energy plus the squared transport distance from the last measure over twice the step: implicit Euler in Wasserstein space. The energy falls at every step of any size by at least the squared distance over twice the step, mass and positivity are kept, and the error is of first order in the step. How the minimiser is found is the choice of the proximal. */
  readonly kind: "jko";
  /** How a step is minimised: quantile functions on the line, Gaussians, particles, densities on a grid …. Default: "quantile". */
  readonly proximal?: ProximalSpec;
  /** Time step tau. Unit: time. */
  readonly step: number | Calculated;
}

/** Entropy as noise: every particle drifts down the potential and the interaction and is shaken by Brownian motion whose strength is the temperature. Random numbers depend on seed, step and particle only, so a run gives the same bits for any number of workers and after a resume. Positions are folded back at walls (reflection, weak order 1) and wrapped on periodic axes. Times are whole multiples of the step. */
export interface LangevinSchemeSpec {
  /** Entropy as noise: every particle drifts down the potential and the interaction and is shaken by Brownian motion whose strength is the temperature. Random numbers depend on seed, step and particle only, so a run gives the same bits for any number of workers and after a resume. Positions are folded back at walls (reflection, weak order 1) and wrapped on periodic axes. Times are whole multiples of the step. */
  readonly kind: "langevin";
  /** Time step; stable below 2 / L where L bounds the slope of the drift. Unit: time. */
  readonly step: number | Calculated;
  /** Plain noise, or the mean of two successive ones, whose stationary law is of order 2. Default: "euler-maruyama". */
  readonly method?: "euler-maruyama" | "leimkuhler-matthews";
  /** Of positions, gradient and noise; single is faster and random at 32 bits a number, for independent particles in free space whose potential is a formula or a double well. Default: "double". */
  readonly precision?: "double" | "single";
}

/** Each particle follows the velocity of the flow at its place; a sum of atoms stays one and solves the flow exactly for potentials, interactions and other energies that need no density. Smoothed geometries (Stein) average the velocity by their kernel, and carry entropy as the repulsion that the kernel gives; drifts are added. At walls a particle keeps the part of its velocity along the wall. Energies of the density itself need `blob` or `langevin`. */
export interface ParticlesSchemeSpec {
  /** Each particle follows the velocity of the flow at its place; a sum of atoms stays one and solves the flow exactly for potentials, interactions and other energies that need no density. Smoothed geometries (Stein) average the velocity by their kernel, and carry entropy as the repulsion that the kernel gives; drifts are added. At walls a particle keeps the part of its velocity along the wall. Energies of the density itself need `blob` or `langevin`. */
  readonly kind: "particles";
  /** Method in time: order 1, order 4, or order 5 with steps chosen from the local error. Default: "rk4". */
  readonly time?: "euler" | "rk4" | "adaptive";
  /** Time step; with `adaptive` the first one. Unit: time. */
  readonly step: number | Calculated;
  /** With `adaptive`: local error of a step, as the root mean square over the particles (a bound on the Wasserstein distance). Unit: length. Default: 1e-9. */
  readonly tolerance?: number | Calculated;
}

export type ProximalSpec = "gaussian" | "particles" | "quantile" | GaussianProximalSpec | ParticlesProximalSpec | QuantileProximalSpec;

/** The step restricted to Gaussian measures, in any dimension. With entropy, quadratic potentials and quadratic interactions Gaussians stay Gaussian and the step is exact; other potentials are averaged by Gauss–Hermite quadrature and the result is a closure (variational inference), labelled as such. Each step stops on a certified gap. */
export interface GaussianProximalSpec {
  /** The step restricted to Gaussian measures, in any dimension. With entropy, quadratic potentials and quadratic interactions Gaussians stay Gaussian and the step is exact; other potentials are averaged by Gauss–Hermite quadrature and the result is a closure (variational inference), labelled as such. Each step stops on a certified gap. */
  readonly kind: "gaussian";
  /** Gauss–Hermite nodes per axis for energies that are not quadratic; 40, 20, 12, 8 in dimension 1 to 4 unless given. */
  readonly nodes?: number | Calculated;
  /** A step ends when its certified gap is below this fraction of the energy scale, or where rounding stops the decrease. Default: 1e-26. */
  readonly tolerance?: number | Calculated;
}

/** The step over sums of atoms for potentials and interactions, in any dimension: implicit Euler for the particles, by Newton's method with exact second derivatives and a certified gap where the energy is convex enough. Steps may be huge, so equilibria are found in a few. On the line particles keep their order wherever the interaction is singular or only convex on each side. Energies of the density have no value on atoms and are refused. */
export interface ParticlesProximalSpec {
  /** The step over sums of atoms for potentials and interactions, in any dimension: implicit Euler for the particles, by Newton's method with exact second derivatives and a certified gap where the energy is convex enough. Steps may be huge, so equilibria are found in a few. On the line particles keep their order wherever the interaction is singular or only convex on each side. Energies of the density have no value on atoms and are refused. */
  readonly kind: "particles";
  /** A step ends when its certified gap is below this fraction of the energy scale, or where rounding stops the decrease. Default: 1e-24. */
  readonly tolerance?: number | Calculated;
  /** Most Newton iterations of a step. Default: 200. */
  readonly iterations?: number | Calculated;
}

/** On the line the Wasserstein distance is the L2 distance of quantile functions, so a step is a convex problem in the positions of the quantiles. They are joined linearly (the density is constant between neighbours) and found by Newton's method with a tridiagonal Hessian, O(n) per iteration; interactions other than parabolas in the distance cost O(n^2). The step stops on a certified gap of this finite-dimensional problem. */
export interface QuantileProximalSpec {
  /** On the line the Wasserstein distance is the L2 distance of quantile functions, so a step is a convex problem in the positions of the quantiles. They are joined linearly (the density is constant between neighbours) and found by Newton's method with a tridiagonal Hessian, O(n) per iteration; interactions other than parabolas in the distance cost O(n^2). The step stops on a certified gap of this finite-dimensional problem. */
  readonly kind: "quantile";
  /** Number of quantile nodes, where the initial measure does not say. Default: 2000. */
  readonly levels?: number | Calculated;
  /** Levels that crowd towards 0 and 1, so that tails and fronts are resolved, or levels at equal distances (first order for Gaussians). Default: "tails". */
  readonly grading?: "tails" | "uniform";
  /** A step ends when its certified gap is below this fraction of the energy scale. Default: 1e-20. */
  readonly tolerance?: number | Calculated;
  /** Most Newton iterations of a step. Default: 200. */
  readonly iterations?: number | Calculated;
}

export type SpaceSpec = "free" | BoxSpaceSpec | FreeSpaceSpec;

/** An interval, rectangle or cuboid cut into equal cells, with walls that let no mass through or with opposite sides glued together. A box that stands for the whole space must be large enough that its outermost cells stay empty; certificates then watch them. */
export interface BoxSpaceSpec {
  /** An interval, rectangle or cuboid cut into equal cells, with walls that let no mass through or with opposite sides glued together. A box that stands for the whole space must be large enough that its outermost cells stay empty; certificates then watch them. */
  readonly kind: "box";
  /** Lower corner, one number per axis. Unit: length. */
  readonly lower: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Upper corner, one number per axis. Unit: length. */
  readonly upper: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Number of cells, one per axis; at most 2^24 in all. */
  readonly cells: number | Calculated | ReadonlyArray<number | Calculated>;
  /** What happens at both ends of an axis, one word for all axes or one per axis. Default: ["no-flux"]. */
  readonly boundary?: "no-flux" | "periodic" | ReadonlyArray<"no-flux" | "periodic">;
  /** Whether the box is the whole world or a window on R^d whose edge no mass should reach. Default: "itself". */
  readonly "stands-for"?: "itself" | "whole-space";
}

/** The whole Euclidean space, without cells and walls. Particles, quantile functions and Gaussians live here; densities on cells need a box. */
export interface FreeSpaceSpec {
  /** The whole Euclidean space, without cells and walls. Particles, quantile functions and Gaussians live here; densities on cells need a box. */
  readonly kind: "free";
  /** Number of coordinates. Default: 1. */
  readonly dimension?: number | Calculated;
}

export type LawSpec = "barenblatt" | "gaussian" | "semicircle" | "uniform" | BarenblattLawSpec | FormulaLawSpec | GaussianLawSpec | ImageLawSpec | MixtureLawSpec | PointsLawSpec | SamplesLawSpec | SemicircleLawSpec | StrokesLawSpec | UniformLawSpec;

/** The self-similar solution of the porous medium equation (m > 1, compact support) or of fast diffusion (m < 1, power tails) at a given time, with the constant C fixed by the mass. Fast diffusion is refused for m <= d/(d+2), where the second moment is infinite. */
export interface BarenblattLawSpec {
  /** The self-similar solution of the porous medium equation (m > 1, compact support) or of fast diffusion (m < 1, power tails) at a given time, with the constant C fixed by the mass. Fast diffusion is refused for m <= d/(d+2), where the second moment is infinite. */
  readonly kind: "barenblatt";
  /** Exponent of d_t rho = Lap rho^m. Default: 2. */
  readonly m?: number | Calculated;
  /** Time since the mass sat in one point. Unit: time. Default: 1. */
  readonly time?: number | Calculated;
  /** Centre, one number per axis. Unit: length. Default: [0]. */
  readonly centre?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** A density given by a formula in the coordinates, without its constant: it is normalised on the box to the mass. Negative values and values that are no numbers are refused with the place where they occur. In free space the box is given by its corners. */
export interface FormulaLawSpec {
  /** A density given by a formula in the coordinates, without its constant: it is normalised on the box to the mass. Negative values and values that are no numbers are refused with the place where they occur. In free space the box is given by its corners. */
  readonly kind: "formula";
  /** Unnormalised density, finite and >= 0 on the box. */
  readonly formula: string | number;
  /** Lower corner of the box that holds the mass; the space's box unless given. Unit: length. */
  readonly lower?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Upper corner of the box that holds the mass. Unit: length. */
  readonly upper?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** The normal law with a mean and either standard deviations per axis or a full covariance. Cells receive its exact masses by differences of the error function where the covariance is diagonal, quantile nodes its exact quantiles. */
export interface GaussianLawSpec {
  /** The normal law with a mean and either standard deviations per axis or a full covariance. Cells receive its exact masses by differences of the error function where the covariance is diagonal, quantile nodes its exact quantiles. */
  readonly kind: "gaussian";
  /** Mean, one number per axis. Unit: length. Default: [0]. */
  readonly mean?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Standard deviation, one number per axis; 1 unless a covariance is given. Unit: length. */
  readonly deviation?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Covariance matrix, instead of deviation. */
  readonly covariance?: number | Calculated | ReadonlyArray<number | Calculated | ReadonlyArray<number | Calculated>>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** A PNG or JPEG as a density in the plane: dark, light or opaque pixels carry mass. The picture keeps its proportions in the middle of the box unless it is told to fill it; the second axis points up. Cells receive exact averages of the pixels. */
export interface ImageLawSpec {
  /** A PNG or JPEG as a density in the plane: dark, light or opaque pixels carry mass. The picture keeps its proportions in the middle of the box unless it is told to fill it; the second axis points up. Cells receive exact averages of the pixels. */
  readonly kind: "image";
  /** The picture, at most 2048 x 2048 pixels. */
  readonly file: string;
  /** What carries mass: dark pixels (over white), light pixels (over black), or opacity. Default: "darkness". */
  readonly channel?: "darkness" | "lightness" | "alpha";
  /** Level of the paper: subtracted from every pixel, from 0 to 1 in the channel; pixels that do not exceed it carry nothing. Default: 0. */
  readonly floor?: number | Calculated;
  /** Keep the proportions inside the rectangle, or stretch to fill it. Default: "contain". */
  readonly fit?: "contain" | "stretch";
  /** Lower corner of the rectangle for the picture; that of the space's box unless given. Unit: length. */
  readonly lower?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Upper corner of the rectangle for the picture. Unit: length. */
  readonly upper?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** A weighted sum of other laws: Gaussians, boxes, samples, in any number and nested if need be. The weights are relative; they are normalised to the mass of the mixture. */
export interface MixtureLawSpec {
  /** A weighted sum of other laws: Gaussians, boxes, samples, in any number and nested if need be. The weights are relative; they are normalised to the mass of the mixture. */
  readonly kind: "mixture";
  /** The laws that are mixed. */
  readonly components: ReadonlyArray<MeasureSpec>;
  /** Relative weights, one per component; the masses of the components unless given. */
  readonly weights?: ReadonlyArray<number | Calculated>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** Atoms at given places. Particles take them as they are; cells count them, with half-open cells; the weights are relative and normalised to the mass. */
export interface PointsLawSpec {
  /** Atoms at given places. Particles take them as they are; cells count them, with half-open cells; the weights are relative and normalised to the mass. */
  readonly kind: "points";
  /** One row of coordinates per point, or plain numbers on the line. */
  readonly points: ReadonlyArray<number | Calculated | ReadonlyArray<number | Calculated>>;
  /** Relative weights >= 0, equal unless given. */
  readonly weights?: ReadonlyArray<number | Calculated>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** Points read from a table (CSV, TSV, text) or from NumPy arrays (NPY, NPZ), one row per point, optionally weighted by a column. A file that this program exported can be read back: the last frame of `positions` counts. */
export interface SamplesLawSpec {
  /** Points read from a table (CSV, TSV, text) or from NumPy arrays (NPY, NPZ), one row per point, optionally weighted by a column. A file that this program exported can be read back: the last frame of `positions` counts. */
  readonly kind: "samples";
  /** The data file. */
  readonly file: string;
  /** Names of the coordinate columns, one per axis; numbers from 0 where the file names none. */
  readonly columns?: ReadonlyArray<string>;
  /** Name of the column of weights >= 0. */
  readonly weights?: string;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** Wigner's semicircle on the line. Under logarithmic repulsion and quadratic attraction semicircles stay semicircles, and their radius relaxes exponentially. */
export interface SemicircleLawSpec {
  /** Wigner's semicircle on the line. Under logarithmic repulsion and quadratic attraction semicircles stay semicircles, and their radius relaxes exponentially. */
  readonly kind: "semicircle";
  /** Half width of the support. Unit: length. Default: 1. */
  readonly radius?: number | Calculated;
  /** Centre. Unit: length. Default: [0]. */
  readonly centre?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** A density on the line or in the plane painted with a brush: strokes along polylines, soft or hard, that add mass or take it away. What a spec holds are the strokes, so a painting fits in a link; what they describe is constant on fine pixels, and all masses, quantiles and draws of that are exact. */
export interface StrokesLawSpec {
  /** A density on the line or in the plane painted with a brush: strokes along polylines, soft or hard, that add mass or take it away. What a spec holds are the strokes, so a painting fits in a link; what they describe is constant on fine pixels, and all masses, quantiles and draws of that are exact. */
  readonly kind: "strokes";
  /** The strokes in the order they were painted, each as "paint soft 0.2 1: 0.1 0.3, 0.4 0.5": paint or erase, soft or disc, radius, strength, then points separated by commas; soft: exp(-2 D^2 / radius^2) of the distance D from the stroke, disc: 1 up to the radius; erase multiplies by one minus strength times that. */
  readonly strokes: ReadonlyArray<string>;
  /** Pixels per axis of the canvas: 1024 on the line and 256 x 256 in the plane unless given. */
  readonly pixels?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Lower corner of the canvas; that of the space's box unless given. Unit: length. */
  readonly lower?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Upper corner of the canvas. Unit: length. */
  readonly upper?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

/** Constant density on a box, a ball or the shell between two concentric spheres. Cells cut by the edge receive exactly the part that lies inside (boxes in any dimension, balls and shells in the plane and in space). */
export interface UniformLawSpec {
  /** Constant density on a box, a ball or the shell between two concentric spheres. Cells cut by the edge receive exactly the part that lies inside (boxes in any dimension, balls and shells in the plane and in space). */
  readonly kind: "uniform";
  /** Box by its corners; ball by centre and radius; ring also by its inner radius. Default: "box". */
  readonly shape?: "box" | "ball" | "ring";
  /** Lower corner of the box. Unit: length. */
  readonly lower?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Upper corner of the box. Unit: length. */
  readonly upper?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Centre of ball or ring. Unit: length. Default: [0]. */
  readonly centre?: number | Calculated | ReadonlyArray<number | Calculated>;
  /** Outer radius of ball or ring. Unit: length. */
  readonly radius?: number | Calculated;
  /** Inner radius of the ring. Unit: length. */
  readonly inner?: number | Calculated;
  /** Total mass. Default: 1. */
  readonly mass?: number | Calculated;
  /** Number of particles, quantile nodes or levels that store the measure. */
  readonly count?: number | Calculated;
  /** Particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n. Default: "random". */
  readonly placement?: "random" | "low-discrepancy";
  /** Largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away. Default: 0.00001. */
  readonly cut?: number | Calculated;
}

export type KernelSpec = "attraction-repulsion" | "energy-distance" | "gaussian" | "logarithmic" | "morse" | "newtonian" | "power" | "power-log" | AttractionRepulsionKernelSpec | EnergyDistanceKernelSpec | GaussianKernelSpec | LogarithmicKernelSpec | MorseKernelSpec | NewtonianKernelSpec | PowerKernelSpec | PowerLogKernelSpec | RadialKernelSpec | TwoPointKernelSpec;

/** Attracts beyond distance 1 and repels within it. The exponents decide the shape of the minimiser: two points on the line for a = 4, b = 2, the uniform law for a = 2, b = 1, rings and disks in the plane. The exponent 0 stands for the logarithm: r^0 / 0 is read as log r. */
export interface AttractionRepulsionKernelSpec {
  /** Attracts beyond distance 1 and repels within it. The exponents decide the shape of the minimiser: two points on the line for a = 4, b = 2, the uniform law for a = 2, b = 1, rings and disks in the plane. The exponent 0 stands for the logarithm: r^0 / 0 is read as log r. */
  readonly kind: "attraction-repulsion";
  /** Exponent of the attraction, larger than b. Default: 4. */
  readonly a?: number | Calculated;
  /** Exponent of the repulsion, larger than minus the dimension. Default: 2. */
  readonly b?: number | Calculated;
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** Conditionally positive definite: its maximum mean discrepancy is half the energy distance of Székely and Rizzo, which on the line is the squared L² distance of the distribution functions. Finite, with a kink at 0; repels for a positive factor. */
export interface EnergyDistanceKernelSpec {
  /** Conditionally positive definite: its maximum mean discrepancy is half the energy distance of Székely and Rizzo, which on the line is the squared L² distance of the distribution functions. Finite, with a kink at 0; repels for a positive factor. */
  readonly kind: "energy-distance";
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** Smooth and of short range: repels for a positive factor. Positive definite, so it makes a maximum mean discrepancy; also the usual kernel of Stein variational descent and of blob methods. */
export interface GaussianKernelSpec {
  /** Smooth and of short range: repels for a positive factor. Positive definite, so it makes a maximum mean discrepancy; also the usual kernel of Stein variational descent and of blob methods. */
  readonly kind: "gaussian";
  /** The standard deviation h. Unit: length. Default: 1. */
  readonly width?: number | Calculated;
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** Repels for a positive factor, as the eigenvalues of random matrices do (on the line) and charges in the plane; a negative factor attracts. The drift of Keller and Segel with sensitivity χ in the plane is factor = -χ / (2π). Singular: pairs at one place are left out. */
export interface LogarithmicKernelSpec {
  /** Repels for a positive factor, as the eigenvalues of random matrices do (on the line) and charges in the plane; a negative factor attracts. The drift of Keller and Segel with sensitivity χ in the plane is factor = -χ / (2π). Singular: pairs at one place are left out. */
  readonly kind: "logarithmic";
  /** K = -factor log|x - y|: positive repels, negative attracts. Default: 1. */
  readonly factor?: number | Calculated;
}

/** Repulsion and attraction of finite range, as in models of swarms. With repulsion strong and short (C_r > C_a, ℓ_r < ℓ_a) flocks have a size of their own; whether that size stays bounded as particles are added depends on C_r/C_a against (ℓ_a/ℓ_r)^d. */
export interface MorseKernelSpec {
  /** Repulsion and attraction of finite range, as in models of swarms. With repulsion strong and short (C_r > C_a, ℓ_r < ℓ_a) flocks have a size of their own; whether that size stays bounded as particles are added depends on C_r/C_a against (ℓ_a/ℓ_r)^d. */
  readonly kind: "morse";
  /** Strength C_r. Default: 2. */
  readonly repulsion?: number | Calculated;
  /** Range ℓ_r. Unit: length. Default: 0.5. */
  readonly "repulsion-length"?: number | Calculated;
  /** Strength C_a. Default: 1. */
  readonly attraction?: number | Calculated;
  /** Range ℓ_a. Unit: length. Default: 1. */
  readonly "attraction-length"?: number | Calculated;
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** The fundamental solution of -Δ: -|x|/2 on the line, -log|x|/(2π) in the plane, 1/(4π|x|) in space. A positive factor repels like charges, a negative one attracts as gravity and chemotaxis do; a ball acts outside itself like a point, and inside a shell there is no force. */
export interface NewtonianKernelSpec {
  /** The fundamental solution of -Δ: -|x|/2 on the line, -log|x|/(2π) in the plane, 1/(4π|x|) in space. A positive factor repels like charges, a negative one attracts as gravity and chemotaxis do; a ball acts outside itself like a point, and inside a shell there is no force. */
  readonly kind: "newtonian";
  /** Multiplies the kernel: positive repels, negative attracts (Keller–Segel with sensitivity χ: -χ). Default: 1. */
  readonly factor?: number | Calculated;
}

/** Attracts for a positive factor: the force is factor · r^(p - 1) towards each other. p = 2 is the quadratic kernel of McKean and Vlasov, p = 3 that of granular media on the line; p ≥ 1 is convex. For p < 0 it is singular but integrable as long as p > -d. */
export interface PowerKernelSpec {
  /** Attracts for a positive factor: the force is factor · r^(p - 1) towards each other. p = 2 is the quadratic kernel of McKean and Vlasov, p = 3 that of granular media on the line; p ≥ 1 is convex. For p < 0 it is singular but integrable as long as p > -d. */
  readonly kind: "power";
  /** Exponent, larger than minus the dimension; 0 stands for the logarithm, which is a kernel of its own. Default: 2. */
  readonly p?: number | Calculated;
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** The log gas in its own quadratic trap. On the line the minimiser is the semicircle of radius √(2c/κ) and N equal particles rest at scaled Hermite zeros; in the plane it is the uniform disk of radius √(c/κ). */
export interface PowerLogKernelSpec {
  /** The log gas in its own quadratic trap. On the line the minimiser is the semicircle of radius √(2c/κ) and N equal particles rest at scaled Hermite zeros; in the plane it is the uniform disk of radius √(c/κ). */
  readonly kind: "power-log";
  /** Strength of the attraction κ. Default: 1. */
  readonly kappa?: number | Calculated;
  /** Strength of the repulsion. Default: 1. */
  readonly c?: number | Calculated;
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** Any function of the distance r, differentiated symbolically. Convexity is looked for by interval arithmetic over all r ≥ 0. Where f(0) is not finite, pairs at one place are left out. */
export interface RadialKernelSpec {
  /** Any function of the distance r, differentiated symbolically. Convexity is looked for by interval arithmetic over all r ≥ 0. Where f(0) is not finite, pairs at one place are left out. */
  readonly kind: "radial";
  /** F(r), for example r^4/4 - r^2/2. */
  readonly formula: string | number;
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** Any symmetric function of two points: x and y on the line, x1, x2, … and y1, y2, … in general, r for their distance. Summed directly, so a grid of n cells costs n² per evaluation; a formula in the distance alone is better given as a radial kernel. */
export interface TwoPointKernelSpec {
  /** Any symmetric function of two points: x and y on the line, x1, x2, … and y1, y2, … in general, r for their distance. Summed directly, so a grid of n cells costs n² per evaluation; a formula in the distance alone is better given as a radial kernel. */
  readonly kind: "two-point";
  /** K(x, y), for example exp(-x^2 - y^2) * (x - y)^2. */
  readonly formula: string | number;
  /** Multiplies the kernel. Default: 1. */
  readonly factor?: number | Calculated;
}

/** A number that follows from the parameters of the spec: = and a formula of their names, such as "=2*noise + 1". */
export type Calculated = `=${string}`;

export type MeasureSpec = `$${string}` | LawSpec;

export type PathSolverSpec = "benamou-brenier" | "displacement" | "fisher-rao" | "linear-mixing" | "schroedinger" | "wasserstein-fisher-rao" | BenamouBrenierPathSolverSpec | DisplacementPathSolverSpec | FisherRaoPathSolverSpec | LinearMixingPathSolverSpec | SchroedingerPathSolverSpec | WassersteinFisherRaoPathSolverSpec;

/** Optimal transport as a flow of least action between two densities on a grid, which also goes around obstacles, stays below a cap and takes other mobilities M(ρ) in place of ρ (then the flux m costs |m|^p / M^(p-1)). Staggered in space and time, split into a pointwise step and a Poisson equation in space and time. Both sides are made feasible: the gap is that of the discrete problem, and two further bounds hold for the problem on the continuum. */
export interface BenamouBrenierPathSolverSpec {
  /** Optimal transport as a flow of least action between two densities on a grid, which also goes around obstacles, stays below a cap and takes other mobilities M(ρ) in place of ρ (then the flux m costs |m|^p / M^(p-1)). Staggered in space and time, split into a pointwise step and a Poisson equation in space and time. Both sides are made feasible: the gap is that of the discrete problem, and two further bounds hold for the problem on the continuum. */
  readonly kind: "benamou-brenier";
  /** Exponent p of the speed; the action is W_p^p. Default: 2. */
  readonly exponent?: number | Calculated;
  /** Intervals of time. Default: 32. */
  readonly steps?: number | Calculated;
  /** M(r) = r, r (1 - r / cap), or a formula. Default: "linear". */
  readonly mobility?: "linear" | "exclusion" | "formula";
  /** Largest density; none unless said. Unit: density. */
  readonly cap?: number | Calculated;
  /** M(r), concave and not negative up to the cap. */
  readonly formula?: string | number;
  /** Cells at whose centre it is positive are missing. */
  readonly obstacle?: string | number;
  /** Gap over the action at which to stop. Default: 0.001. */
  readonly tolerance?: number | Calculated;
  /** Most iterations. Default: 5000. */
  readonly iterations?: number | Calculated;
}

/** The geodesic of W_2 where it is known without solving in space and time: between Gaussians in any dimension by the linear map, between densities on the cells of a line by quantile functions, between points by an exact plan. Every particle goes straight at constant speed. The reference for Benamou–Brenier's solver. */
export interface DisplacementPathSolverSpec {
  /** The geodesic of W_2 where it is known without solving in space and time: between Gaussians in any dimension by the linear map, between densities on the cells of a line by quantile functions, between points by an exact plan. Every particle goes straight at constant speed. The reference for Benamou–Brenier's solver. */
  readonly kind: "displacement";
}

/** The vertical geodesic between two densities: nothing moves, mass fades out here and in there, on the great circle of the square roots. Between far densities it shows two bumps at half time where displacement shows one. Closed form on any cells. */
export interface FisherRaoPathSolverSpec {
  /** The vertical geodesic between two densities: nothing moves, mass fades out here and in there, on the great circle of the square roots. Between far densities it shows two bumps at half time where displacement shows one. Closed form on any cells. */
  readonly kind: "fisher-rao";
}

/** The straight line of densities: mass fades out here and in there at a constant rate. Shortest in L², and what an average of two measures means without transport. Energies that are convex along displacement may be concave along it, and the reverse. */
export interface LinearMixingPathSolverSpec {
  /** The straight line of densities: mass fades out here and in there at a constant rate. Shortest in L², and what an average of two measures means without transport. Energies that are convex along displacement may be concave along it, and the reverse. */
  readonly kind: "linear-mixing";
}

/** How a cloud of Brownian particles most likely went, given where it began and ended: displacement with noise of variance g. Entropic transport at epsilon = 2 g gives potentials, heat kernels of them the density at every time. In closed form between Gaussians; on grids by separable sums in the log domain. */
export interface SchroedingerPathSolverSpec {
  /** How a cloud of Brownian particles most likely went, given where it began and ended: displacement with noise of variance g. Entropic transport at epsilon = 2 g gives potentials, heat kernels of them the density at every time. In closed form between Gaussians; on grids by separable sums in the log domain. */
  readonly kind: "schroedinger";
  /** G, variance of the noise per unit of time; epsilon = 2 g. Unit: length^2. Default: 0.1. */
  readonly variance?: number | Calculated;
  /** Gap of the entropic transport over the mean cost of the product coupling. Default: 1e-7. */
  readonly tolerance?: number | Calculated;
  /** Take the closed form between Gaussians; otherwise their cells. Default: true. */
  readonly closed?: boolean;
}

/** Between two densities of any masses: what is near moves, what is far dies here and is born there. The length δ weighs one against the other; from the distance πδ on, mass does not travel at all. The same splitting as for Benamou–Brenier, with one more component. */
export interface WassersteinFisherRaoPathSolverSpec {
  /** Between two densities of any masses: what is near moves, what is far dies here and is born there. The length δ weighs one against the other; from the distance πδ on, mass does not travel at all. The same splitting as for Benamou–Brenier, with one more component. */
  readonly kind: "wasserstein-fisher-rao";
  /** Length δ: growth at rate g costs what the speed δ g costs. Unit: length. Default: 1. */
  readonly delta?: number | Calculated;
  /** Intervals of time. Default: 32. */
  readonly steps?: number | Calculated;
  /** Cells at whose centre it is positive are missing. */
  readonly obstacle?: string | number;
  /** Gap over the action at which to stop. Default: 0.001. */
  readonly tolerance?: number | Calculated;
  /** Most iterations. Default: 5000. */
  readonly iterations?: number | Calculated;
}
