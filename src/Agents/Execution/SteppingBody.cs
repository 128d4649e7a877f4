namespace EdgeAutonomy.Agents;

/// <summary>The body of a mission that is its own world: a command is carried out by stepping the mission.</summary>
/// <param name="mission">The mission.</param>
public sealed class SteppingBody(IMission mission) : IMissionBody
{
    /// <summary>Gets how often it was made safe.</summary>
    public int SafeStops { get; private set; }

    /// <inheritdoc/>
    public ValueTask<MissionStep?> ExecuteAsync(ApprovedCall call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ValueTask.FromResult<MissionStep?>(call.TryTake(mission, out var taken) ? mission.Step(taken.Text) : null);
    }

    /// <inheritdoc/>
    public void MakeSafe(string reason) => SafeStops++;
}
