using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Sees numbers that no sound policy gives. Has no window: one is enough.</summary>
public static class NumericMonitor
{
    /// <summary>How far probabilities may be from a sum of 1: 1e-3.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Takes all probabilities of one decision.</summary>
    /// <param name="probabilities">One for each command on offer.</param>
    public static MonitorTrigger? Observe(ReadOnlySpan<float> probabilities)
    {
        double sum = 0;
        foreach (float p in probabilities)
        {
            if (!(p >= 0 && p <= 1 + Tolerance)) return Trigger($"a probability is {p.ToString(CultureInfo.InvariantCulture)}");
            sum += p;
        }
        return Math.Abs(sum - 1) <= Tolerance ? null : Trigger(string.Create(CultureInfo.InvariantCulture, $"probabilities add up to {sum:0.0000}"));
    }

    /// <summary>Takes a decision's record. It may list its likeliest commands only, so their sum may fall short of 1, but not go beyond.</summary>
    /// <param name="record">Its record.</param>
    public static MonitorTrigger? Observe(DecisionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.LogProbability is { } log && !(log <= Tolerance && float.IsFinite(log))) return Trigger($"the logarithm of a probability is {log.ToString(CultureInfo.InvariantCulture)}");
        if (record.Progress is { } progress && !float.IsFinite(progress)) return Trigger($"attributed progress is {progress.ToString(CultureInfo.InvariantCulture)}");
        double sum = record.LogProbability is { } own ? DeterministicMath.Exp(own) : 0;
        foreach (var (_, p) in record.Alternatives)
        {
            if (!(p >= 0 && p <= 1 + Tolerance)) return Trigger($"a probability is {p.ToString(CultureInfo.InvariantCulture)}");
            sum += p;
        }
        return sum <= 1 + Tolerance ? null : Trigger(string.Create(CultureInfo.InvariantCulture, $"probabilities add up to {sum:0.0000}"));
    }

    private static MonitorTrigger Trigger(string evidence) => new("numeric", MonitorAction.Rollback, evidence);
}
