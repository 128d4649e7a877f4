namespace EdgeAutonomy.Learning;

/// <summary>Vectors of a box with a rung behind them: what to do, and for how long. The rung is a whole number 0 … <see cref="Rungs"/> − 1.</summary>
public sealed record HeldSpace : Space
{
    /// <summary>Makes a space.</summary>
    /// <param name="actions">Where the actions lie.</param>
    /// <param name="rungs">How many durations there are, at least 1.</param>
    public HeldSpace(BoxSpace actions, int rungs)
        : base((actions ?? throw new ArgumentNullException(nameof(actions))).Width + 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rungs, 1);
        (Actions, Rungs) = (actions, rungs);
    }

    /// <summary>Gets where the actions lie.</summary>
    public BoxSpace Actions { get; }

    /// <summary>Gets how many durations there are.</summary>
    public int Rungs { get; }

    /// <inheritdoc/>
    public override bool Contains(ReadOnlySpan<float> value) => value.Length == Width && Actions.Contains(value[..^1]) && HasRung(value[^1]);

    /// <inheritdoc/>
    public override void Sample(RandomStream random, Span<float> value)
    {
        ArgumentNullException.ThrowIfNull(random);
        Actions.Sample(random, value[..^1]);
        value[^1] = random.NextInt32(Rungs);
    }

    /// <summary>Returns whether a number is one of the rungs.</summary>
    internal bool HasRung(float rung) => rung >= 0 && rung < Rungs && MathF.Floor(rung) == rung;
}
