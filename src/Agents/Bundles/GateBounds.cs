namespace EdgeAutonomy.Agents;

/// <summary>The bounds of the gates. Shares are 0 … 1; a point is 0.01.</summary>
public sealed class GateBounds
{
    private static readonly GateBounds _defaults = new();

    /// <summary>Gets how far grounding may be below the incumbent's; default 0.005.</summary>
    public double GroundingLoss { get; init; } = 0.005;

    /// <summary>Gets how many simulated missions there must be at least; default 400.</summary>
    public int SimulatedMissions { get; init; } = 400;

    /// <summary>Gets how far the lower 95 % bound of the paired difference of success may be below 0; default 0.02.</summary>
    public double SuccessLoss { get; init; } = 0.02;

    /// <summary>Gets how far any family of golden missions may be below the incumbent's; default 0.05.</summary>
    public double FamilyLoss { get; init; } = 0.05;

    /// <summary>Gets the longest 99th percentile of decision latency; default 1.5 s.</summary>
    public TimeSpan LatencyBudget { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Gets how many decisions a shadow run has at least; default 200.</summary>
    public int ShadowDecisions { get; init; } = 200;

    /// <summary>Gets how long a shadow run lasts at least; default 2 h.</summary>
    public TimeSpan ShadowTime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Gets the largest share of one core that a shadow run may take; default 0.25.</summary>
    public double ShadowCpuShare { get; init; } = 0.25;

    /// <summary>Gets how many missions a canary or a stage of the fleet has at least; default 50.</summary>
    public int CanaryMissions { get; init; } = 50;

    /// <summary>Gets whether any bound is easier to pass than its default; what is passed then needs an operator's explicit acceptance.</summary>
    public bool IsLowered
    {
        get
        {
            var d = _defaults;
            return GroundingLoss > d.GroundingLoss || SimulatedMissions < d.SimulatedMissions || SuccessLoss > d.SuccessLoss || FamilyLoss > d.FamilyLoss || LatencyBudget > d.LatencyBudget
                || ShadowDecisions < d.ShadowDecisions || ShadowTime < d.ShadowTime || ShadowCpuShare > d.ShadowCpuShare || CanaryMissions < d.CanaryMissions;
        }
    }
}
