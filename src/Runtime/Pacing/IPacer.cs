namespace EdgeAutonomy.Runtime;

/// <summary>Picks the next period of a loop from its grid: the time step is a decision.</summary>
/// <remarks>Loop thread only. Must not allocate. State that matters is frozen with the keyframe. Safety may shorten the choice afterwards, never lengthen it.</remarks>
public interface IPacer : IFreezable
{
    /// <summary>Chooses the next period.</summary>
    /// <param name="last">What the cycle that just ended looked like.</param>
    /// <param name="values">One value per grid index for the record (a learned pacer writes its action values); may be left untouched.</param>
    PeriodChoice Next(in CycleSummary last, Span<float> values);
}
