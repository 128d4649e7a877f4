namespace EdgeAutonomy.Learning;

/// <summary>What a joule costs a learner, and how the price finds the power that the robot may use.</summary>
/// <remarks>Without a budget the price stays what it is. Immutable.</remarks>
public sealed record EnergyBudget
{
    /// <summary>Gets the mean power that may be used, in W (J per second of the environment), 0 or more; infinite = no budget. Default infinite.</summary>
    public double Watts { get; init; } = double.PositiveInfinity;

    /// <summary>Gets the first price, in units of reward per J, 0 or more; default 0.</summary>
    public double Price { get; init; }

    /// <summary>Gets η, how far the price moves per W over the budget, above 0; default 0.01.</summary>
    public double Rate { get; init; } = 0.01;

    /// <summary>Gets the largest relative change of a block, in (0, 1]; default 0.1.</summary>
    public double LargestChange { get; init; } = 0.1;

    /// <summary>Gets the change that is always allowed, above 0: with a relative bound alone a price could not leave zero. Default 1e-3.</summary>
    public double SmallestBound { get; init; } = 1e-3;

    /// <summary>Gets the environment steps (of all copies together) of a block, at least 1; default 1000.</summary>
    public int BlockSteps { get; init; } = 1000;

    /// <summary>Gets the settings that stored state depends on.</summary>
    internal string Description => FormattableString.Invariant($"{Watts} {Price} {Rate} {LargestChange} {SmallestBound} {BlockSteps}");

    internal void Check()
    {
        Require(Watts >= 0, nameof(Watts), Watts, "0 or more");
        Require(Price >= 0 && double.IsFinite(Price), nameof(Price), Price, "finite and 0 or more");
        Require(Rate > 0 && double.IsFinite(Rate), nameof(Rate), Rate, "finite and above 0");
        Require(LargestChange is > 0 and <= 1, nameof(LargestChange), LargestChange, "in (0, 1]");
        Require(SmallestBound > 0 && double.IsFinite(SmallestBound), nameof(SmallestBound), SmallestBound, "finite and above 0");
        Require(BlockSteps >= 1, nameof(BlockSteps), BlockSteps, "1 or more");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"Energy budget: {name} is {value}; must be {rule}."));
    }
}
