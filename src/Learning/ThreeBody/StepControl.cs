namespace EdgeAutonomy.Learning;

/// <summary>How an integrator finds the length of its next step from its parameter.</summary>
public enum StepControl
{
    /// <summary>The parameter is the step, in units of time; it is shortened so that whole steps end exactly at the end time.</summary>
    Fixed,

    /// <summary>Parameter × <see cref="ThreeBodySystem.CollisionTime"/>: the shared adaptive step of AMUSE's Hermite.</summary>
    Collision,

    /// <summary>Parameter × Aarseth's criterion, the least over the bodies; the first step of a call has no history and uses <see cref="Collision"/>. Hermite only.</summary>
    Aarseth,

    /// <summary>The explicit symmetrised step τ/(1 − τ′/2) of Huayno (older <c>evolve.c</c>), the least over the pairs, with τ of <see cref="Collision"/>.</summary>
    Symmetrised,

    /// <summary>The mean of the <see cref="Collision"/> steps at both ends, by fixed-point iteration (Hut, Makino and McMillan, ApJ 443, 1995).</summary>
    Iterated,
}
