namespace EdgeAutonomy.Agents.Tests;

public class ShadowRunTests
{
    private readonly CorridorMission _mission = new();
    private readonly VirtualTime _time = new();

    [Fact]
    public void ShadowContext_ByItsTypes_HasNoWayToAct()
    {
        // Everything that can be reached from the context's public members, to any depth, within our own assembly.
        var reached = new HashSet<Type>();
        var open = new Stack<Type>([typeof(IShadowContext)]);
        while (open.TryPop(out var type))
        {
            foreach (var part in type.IsGenericType ? type.GetGenericArguments() : [])
                open.Push(part);
            if (type.Assembly != typeof(IShadowContext).Assembly || !reached.Add(type)) continue;
            foreach (var property in type.GetProperties()) open.Push(property.PropertyType);
            foreach (var method in type.GetMethods()) open.Push(method.ReturnType);
            foreach (var field in type.GetFields()) open.Push(field.FieldType);
        }
        Assert.Contains(typeof(MissionView), reached);
        Type[] forbidden = [typeof(IMission), typeof(IMissionBody), typeof(ApprovedCall), typeof(GuardChain), typeof(AgentRuntime), typeof(BundleStore)];
        Assert.Empty(reached.Intersect(forbidden));
    }

    [Fact]
    public void Observe_CopiesOfLiveInputs_DoNotChangeWithTheMission()
    {
        var live = Contexts.Of(_mission);
        var copy = new ShadowContext(live, null);
        _mission.Step("go to room 1");
        _mission.Describe(live.View);
        Assert.Equal(1, live.View.State[0]);
        Assert.Equal(0, copy.Context.View.State[0]);
        Assert.NotEqual(live.View.Executable.ToArray(), copy.Context.View.Executable.ToArray());
    }

    [Fact]
    public void Observe_Decisions_AreCountedAndGoNowhere()
    {
        int n = 0;
        var run = new ShadowRun(new ScriptedPolicy((context, _) => (n++ % 4) switch
        {
            0 => Task.FromResult(ScriptedPolicy.Decision(context.Candidates[0])),
            1 => Task.FromResult(ScriptedPolicy.Decision(new ActionCall("fly", [], "fly"))),
            2 => throw new InvalidOperationException(),
            _ => Task.FromResult<AgentDecision>(null!),
        }), _time, TimeSpan.FromSeconds(1.5));
        for (int i = 0; i < 8; i++) Show(run, _mission.Call("go to room 1"));
        var figures = run.Figures();
        Assert.Equal((8, 2, 2, 8, 4, 0), (figures.Decisions, figures.Agreed, figures.Grounded, figures.IncumbentGrounded, figures.Failures, figures.Dropped));
        Assert.Empty(_mission.Done);
    }

    [Fact]
    public void Observe_WhileBusy_IsPassedOverAndALateAnswerIsAFailure()
    {
        var run = new ShadowRun(new ScriptedPolicy(async (context, _) =>
        {
            await _time.Pass(TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(false);
            return ScriptedPolicy.Decision(context.Candidates[0]);
        }), _time, TimeSpan.FromSeconds(1.5));
        _time.Run(async () =>
        {
            var first = run.ObserveAsync(new ShadowContext(Contexts.Of(_mission), null));
            await run.ObserveAsync(new ShadowContext(Contexts.Of(_mission), null)).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            return 0;
        });
        _time.Advance(TimeSpan.FromSeconds(2));
        var figures = run.Figures();
        Assert.Equal((1, 1, 1, 0.5), (figures.Decisions, figures.Failures, figures.Dropped, figures.CpuShare));
        Assert.Equal(TimeSpan.FromSeconds(2), figures.P99);
    }

    private void Show(ShadowRun run, ActionCall incumbent) => _time.Run(async () =>
    {
        await run.ObserveAsync(new ShadowContext(Contexts.Of(_mission), incumbent)).ConfigureAwait(false);
        return 0;
    });
}
