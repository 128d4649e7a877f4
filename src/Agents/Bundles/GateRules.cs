using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Judges the figures of each gate. Pure; too few data are a failure, never a pass.</summary>
public static class GateRules
{
    // Two-sided 95 % of the normal distribution.
    private const double Z = 1.96;

    /// <summary>G1: nothing unsafe that the incumbent's was not, and no more ungrounded than allowed.</summary>
    public static GateResult Replay(ReplayFigures figures, GateBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(bounds);
        if (figures.Decisions <= 0) return new GateResult(false, "no decisions were replayed");
        double gain = (double)(figures.Grounded - figures.IncumbentGrounded) / figures.Decisions;
        return Judge(bounds, figures.Unsafe == 0 && gain >= -bounds.GroundingLoss, $"{figures.Decisions} decisions, {figures.Unsafe} unsafe (0 allowed), grounding {gain:+0.0000;-0.0000;0} against the incumbent (at least −{bounds.GroundingLoss})");
    }

    /// <summary>G2: the lower 95 % bound of the paired difference of success, and the 99th percentile of latency.</summary>
    /// <remarks>Variance of the mean of paired differences d ∈ {−1, 0, 1}: (b + c − (b − c)²/n) / n², with b and c the pairs won and lost.</remarks>
    public static GateResult Simulation(SimulationFigures figures, GateBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(bounds);
        int n = figures.Pairs.Length, won = figures.Pairs.Count(p => p.Policy && !p.Incumbent), lost = figures.Pairs.Count(p => !p.Policy && p.Incumbent);
        if (n < bounds.SimulatedMissions) return new GateResult(false, $"{n} missions were simulated, {bounds.SimulatedMissions} are needed");
        double difference = (double)(won - lost) / n, lower = difference - Z * Math.Sqrt(won + lost - (double)(won - lost) * (won - lost) / n) / n;
        var p99 = Percentile99(figures.Latencies);
        return Judge(bounds, lower >= -bounds.SuccessLoss && p99 <= bounds.LatencyBudget, $"{n} pairs, {won} won, {lost} lost, difference {difference:+0.0000;-0.0000;0}, lower bound {lower:+0.0000;-0.0000;0} (at least −{bounds.SuccessLoss}), p99 {Show(p99)} (at most {bounds.LatencyBudget.TotalMilliseconds:0} ms)");
    }

    /// <summary>G3: no family of golden missions much below the incumbent.</summary>
    public static GateResult Forgetting(IReadOnlyList<FamilyFigures> families, GateBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(families);
        ArgumentNullException.ThrowIfNull(bounds);
        if (families.Count == 0 || families.Any(f => f.Missions <= 0)) return new GateResult(false, "a family has no golden missions");
        var worst = families.MinBy(f => (double)(f.Succeeded - f.IncumbentSucceeded) / f.Missions)!;
        double difference = (double)(worst.Succeeded - worst.IncumbentSucceeded) / worst.Missions;
        return Judge(bounds, difference >= -bounds.FamilyLoss, $"{families.Count} families, worst '{worst.Family}' {worst.Succeeded} of {worst.Missions} against {worst.IncumbentSucceeded} (at least −{bounds.FamilyLoss})");
    }

    /// <summary>G4: enough decisions beside the incumbent, as grounded, in time, without a failure and without taking the machine.</summary>
    public static GateResult Shadow(ShadowFigures figures, GateBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(bounds);
        if (figures.Decisions < bounds.ShadowDecisions || figures.Elapsed < bounds.ShadowTime)
            return Judge(bounds, false, $"{figures.Decisions} decisions in {figures.Elapsed}, {bounds.ShadowDecisions} in {bounds.ShadowTime} are needed");
        double gain = (double)(figures.Grounded - figures.IncumbentGrounded) / figures.Decisions;
        bool passed = figures.Failures == 0 && gain >= -bounds.GroundingLoss && figures.P99 <= bounds.LatencyBudget && figures.CpuShare <= bounds.ShadowCpuShare;
        return Judge(bounds, passed, $"{figures.Decisions} decisions, {figures.Agreed} agreed, {figures.Failures} failures (0 allowed), grounding {gain:+0.0000;-0.0000;0} (at least −{bounds.GroundingLoss}), p99 {Show(figures.P99)} (at most {bounds.LatencyBudget.TotalMilliseconds:0} ms), {figures.CpuShare:0.000} of a core (at most {bounds.ShadowCpuShare}), {figures.Dropped} passed over");
    }

    /// <summary>G5 and each stage of G6: enough missions with every monitor quiet.</summary>
    public static GateResult Canary(CanaryFigures figures, GateBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(bounds);
        return Judge(bounds, figures.Missions >= bounds.CanaryMissions && figures.Triggers.IsEmpty, $"{figures.Missions} missions ({bounds.CanaryMissions} needed), triggers: {(figures.Triggers.IsEmpty ? "none" : string.Join(", ", figures.Triggers))}");
    }

    /// <summary>Returns the 99th percentile by nearest rank; the largest time there is when there are no data.</summary>
    internal static TimeSpan Percentile99(IReadOnlyCollection<TimeSpan> latencies)
    {
        if (latencies.Count == 0) return TimeSpan.MaxValue;
        TimeSpan[] sorted = [.. latencies.Order()];
        return sorted[(99 * sorted.Length + 99) / 100 - 1];
    }

    private static string Show(TimeSpan p99) => p99 == TimeSpan.MaxValue ? "unknown" : string.Create(CultureInfo.InvariantCulture, $"{p99.TotalMilliseconds:0.0} ms");

    private static GateResult Judge(GateBounds bounds, bool passed, FormattableString evidence) => new(passed, evidence.ToString(CultureInfo.InvariantCulture)) { Lowered = bounds.IsLowered };
}
