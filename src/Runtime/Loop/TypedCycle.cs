namespace EdgeAutonomy.Runtime;

/// <summary>A cycle with its payloads.</summary>
/// <typeparam name="TSample">The sample.</typeparam>
/// <typeparam name="TPercept">The percept.</typeparam>
/// <typeparam name="TAction">The action.</typeparam>
public sealed class TypedCycle<TSample, TPercept, TAction> : Cycle
{
    internal TypedCycle(string loop, string[] stages, int gridCount, TSample sample, TPercept percept)
        : base(loop, stages, gridCount)
    {
        Sample = sample;
        Percept = percept;
        Decision = Decision<TAction>.None;
    }

    /// <summary>The newest sample; of an earlier cycle when the sensor had nothing new.</summary>
    public TSample Sample;

    /// <summary>The newest percept; of an earlier cycle when perception had nothing new.</summary>
    public TPercept Percept;

    /// <summary>The newest decision.</summary>
    public Decision<TAction> Decision;

    /// <summary>The action that left the guard.</summary>
    public TAction Applied = default!;
}
