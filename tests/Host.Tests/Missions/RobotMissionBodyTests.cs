using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host.Tests;

public class RobotMissionBodyTests
{
    [Fact]
    public async Task Execute_Drive_SetsThePlaceAsGoalAndStepsTheModelOnArrivalOnly()
    {
        var bench = new MissionBench();
        var call = bench.Next(drive: true);
        int before = bench.Mission.Steps;
        var work = bench.Body.ExecuteAsync(bench.Approve(call), CancellationToken.None);
        bench.Pass(5);
        Assert.False(work.IsCompleted);
        Assert.Equal(before, bench.Mission.Steps);
        var goal = Assert.Single(bench.Robot.Goals);
        bench.Robot.Arrive();
        bench.Pass(0.05);
        var step = await work;
        Assert.True(step!.Value.Grounded);
        Assert.Equal(before + 1, bench.Mission.Steps);
        Assert.Equal(bench.Site.GoalOf(bench.Mission.Situation.Place), goal);
        Assert.Equal(call.Arguments[0], bench.Mission.Map.Places[bench.Mission.Situation.Place].Name);
    }

    [Fact]
    public async Task Execute_Work_StandsForAsLongAsItTakes()
    {
        var bench = new MissionBench();
        var call = bench.Next(drive: false);
        double seconds = bench.Mission.WellFormed.First(c => c.Text == call.Text).Meaning(bench.Mission.Map, bench.Mission.Situation.Place).Seconds;
        int before = bench.Mission.Steps;
        var work = bench.Body.ExecuteAsync(bench.Approve(call), CancellationToken.None);
        Assert.Equal(1, bench.Robot.Stops);
        // Still rolling: the work begins when it stands.
        bench.Robot.IsAtRest = false;
        bench.Pass(1);
        bench.Robot.IsAtRest = true;
        bench.Pass(seconds - 0.1);
        Assert.False(work.IsCompleted);
        bench.Pass(0.2);
        Assert.True((await work)!.Value.Grounded);
        Assert.Equal(before + 1, bench.Mission.Steps);
        Assert.Empty(bench.Robot.Goals);
    }

    [Fact]
    public async Task Execute_GoalThatCannotBeReached_StopsTellsAndEndsInOneFault()
    {
        var bench = new MissionBench();
        var call = bench.Next(drive: true);
        ulong state = bench.Mission.StateHash;
        int steps = bench.Mission.Steps;
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            var work = bench.Body.ExecuteAsync(bench.Approve(call), CancellationToken.None).AsTask();
            bench.Pass(1000);
            Assert.True(work.IsCompleted);
            Assert.False(bench.Robot.HasGoal);
            Assert.Equal((state, steps), (bench.Mission.StateHash, bench.Mission.Steps));
            Assert.Equal(attempt, bench.Said.Count);
            Assert.StartsWith($"'{call.Text}' was not carried out: {call.Arguments[0]} was not reached within ", bench.Said[^1], StringComparison.Ordinal);
            if (attempt == 3) Assert.Contains("3 commands in a row", (await Assert.ThrowsAsync<MissionBodyException>(() => work)).Message, StringComparison.Ordinal);
            else Assert.Equal(new MissionStep(0, false, false, false, false), await work);
        }
    }

    [Fact]
    public async Task Execute_RobotThatNeverStands_IsNotCarriedOut()
    {
        var bench = new MissionBench();
        var call = bench.Next(drive: false);
        bench.Robot.IsAtRest = false;
        var work = bench.Body.ExecuteAsync(bench.Approve(call), CancellationToken.None);
        bench.Pass(1000);
        Assert.False((await work)!.Value.Grounded);
        Assert.Contains("did not stand still", Assert.Single(bench.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_WorkElsewhere_DrivesToThePlaceOfTheModelFirst()
    {
        var bench = new MissionBench();
        var call = bench.Next(drive: false);
        bench.Robot.Position = new MapPoint(bench.Robot.Position.X + 1, bench.Robot.Position.Y);
        var work = bench.Body.ExecuteAsync(bench.Approve(call), CancellationToken.None);
        Assert.Equal(bench.Site.GoalOf(bench.Mission.Situation.Place), bench.Robot.Goal);
        bench.Pass(20);
        Assert.False(work.IsCompleted);
        bench.Robot.Arrive();
        bench.Pass(0.05);
        Assert.False(work.IsCompleted);
        bench.Pass(30);
        Assert.True((await work)!.Value.Grounded);
    }

    [Fact]
    public async Task Execute_UsedOrWithdrawnApproval_MovesNothing()
    {
        var bench = new MissionBench();
        var call = bench.Next(drive: true);
        var withdrawn = bench.Approve(call);
        withdrawn.Withdraw();
        Assert.Null(await bench.Body.ExecuteAsync(withdrawn, CancellationToken.None));
        Assert.Empty(bench.Robot.Goals);
        Assert.False(bench.Body.IsBusy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MakeSafe_OnTheWay_TakesTheGoalAwayAndNothingIsStepped(bool byToken)
    {
        var bench = new MissionBench();
        var call = bench.Next(drive: true);
        int steps = bench.Mission.Steps;
        using var cancel = new CancellationTokenSource();
        var work = bench.Body.ExecuteAsync(bench.Approve(call), cancel.Token);
        if (byToken) await cancel.CancelAsync();
        else bench.Body.MakeSafe("test");
        bench.Pass(0.05);
        Assert.Null(await work);
        Assert.False(bench.Robot.HasGoal);
        Assert.False(bench.Body.IsBusy);
        bench.Robot.Arrive();
        bench.Pass(1);
        Assert.Equal(steps, bench.Mission.Steps);
        bench.Body.MakeSafe("twice");
    }

    [Fact]
    public async Task Run_EveryCommandForbidden_NeverMovesTheRobot()
    {
        var bench = new MissionBench();
        var guard = new GuardChain(new Nothing(), bench.Time);
        var forbidding = new Forbidding();
        var runtime = new AgentRuntime(new PolicyLine(forbidding), guard, bench.Time, new AgentRuntimeOptions { OffThread = false });
        var runner = new MissionRunner(runtime, bench.Time, new MissionRunnerOptions { Period = TimeSpan.Zero });
        var report = await runner.RunAsync(bench.Mission, bench.Body);
        Assert.Equal(MissionOutcome.SafeStopped, report.Outcome);
        Assert.True(forbidding.Calls >= 3);
        Assert.Empty(bench.Robot.Goals);
        Assert.True(bench.Robot.Stops > 0);
        Assert.Equal(0, bench.Mission.Steps);
    }

    private sealed class Nothing : ISafetyEnvelope
    {
        public SafetyFinding Check(ActionCall call) => new(GuardReason.EmergencyStop, "The emergency stop is set.");
    }
}
