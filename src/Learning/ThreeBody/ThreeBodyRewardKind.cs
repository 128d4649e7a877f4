namespace EdgeAutonomy.Learning;

/// <summary>Which reward a <see cref="ThreeBodyEnvironment"/> gives.</summary>
public enum ThreeBodyRewardKind
{
    /// <summary>Option 5 of the published code, <see cref="ThreeBodyReward.Published"/>.</summary>
    Published,

    /// <summary>The gain of a potential of the energy error, less the price of the work, <see cref="ThreeBodyReward.Ours"/>.</summary>
    Ours,
}
