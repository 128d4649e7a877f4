namespace EdgeAutonomy.Agents;

/// <summary>What goes wrong in a run, and when. Plain data: printed by a failing test, shrunk by removing entries.</summary>
/// <param name="Faults">The faults, in any order.</param>
public sealed record FaultPlan(IReadOnlyList<Fault> Faults)
{
    /// <summary>Nothing goes wrong.</summary>
    public static readonly FaultPlan None = new([]);

    /// <summary>Gets when the last fault ends; the start of time where there is none.</summary>
    public Stamp End
    {
        get
        {
            var end = Stamp.Zero;
            foreach (var fault in Faults) end = Stamp.Max(end, fault.Until);
            return end;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Faults.Count == 0 ? "no faults" : string.Join(Environment.NewLine, Faults);
}
