namespace EdgeAutonomy.Runtime;

/// <summary>A cycle with its payloads.</summary>
/// <typeparam name="TSample">The sample.</typeparam>
/// <typeparam name="TPercept">The percept.</typeparam>
/// <typeparam name="TAction">The action.</typeparam>
public sealed class TypedCycle<TSample, TPercept, TAction> : Cycle where TAction : unmanaged
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

    /// <summary>Writes what outlasts a cycle: payloads, decision, and reports. They count as long as nothing newer comes.</summary>
    internal void Freeze(KeyframeWriter writer, in SensorReport good)
    {
        writer.Write("payload", "sample", Sample);
        writer.Write("payload", "percept", Percept);
        Decision.Freeze(writer.Open());
        writer.End("payload", "decision", KeyframePart.TypeOf<TAction>.Name);
        writer.Write("report", "newest", Report);
        writer.Write("report", "good", good);
    }

    internal void Thaw(ref KeyframeReader reader, ref SensorReport good)
    {
        reader.Read("payload", "sample", ref Sample);
        reader.Read("payload", "percept", ref Percept);
        Decision.Thaw(reader.Next("payload", "decision", KeyframePart.TypeOf<TAction>.Name, out _));
        reader.Read("report", "newest", ref Report);
        reader.Read("report", "good", ref good);
        Sensed = Report;
    }

    /// <summary>Returns what a pacer may know of this cycle.</summary>
    /// <param name="periodIndex">Grid index of the period that led here.</param>
    /// <param name="fresh">Whether the policy decided in this cycle; an old decision's step error and proposal do not count.</param>
    internal CycleSummary Summarize(byte periodIndex, bool fresh) => new()
    {
        CycleId = Id,
        Tag = Tag,
        Dt = Dt,
        PeriodIndex = periodIndex,
        Items = Report.Items,
        StepError = fresh ? Decision.StepError : float.NaN,
        TimeToContact = Decision.TimeToContact,
        ProposedIndex = fresh ? Decision.PeriodIndex : (sbyte)-1,
        PeriodLimit = Decision.PeriodLimit,
        Trust = Report.Trust,
        Rung = Rung,
    };
}
