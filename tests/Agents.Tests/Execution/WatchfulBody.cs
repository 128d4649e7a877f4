namespace EdgeAutonomy.Agents.Tests;

/// <summary>The actuator's side of a test: steps the mission and checks for itself, without the guard, that each command was allowed.</summary>
internal sealed class WatchfulBody(CorridorMission mission, Func<string, bool>? isForbidden = null) : IMissionBody
{
    public List<string> Executed { get; } = [];

    public int Safe { get; private set; }

    public ValueTask<MissionStep?> ExecuteAsync(ApprovedCall call, CancellationToken cancel)
    {
        if (!call.TryTake(mission, out var taken)) return ValueTask.FromResult<MissionStep?>(null);
        Assert.True(mission.IsExecutable(taken.Text), $"'{taken.Text}' reached the actuator in room {mission.Room}.");
        Assert.Contains(taken, mission.Candidates);
        Assert.False(isForbidden?.Invoke(taken.Text) ?? false, $"'{taken.Text}' is outside the safety envelope and reached the actuator.");
        Executed.Add(taken.Text);
        return ValueTask.FromResult<MissionStep?>(mission.Step(taken.Text));
    }

    public void MakeSafe(string reason) => Safe++;
}
