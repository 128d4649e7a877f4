namespace EdgeAutonomy.Runtime;

/// <summary>Turns one sample into one percept, within one bounded call.</summary>
/// <typeparam name="TSample">The sample, read only.</typeparam>
/// <typeparam name="TPercept">The percept, overwritten in place.</typeparam>
public interface IPerceiver<TSample, TPercept> : IStage
{
    /// <summary>Computes the percept.</summary>
    /// <param name="sample">The input; valid during the call only.</param>
    /// <param name="percept">Complete on Ok and Degraded; untouched on NoOutput; not to be read after Failed.</param>
    /// <param name="context">The frozen cycle.</param>
    StageStatus Perceive(in TSample sample, ref TPercept percept, in CycleContext context);
}
