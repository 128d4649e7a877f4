using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Moves nothing and answers what the recorded actuator answered.</summary>
/// <typeparam name="TAction">The action.</typeparam>
/// <param name="name">The recorded actuator's name.</param>
/// <param name="stage">Its position in the loop.</param>
/// <param name="feed">The recording.</param>
public sealed class RecordedActuator<TAction>(string name, int stage, ReplayFeed feed) : IActuator<TAction>
    where TAction : unmanaged
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public StageReplay Replay => StageReplay.FromLog;

    /// <inheritdoc/>
    public StageStatus Act(in TAction action, in CycleContext context) => feed.Record.Status(stage);

    /// <inheritdoc/>
    public void MakeSafe()
    {
    }
}
