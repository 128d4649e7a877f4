using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>Stands between a pacer and the loop: shortening is immediate, growing is slow, and safety only ever shortens.</summary>
public sealed class PeriodGovernor : IFreezable, IPayload
{
    private readonly PeriodGrid _grid;
    private readonly GovernorOptions _options;
    private int _votes;

    /// <summary>Makes a governor that stands at <paramref name="startIndex"/>.</summary>
    public PeriodGovernor(PeriodGrid grid, GovernorOptions options, int startIndex)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)startIndex, (uint)grid.Count, nameof(startIndex));
        _grid = grid;
        _options = options;
        Index = (byte)startIndex;
    }

    /// <summary>Gets the grid index in force.</summary>
    public byte Index { get; private set; }

    /// <summary>Gets or sets a person's cap on the period; <see cref="Duration.Unlimited"/> = none.</summary>
    public Duration OperatorCap { get; set; } = Duration.Unlimited;

    /// <summary>Applies the rules to a pacer's choice and returns the period for the next cycle.</summary>
    public PeriodChoice Apply(PeriodChoice choice, in CycleSummary last)
    {
        int wanted = Math.Min(choice.Index, _grid.Count - 1);
        var reason = choice.Reason;
        if (choice.Reason == PeriodReason.Fixed) _votes = 0;
        else if (wanted <= Index) _votes = 0;
        else if (last.Trust < _options.GrowTrust) (wanted, reason, _votes) = (Index, PeriodReason.SafetyShrink, 0);
        else if (_options.GrowDwellCycles == 0) _votes = 0;
        else if (++_votes < _options.GrowDwellCycles) (wanted, reason) = (Index, PeriodReason.DwellHold);
        else (wanted, _votes) = (Index + 1, 0);

        int cap = SafetyCap(last);
        if (wanted > cap) (wanted, reason) = (cap, PeriodReason.SafetyShrink);
        int operatorCap = _grid.IndexAtMost(OperatorCap);
        if (wanted > operatorCap) (wanted, reason) = (operatorCap, PeriodReason.Operator);
        Index = (byte)wanted;
        return new PeriodChoice(Index, reason);
    }

    private int SafetyCap(in CycleSummary last)
    {
        int cap = _grid.IndexAtMost(last.PeriodLimit);
        if (last.TimeToContact < float.PositiveInfinity)
        {
            double seconds = Math.Max(0, last.TimeToContact * _options.ContactShare);
            cap = Math.Min(cap, _grid.IndexAtMost(Duration.FromSeconds(Math.Min(seconds, 1e6))));
        }
        return last.Rung >= Rung.Degraded ? Math.Min(cap, _options.DegradedIndex) : cap;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Index);
        w.Write(_votes);
        w.Write(OperatorCap.Nanoseconds);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Period governor");
        Index = r.Read<byte>();
        r.Require(Index < _grid.Count, "a period beyond the grid");
        _votes = r.Read<int>();
        OperatorCap = new Duration(r.Read<long>());
        r.End();
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Index | (ulong)(uint)_votes << 8);
        hasher.Add(OperatorCap.Nanoseconds);
    }
}
