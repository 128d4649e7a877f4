namespace EdgeAutonomy.Learning;

/// <summary>What happened in one interval of a <see cref="ThreeBodyEnvironment"/>.</summary>
/// <param name="Check">The number of the check just reached, from 1 on.</param>
/// <param name="Time">The time reached, in n-body units; adaptive steps stop near the check, not at it.</param>
/// <param name="EnergyError">(E − E0)/E0 + 1e-20, cumulative and signed; NaN or infinite after a blow-up.</param>
/// <param name="IntervalError">The change of the energy in the interval, relative to E0, signed.</param>
/// <param name="Parameter">The parameter used, as it stands in the ladder.</param>
/// <param name="Integration">Counts and outcome of the integrator.</param>
public readonly record struct ThreeBodyInfo(
    int Check, double Time, double EnergyError, double IntervalError, double Parameter, IntegrationResult Integration);
