namespace EdgeAutonomy.Agents.Tests;

public class AgentRuntimeTests
{
    private static readonly AgentRuntimeOptions _inline = new() { OffThread = false };

    private readonly CorridorMission _mission = new();
    private readonly VirtualTime _time = new();
    private readonly ListSink _sink = new();

    [Fact]
    public void DecideAsync_GoodPolicy_DecidesAtOnce()
    {
        var outcome = Decide(Runtime(Walker()));
        Assert.Equal("go to room 1", outcome.Approved!.Call.Text);
        var record = Assert.Single(_sink.Records);
        Assert.Equal((DecisionSource.Policy, "scripted", false, TimeSpan.Zero), (record.Source, record.PolicyVersion, record.FallbackUsed, record.Latency));
        Assert.Equal(-0.5f, record.LogProbability);
        Assert.Equal(MissionFingerprint.Of(_mission.Candidates), record.CandidateHash);
    }

    [Fact]
    public void DecideAsync_RefusedProposal_IsAskedAgainWithoutIt()
    {
        var seen = new List<int>();
        var policy = new ScriptedPolicy(context =>
        {
            seen.Add(context.Candidates.Count);
            return context.Candidates[0];
        });
        var outcome = Decide(Runtime(policy, envelope: new FixedEnvelope(c => c.Text == "go to room 1" ? GuardReason.Claimed : GuardReason.None)));
        // Room 1, report and wait are on offer; what the fence or a claim forbids is not proposed twice.
        Assert.Equal([3, 2], seen);
        Assert.Equal("report", outcome.Approved!.Call.Text);
        Assert.Equal([AttemptFailure.Refused, AttemptFailure.None], outcome.Record.Attempts.Select(a => a.Failure));
        Assert.False(outcome.Record.FallbackUsed);
    }

    [Fact]
    public void DecideAsync_ThreeRefusals_FallBackToCompactThenPlanner()
    {
        var stubborn = new ScriptedPolicy(_ => new ActionCall("fly", [], "fly"), "stubborn");
        var compact = new ScriptedPolicy(c => ScriptedPolicy.Named(c, "wait"), "compact");
        var outcome = Decide(Runtime(stubborn, compact));
        Assert.Equal(3, stubborn.Calls);
        Assert.Equal(("compact", true), (outcome.Record.PolicyVersion, outcome.Record.FallbackUsed));
        var alone = Decide(Runtime(stubborn));
        Assert.Equal((DecisionSource.Planner, "go to room 1"), (alone.Record.Source, alone.Approved!.Call.Text));
    }

    [Fact]
    public void DecideAsync_StalePolicy_IsAskedAgainWithTheNewWorld()
    {
        var versions = new List<ulong>();
        var policy = new ScriptedPolicy(context =>
        {
            versions.Add(context.WorldVersion);
            if (versions.Count < 3) _mission.Disturb();
            return ScriptedPolicy.Named(context, "go to room 1");
        });
        var outcome = Decide(Runtime(policy));
        Assert.Equal([100ul, 101ul, 102ul], versions);
        Assert.Equal([GuardReason.Stale, GuardReason.Stale, GuardReason.None], outcome.Record.Attempts.Select(a => a.Reason));
        Assert.True(outcome.Approved!.TryTake(_mission, out _));
    }

    [Fact]
    public void DecideAsync_HangingPolicies_EndByTheDeadline()
    {
        var compact = Hanging("compact");
        var outcome = Decide(Runtime(Hanging("main"), compact));
        Assert.Equal(DecisionSource.Planner, outcome.Record.Source);
        Assert.Equal(TimeSpan.FromSeconds(1.5), outcome.Record.Latency);
        Assert.Equal([AttemptFailure.Deadline, AttemptFailure.Deadline, AttemptFailure.None], outcome.Record.Attempts.Select(a => a.Failure));
        // The first one left the compact policy its reserve.
        Assert.Equal([1400.0, 100.0, 0.0], outcome.Record.Attempts.Select(a => a.Latency.TotalMilliseconds));
        Assert.True(outcome.Record.MissedDeadline);
    }

    [Fact]
    public void DecideAsync_PolicyStillBusy_IsNotAskedTwiceAtOnce()
    {
        var gate = new TaskCompletionSource<AgentDecision>();
        var slow = new ScriptedPolicy((_, _) => gate.Task);
        var runtime = Runtime(slow);
        Decide(runtime);
        var second = Decide(runtime);
        Assert.Equal(1, slow.Calls);
        Assert.Equal(AttemptFailure.Busy, second.Record.Attempts[0].Failure);
        Assert.Equal(TimeSpan.Zero, second.Record.Latency);
        // Once the old answer has come, late and unused, it may be asked again.
        _time.Run(() =>
        {
            gate.SetResult(ScriptedPolicy.Decision(_mission.Call("report")));
            return Task.FromResult(0);
        });
        var third = Decide(runtime);
        Assert.Equal(2, slow.Calls);
        Assert.Equal("report", third.Approved!.Call.Text);
    }

    [Fact]
    public async Task DecideAsync_PolicyThatBlocksItsThread_IsGivenUp()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var blocking = new ScriptedPolicy((context, _) =>
        {
            entered.Set();
            release.Wait(CancellationToken.None);
            return Task.FromResult(ScriptedPolicy.Decision(context.Candidates[0]));
        });
        var runtime = new AgentRuntime(new PolicyLine(blocking), new GuardChain(new NoHazard(), _time), _time);
        var deciding = Task.Run(() => runtime.DecideAsync(_mission));
        entered.Wait();
        // The timer is set right after the policy was started, on another thread: move on until the decision has seen it.
        while (!deciding.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Thread.Yield();
        }
        release.Set();
        var outcome = await deciding;
        Assert.Equal(DecisionSource.Planner, outcome.Record.Source);
        Assert.Equal(AttemptFailure.Deadline, outcome.Record.Attempts[0].Failure);
    }

    [Fact]
    public void DecideAsync_ThrowingPolicy_OpensTheCircuitAndIsTriedAgainLater()
    {
        bool broken = true;
        var policy = new ScriptedPolicy(context => broken ? throw new InvalidOperationException("no\u0007 weights") : ScriptedPolicy.Named(context, "wait"));
        var runtime = Runtime(policy);
        for (int i = 0; i < 3; i++) Assert.Equal((AttemptFailure.Error, "InvalidOperationException: no weights"), (Decide(runtime).Record.Attempts[0] is var a ? a.Failure : 0, a.Detail));
        Assert.Equal(AttemptFailure.CircuitOpen, Decide(runtime).Record.Attempts[0].Failure);
        Assert.Equal(3, policy.Calls);
        _time.Advance(TimeSpan.FromSeconds(29.999));
        Assert.Equal(AttemptFailure.CircuitOpen, Decide(runtime).Record.Attempts[0].Failure);
        _time.Advance(TimeSpan.FromSeconds(0.001));
        // The trial fails: one question, and the pause begins anew.
        Assert.Equal(AttemptFailure.Error, Decide(runtime).Record.Attempts[0].Failure);
        Assert.Equal(AttemptFailure.CircuitOpen, Decide(runtime).Record.Attempts[0].Failure);
        broken = false;
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(AttemptFailure.None, Decide(runtime).Record.Attempts[0].Failure);
        broken = true;
        Assert.Equal(AttemptFailure.Error, Decide(runtime).Record.Attempts[0].Failure);
        Assert.Equal(AttemptFailure.Error, Decide(runtime).Record.Attempts[0].Failure);
    }

    [Fact]
    public void DecideAsync_RefusedByTheEnvelope_DoesNotOpenTheCircuit()
    {
        var runtime = Runtime(Walker(), envelope: new FixedEnvelope(_ => GuardReason.EmergencyStop));
        for (int i = 0; i < 6; i++)
        {
            var outcome = Decide(runtime);
            Assert.Null(outcome.Approved);
            Assert.Equal(DecisionSource.SafeStop, outcome.Record.Source);
            Assert.Equal(GuardStage.Envelope, outcome.Record.Attempts[0].Stage);
            _mission.Disturb();
        }
    }

    [Fact]
    public void DecideAsync_NullsFromAPolicy_AreNoAnswer()
    {
        Assert.Equal(DecisionSource.Planner, Decide(Runtime(new ScriptedPolicy((_, _) => Task.FromResult<AgentDecision>(null!)))).Record.Source);
        Assert.Equal(DecisionSource.Planner, Decide(Runtime(new ScriptedPolicy((_, _) => Task.FromResult(ScriptedPolicy.Decision(null!))))).Record.Source);
        Assert.Equal(DecisionSource.Planner, Decide(Runtime(new ScriptedPolicy((_, _) => throw new OperationCanceledException()))).Record.Source);
    }

    [Fact]
    public void Swap_WhileThinking_DropsTheOldPolicysAnswerAndKeepsTheMission()
    {
        AgentRuntime? runtime = null;
        var next = Walker("next");
        var old = new ScriptedPolicy(context =>
        {
            runtime!.Swap(new PolicyLine(next), giveUp: true);
            return ScriptedPolicy.Named(context, "report");
        }, "old");
        runtime = Runtime(old);
        var first = Decide(runtime);
        Assert.Equal(("planner", AttemptFailure.Replaced), (first.Record.PolicyVersion, first.Record.Attempts[0].Failure));
        Assert.Equal("next", Decide(runtime).Record.PolicyVersion);
        Assert.Equal((1, 1), (next.Calls, next.Begins));
    }

    [Fact]
    public void Swap_WithoutGivingUp_WaitsForTheStep()
    {
        AgentRuntime? runtime = null;
        var old = new ScriptedPolicy(context =>
        {
            runtime!.Swap(new PolicyLine(Walker("next")), giveUp: false);
            return ScriptedPolicy.Named(context, "wait");
        }, "old");
        runtime = Runtime(old);
        Assert.Equal("old", Decide(runtime).Record.PolicyVersion);
        Assert.Equal("next", Decide(runtime).Record.PolicyVersion);
    }

    [Fact]
    public void Swap_WhileAPolicyHangs_EndsTheDecisionAtOnce()
    {
        var runtime = Runtime(Hanging("old"));
        _time.CreateTimer(_ => runtime.Swap(PolicyLine.PlannerOnly, giveUp: true), null, TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan);
        var outcome = Decide(runtime);
        Assert.Equal((DecisionSource.Planner, 200.0), (outcome.Record.Source, outcome.Record.Latency.TotalMilliseconds));
    }

    [Fact]
    public void DecideAsync_AfterAHang_GivesTheNextPolicyAViewOfItsOwn()
    {
        // The hung policy still holds its context: what it reads later must be what it was asked with.
        AgentContext? held = null;
        var hung = new ScriptedPolicy((context, _) =>
        {
            held ??= context;
            return context == held ? new TaskCompletionSource<AgentDecision>().Task : Task.FromResult(ScriptedPolicy.Decision(context.Candidates[0]));
        });
        var runtime = Runtime(hung);
        Decide(runtime);
        float room = held!.View.State[0];
        _mission.Step("go to room 1");
        Decide(runtime);
        Assert.Equal(room, held.View.State[0]);
        Assert.Equal(["go to room 1", "report", "wait"], held.Candidates.Select(c => c.Text));
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Runtime(null, options: new AgentRuntimeOptions { Deadline = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => Runtime(null, options: new AgentRuntimeOptions { Reserve = TimeSpan.FromSeconds(2) }));
        Assert.Throws<ArgumentException>(() => Runtime(null, options: new AgentRuntimeOptions { MaxReasks = 9 }));
        Assert.Throws<ArgumentException>(() => Runtime(null, options: new AgentRuntimeOptions { CircuitPause = TimeSpan.Zero }));
    }

    private static ScriptedPolicy Walker(string version = "scripted") => new(c => c.Candidates.LastOrDefault(x => x.Verb == "go to") ?? c.Candidates[0], version);

    private static ScriptedPolicy Hanging(string version) => new((_, _) => new TaskCompletionSource<AgentDecision>().Task, version);

    private AgentRuntime Runtime(IAgentPolicy? main, IAgentPolicy? compact = null, ISafetyEnvelope? envelope = null, AgentRuntimeOptions? options = null) =>
        new(new PolicyLine(main, compact), new GuardChain(envelope ?? new NoHazard(), _time), _time, options ?? _inline, _sink);

    private DecisionOutcome Decide(AgentRuntime runtime) => _time.Run(() => runtime.DecideAsync(_mission));
}
