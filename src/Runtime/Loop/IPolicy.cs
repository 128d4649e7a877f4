namespace EdgeAutonomy.Runtime;

/// <summary>Decides what to do, when to look again, and where to look.</summary>
/// <typeparam name="TPercept">The percept, read only.</typeparam>
/// <typeparam name="TAction">The action, an unmanaged struct.</typeparam>
public interface IPolicy<TPercept, TAction> : IStage where TAction : unmanaged
{
    /// <summary>Makes the decision of this cycle.</summary>
    /// <param name="percept">The percept; valid during the call only.</param>
    /// <param name="decision">Comes in as <see cref="Decision{TAction}.None"/>; complete on Ok and Degraded.</param>
    /// <param name="context">The frozen cycle.</param>
    StageStatus Decide(in TPercept percept, ref Decision<TAction> decision, in CycleContext context);
}
