namespace EdgeAutonomy.Learning;

/// <summary>How a <see cref="SplittingIntegrator"/> alternates drifts (x += h·v) and kicks (v += h·a). All are symplectic and time-reversible at a fixed step.</summary>
public enum SplittingScheme
{
    /// <summary>Leapfrog, order 2: half a drift, a kick, half a drift; 1 evaluation per step.</summary>
    DriftKickDrift,

    /// <summary>Leapfrog, order 2: half a kick, a drift, half a kick; 1 evaluation per step and one at the start of a call.</summary>
    KickDriftKick,

    /// <summary>McLachlan's order 4 with six kicks (SIAM J. Sci. Comput. 16, 1995), Huayno's <c>dkd4</c>; 6 evaluations per step.</summary>
    Fourth,
}
