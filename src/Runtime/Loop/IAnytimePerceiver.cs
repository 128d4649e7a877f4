namespace EdgeAutonomy.Runtime;

/// <summary>A perceiver whose result can be refined for as long as the budget lasts.</summary>
/// <remarks>The stage reports, the runtime decides whether to go on. The number of quanta done is recorded, and a replay repeats that number.</remarks>
/// <typeparam name="TSample">The sample, read only.</typeparam>
/// <typeparam name="TPercept">The percept, overwritten in place.</typeparam>
public interface IAnytimePerceiver<TSample, TPercept> : IPerceiver<TSample, TPercept>
{
    /// <summary>Does one bounded quantum of further work on the percept that <see cref="IPerceiver{TSample,TPercept}.Perceive"/> began.</summary>
    RefineResult Refine(in TSample sample, ref TPercept percept, in CycleContext context);
}
