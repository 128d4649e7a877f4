namespace EdgeAutonomy.Runtime;

/// <summary>What all stages of a loop have in common.</summary>
/// <remarks>
/// Life of a stage: construct, <see cref="Start"/>, many calls on the loop thread, <see cref="Stop"/>. A call is one bounded quantum: it must
/// not block, allocate, throw, start threads, or see time and chance except through <see cref="CycleContext"/>. A stage with state also
/// implements <see cref="IFreezable"/> and <see cref="IPayload"/> so that it can be put into a keyframe and hashed.
/// </remarks>
public interface IStage
{
    /// <summary>Gets the stage's name, unique in its loop; it seeds the stage's random stream and stands in every message about it.</summary>
    string Name { get; }

    /// <summary>Gets where a replay takes the stage's output from; default <see cref="StageReplay.Exact"/>. Sensors and actuators always count as the outside world.</summary>
    StageReplay Replay => StageReplay.Exact;

    /// <summary>Gets ready: opens devices, loads models. May block and allocate. Called once, before the first cycle, not on the loop thread.</summary>
    void Start() { }

    /// <summary>Lets go of what <see cref="Start"/> took. Called once, after the last cycle.</summary>
    void Stop() { }
}
