using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>Picks the next period by a learned network from what the cycle that just ended looked like; the motion is somebody else's.</summary>
/// <remarks>
/// For policies by rules, whose period was so far picked by event rate or error estimate. The contract is <see cref="SchemaFor"/>. What the decision can answer for and a share of the time to contact are a hard mask; a network
/// that gives no finite value leaves the shortest period. Loop thread; allocates nothing; its memory, where it has one, is frozen with the loop.
/// </remarks>
public sealed class LearnedPacer : IPacer, IDisposable
{
    private const double LongestContact = 4, LongestLimitMs = 1024;
    private readonly LearnedPolicy _policy;
    private readonly PeriodGrid _grid;
    private readonly double _contactShare;

    /// <summary>Makes a pacer.</summary>
    /// <param name="policy">The network with its card; owned from here on.</param>
    /// <param name="grid">The loop's periods.</param>
    /// <param name="contactShare">The share of the time to contact that one period may take, as the loop's governor has it.</param>
    /// <exception cref="InvalidDataException">The network was trained for another contract.</exception>
    public LearnedPacer(LearnedPolicy policy, PeriodGrid grid, double contactShare = 0.1)
    {
        var expected = SchemaFor(grid);
        if (policy.Card.Schema.Hash != expected.Hash) throw new InvalidDataException($"Pacer '{policy.Card.Name}' has the contract {policy.Card.Schema.Hash}, this loop {expected.Hash}: it was trained for other inputs or periods.");
        (_policy, _grid, _contactShare) = (policy, grid, contactShare);
    }

    /// <summary>Returns the contract of a pacer for a grid: seven numbers in, one value per period out.</summary>
    /// <param name="grid">The loop's periods.</param>
    public static PolicySchema SchemaFor(PeriodGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return new PolicySchema
        {
            Robot = "any-loop",
            Inputs =
            [
                new("step_error_log10", -4, 4), new("contact_s", 0, LongestContact), new("period_limit_log2_ms", 0, 10), new("trust", 0, 1), new("health_rung", 0, 4), new("period_rung", 0, Math.Max(1, grid.Count - 1)), new("has_step_error", 0, 1),
            ],
            ActionNames = ["none"],
            Actions = [[0]],
            PeriodsUs = [.. Enumerable.Range(0, grid.Count).Select(i => grid[i].Nanoseconds / 1000)],
        };
    }

    /// <summary>Writes what a pacer looks at.</summary>
    /// <param name="last">The cycle that just ended.</param>
    /// <param name="into">As long as the contract has inputs.</param>
    public static void Observe(in CycleSummary last, Span<float> into)
    {
        bool hasError = float.IsFinite(last.StepError);
        into[0] = hasError ? (float)(DeterministicMath.Log(Math.Clamp(last.StepError, 1e-4, 1e4)) / Ln10) : 0;
        into[1] = Math.Clamp(last.TimeToContact, 0, (float)LongestContact);
        into[2] = (float)(DeterministicMath.Log(Math.Clamp(last.PeriodLimit.Nanoseconds * 1e-6, 1, LongestLimitMs)) / Ln2);
        into[3] = Math.Clamp(last.Trust, 0, 1);
        into[4] = (float)last.Rung;
        into[5] = last.PeriodIndex;
        into[6] = hasError ? 1 : 0;
    }

    /// <summary>Returns the longest period that is safe after a cycle.</summary>
    /// <param name="last">The cycle that just ended.</param>
    /// <param name="contactShare">The share of the time to contact that one period may take.</param>
    public static Duration Deadline(in CycleSummary last, double contactShare) => float.IsFinite(last.TimeToContact)
        ? Duration.Min(last.PeriodLimit, Duration.FromSeconds(Math.Clamp(last.TimeToContact * contactShare, 0, 1e6)))
        : last.PeriodLimit;

    /// <inheritdoc/>
    public PeriodChoice Next(in CycleSummary last, Span<float> values)
    {
        Observe(last, _policy.Observation);
        if (!_policy.TryChoose(Deadline(last, _contactShare), out var choice)) return new PeriodChoice(0, PeriodReason.Learned);
        if (values.Length == _grid.Count) _policy.Values.CopyTo(values);
        return new PeriodChoice((byte)choice.Period, PeriodReason.Learned);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _policy.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _policy.Thaw(state);

    /// <inheritdoc/>
    public void Dispose() => _policy.Dispose();

    private const double Ln2 = 0.6931471805599453, Ln10 = 2.302585092994046;
}
