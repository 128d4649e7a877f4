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

    /// <summary>Draws a plan. The same stream and options give the same plan.</summary>
    /// <param name="random">The chance; one seed makes plan and hub: <c>RandomStream.For(seed, "plan")</c>.</param>
    /// <param name="options">From what.</param>
    public static FaultPlan Generate(RandomStream random, FaultPlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Clients.Count == 0 || options.Kinds.Count == 0) throw new ArgumentException("A fault plan needs at least one client and one kind to draw from.", nameof(options));
        if (options.Until < options.From) throw new ArgumentException($"Faults end at {options.Until}, before they may begin at {options.From}.", nameof(options));
        var faults = new Fault[random.NextInt32(options.MaxFaults + 1)];
        for (int i = 0; i < faults.Length; i++) faults[i] = FaultDraw.Draw(random, options);
        return new FaultPlan(faults);
    }

    /// <summary>Returns smaller plans, the boldest cuts first: halves left out, single faults left out, shorter windows, lower probabilities, shorter delays.</summary>
    /// <remarks>A test that fails tries them in order and goes on from the first that fails too; that ends, since each is smaller. The chance of the faults that
    /// stay does not change: each has a <see cref="Fault.Salt"/> of its own.</remarks>
    public IEnumerable<FaultPlan> Shrink()
    {
        int half = Faults.Count / 2;
        if (half > 0)
        {
            yield return new FaultPlan([.. Faults.Take(half)]);
            yield return new FaultPlan([.. Faults.Skip(half)]);
        }
        for (int i = 0; i < Faults.Count; i++) yield return new FaultPlan([.. Faults.Take(i), .. Faults.Skip(i + 1)]);
        for (int i = 0; i < Faults.Count; i++)
        {
            foreach (var smaller in FaultDraw.Shrink(Faults[i])) yield return new FaultPlan([.. Faults.Take(i), smaller, .. Faults.Skip(i + 1)]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Faults.Count == 0 ? "no faults" : string.Join(Environment.NewLine, Faults);
}
