namespace EdgeAutonomy.Agents.Tests;

public class MissionRunnerTests
{
    private readonly CorridorMission _mission = new();
    private readonly VirtualTime _time = new();

    [Fact]
    public void RunAsync_PlannerOnly_SucceedsAtItsSlowPace()
    {
        var body = new WatchfulBody(_mission);
        var report = Run(PolicyLine.PlannerOnly, body);
        Assert.Equal((MissionOutcome.Succeeded, 6, 6, 1f, 0), (report.Outcome, report.Steps, report.Grounded, report.Return, report.SafeStops));
        // Six decisions, five waits between them.
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Now);
        Assert.Equal(0, body.Safe);
    }

    [Fact]
    public void RunAsync_SlowPolicy_DoesNotAddItsLatencyToThePeriod()
    {
        var slow = new ScriptedPolicy(async (context, _) =>
        {
            await _time.Pass(TimeSpan.FromMilliseconds(600), CancellationToken.None).ConfigureAwait(false);
            return ScriptedPolicy.Decision(context.Candidates.LastOrDefault(c => c.Verb == "go to" && _mission.Room < 5) ?? ScriptedPolicy.Named(context, "report"));
        });
        Assert.Equal(MissionOutcome.Succeeded, Run(new PolicyLine(slow), new WatchfulBody(_mission)).Outcome);
        Assert.Equal(TimeSpan.FromSeconds(5.6), _time.Now);
    }

    [Fact]
    public void RunAsync_NothingAdmissible_StopsSafelyAndEnds()
    {
        var body = new WatchfulBody(_mission);
        var report = Run(PolicyLine.PlannerOnly, body, new FixedEnvelope(_ => GuardReason.EmergencyStop));
        Assert.Equal((MissionOutcome.SafeStopped, 0, 3), (report.Outcome, report.Steps, report.SafeStops));
        Assert.Empty(body.Executed);
        Assert.Equal(4, body.Safe);
    }

    [Fact]
    public void RunAsync_StopReleasedInTime_GoesOn()
    {
        int stops = 2;
        var report = Run(PolicyLine.PlannerOnly, new WatchfulBody(_mission), new FixedEnvelope(_ => stops-- > 0 ? GuardReason.EmergencyStop : GuardReason.None));
        Assert.Equal((MissionOutcome.Succeeded, 2), (report.Outcome, report.SafeStops));
    }

    [Fact]
    public void RunAsync_BodyThatHangsOrThrows_EndsAsFaultAtRest()
    {
        var hung = new BrokenBody((_, _) => new ValueTask<MissionStep?>(new TaskCompletionSource<MissionStep?>().Task));
        var report = Run(PolicyLine.PlannerOnly, hung);
        Assert.Equal(MissionOutcome.Fault, report.Outcome);
        Assert.Contains("300 s", report.Detail, StringComparison.Ordinal);
        Assert.True(hung.Safe > 0);
        // What it did not take in time it cannot take later.
        Assert.False(hung.Last!.TryTake(_mission, out _));
        var broken = new BrokenBody((_, _) => throw new IOException("motor bus"));
        Assert.Contains("motor bus", Run(PolicyLine.PlannerOnly, broken).Detail, StringComparison.Ordinal);
        Assert.True(broken.Safe > 0);
    }

    [Fact]
    public void RunAsync_WorldChangesBeforeTheBodyBegins_NothingIsDone()
    {
        int changes = 1;
        var inner = new SteppingBody(_mission);
        var body = new BrokenBody((call, cancel) =>
        {
            if (changes-- > 0) _mission.Disturb();
            return inner.ExecuteAsync(call, cancel);
        });
        var report = Run(PolicyLine.PlannerOnly, body);
        Assert.Equal((MissionOutcome.Succeeded, 6, 1), (report.Outcome, report.Steps, report.SafeStops));
    }

    [Fact]
    public void RunAsync_Cancelled_EndsAtRest()
    {
        using var stop = new CancellationTokenSource();
        _time.CreateTimer(_ => stop.Cancel(), null, TimeSpan.FromSeconds(2.5), Timeout.InfiniteTimeSpan);
        var body = new WatchfulBody(_mission);
        var report = _time.Run(() => Runner(PolicyLine.PlannerOnly, new NoHazard(), null).RunAsync(_mission, body, stop.Token));
        Assert.Equal((MissionOutcome.Cancelled, 3), (report.Outcome, body.Executed.Count));
        Assert.Equal(1, body.Safe);
    }

    [Fact]
    public void RunAsync_ObserverEndsIt_StopsSafely()
    {
        var watcher = new Watcher(2);
        var report = _time.Run(() => Runner(PolicyLine.PlannerOnly, new NoHazard(), watcher).RunAsync(_mission, new WatchfulBody(_mission)));
        Assert.Equal((MissionOutcome.SafeStopped, 2, "enough"), (report.Outcome, report.Steps, report.Detail));
        Assert.Same(report, watcher.Report);
    }

    [Fact]
    public void RunAsync_MissionWithABug_ThrowsButLeavesTheBodyAtRest()
    {
        var body = new BrokenBody((_, _) => new ValueTask<MissionStep?>(new MissionStep(0, true, false, false, false)));
        Assert.Throws<NotSupportedException>(() => _time.Run(() => Runner(PolicyLine.PlannerOnly, new NoHazard(), new Watcher(-1)).RunAsync(_mission, body)));
        Assert.Equal(1, body.Safe);
    }

    private MissionReport Run(PolicyLine line, IMissionBody body, ISafetyEnvelope? envelope = null) => _time.Run(() => Runner(line, envelope ?? new NoHazard(), null).RunAsync(_mission, body));

    private MissionRunner Runner(PolicyLine line, ISafetyEnvelope envelope, IMissionObserver? observer) =>
        new(new AgentRuntime(line, new GuardChain(envelope, _time), _time, new AgentRuntimeOptions { OffThread = false }), _time, null, observer);

    private sealed class BrokenBody(Func<ApprovedCall, CancellationToken, ValueTask<MissionStep?>> execute) : IMissionBody
    {
        public int Safe { get; private set; }

        public ApprovedCall? Last { get; private set; }

        public ValueTask<MissionStep?> ExecuteAsync(ApprovedCall call, CancellationToken cancel)
        {
            Last = call;
            return execute(call, cancel);
        }

        public void MakeSafe(string reason) => Safe++;
    }

    private sealed class Watcher(int last) : IMissionObserver
    {
        private int _steps;

        public MissionReport? Report { get; private set; }

        public string? OnStep(ActionCall call, in MissionStep step, ulong state) => last < 0 ? throw new NotSupportedException() : ++_steps >= last ? "enough" : null;

        public void OnEnd(MissionReport report) => Report = report;
    }
}
