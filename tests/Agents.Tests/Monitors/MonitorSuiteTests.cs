using System.Diagnostics.Metrics;

namespace EdgeAutonomy.Agents.Tests;

public sealed class MonitorSuiteTests : IDisposable
{
    private readonly BundleWorkshop _shop = new();
    private readonly VirtualTime _time = new();
    private readonly CorridorMission _mission = new();
    private readonly List<RollbackEvent> _events = [];

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Alarm_WithAnyOtherTrigger_BecomesARollback()
    {
        var triggers = new List<MonitorTrigger>();
        var suite = new MonitorSuite(new MonitorBaseline(0.5, 0, 1), null, triggers.Add);
        for (int i = 0; i < 200; i++) suite.ObserveProbabilities([1f, 0f], [0f, 1f]);
        Assert.Equal([MonitorAction.Alarm], triggers.Select(t => t.Action));
        for (int i = 0; i < 4; i++) suite.OnStep(_mission.Call("wait"), default, 7);
        Assert.Equal([MonitorAction.Alarm, MonitorAction.Rollback], triggers.Select(t => t.Action));
        Assert.True(suite.IsOver);
        suite.Record(Streams.Decided(float.NaN));
        Assert.Equal(2, triggers.Count);
    }

    [Fact]
    public void Mission_WithNumbersGoneMad_GoesOnWithThePlannerThenThePreviousPolicy()
    {
        using var store = new BundleStore(_shop.StoreRoot, _shop.Loader);
        string good = store.Install(_shop.Make()), bad = store.Install(_shop.Make());
        store.Promote(Passes.For(good));
        store.Promote(Passes.For(bad));
        int decided = 0;
        var mad = new ScriptedPolicy((context, _) => Task.FromResult(ScriptedPolicy.Decision(Onward(context), bad) with { LogProbability = ++decided == 3 ? float.NaN : -0.1f }), bad);
        var runtime = Monitored(store, mad, bad, good, out var suite, out var sink);
        var body = new WatchfulBody(_mission);
        var report = _time.Run(() => new MissionRunner(runtime, _time, null, suite).RunAsync(_mission, body));
        Assert.Equal(MissionOutcome.Succeeded, report.Outcome);
        // The decision with the bad number is not carried out; the mission is the same one, and the previous policy takes over at its next step.
        Assert.Equal([bad, bad, bad, good, good, good, good], sink.Records.Select(r => r.PolicyVersion));
        Assert.Equal((3, 6, 1), (mad.Calls, report.Steps, report.SafeStops));
        var only = Assert.Single(_events);
        Assert.Equal((bad, good, "numeric", ""), (only.Bundle, only.Now, only.Trigger.Monitor, only.Finding));
        Assert.Equal((good, true), (store.Named("current"), store.IsDenied(bad)));
    }

    [Fact]
    public void Rollback_WhenTheDiskFails_StillTakesThePolicyOutOfLine()
    {
        string good, bad;
        using (var store = new BundleStore(_shop.StoreRoot, _shop.Loader))
        {
            (good, bad) = (store.Install(_shop.Make()), store.Install(_shop.Make()));
            store.Promote(Passes.For(good));
            store.Promote(Passes.For(bad));
        }
        using var full = new BundleStore(_shop.StoreRoot, _shop.Loader, (_, _) => throw new IOException("No space left on device"));
        var mad = new ScriptedPolicy((context, _) => Task.FromResult(ScriptedPolicy.Decision(Onward(context), bad) with { LogProbability = float.NaN }), bad);
        var runtime = Monitored(full, mad, bad, good, out var suite, out var sink);
        var report = _time.Run(() => new MissionRunner(runtime, _time, null, suite).RunAsync(_mission, new WatchfulBody(_mission)));
        Assert.Equal((MissionOutcome.Succeeded, 1), (report.Outcome, mad.Calls));
        Assert.All(sink.Records.Skip(1), r => Assert.Equal(DecisionSource.Planner, r.Source));
        Assert.Contains("No space left", Assert.Single(_events).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Mission_OfALoiteringPolicy_EndsInARollbackAndThatOfAGoodOneDoesNot()
    {
        Assert.Equal("loitering", Trained(context => ScriptedPolicy.Named(context, context.Step % 2 == 0 ? "go to room 1" : "go to room 0")));
        Assert.Null(Trained(Onward));
    }

    [Fact]
    public void Metrics_OfAMission_HaveTheNamesThatWereAgreed()
    {
        var seen = new SortedDictionary<string, double>(StringComparer.Ordinal);
        using var metrics = new AgentMetrics();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == AgentMetrics.MeterName) l.EnableMeasurementEvents(instrument); } };
        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string key = instrument.Name + (tags.Length > 0 && instrument.Name != "agent.policy_info" ? $"{{{tags[0].Key}={tags[0].Value}}}" : "");
            lock (seen) seen[key] = seen.GetValueOrDefault(key) + value;
        }

        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Note(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Note(i, v, tags));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Note(i, v, tags));
        listener.Start();
        metrics.ShowPolicy("id", "parent");
        metrics.RecordResidual(0.25);
        metrics.CountRollback("loitering");
        var policy = new ScriptedPolicy(context => context.Step == 0 ? _mission.Call("go to room 4") : Onward(context));
        var runtime = new AgentRuntime(new PolicyLine(policy), new GuardChain(new NoHazard(), _time, null, metrics), _time, new AgentRuntimeOptions { OffThread = false }, metrics: metrics);
        _time.Run(() => new MissionRunner(runtime, _time, null, null, metrics).RunAsync(_mission, new SteppingBody(_mission)));
        listener.RecordObservableInstruments();
        string[] names = ["agent.attribution.residual", "agent.decision_latency", "agent.decisions{source=Planner}", "agent.decisions{source=Policy}", "agent.grounding_rejected{stage=Preconditions}", "agent.grounding_rejected{stage=Repetition}", "agent.mission{outcome=Succeeded}", "agent.policy_info", "agent.rollback{trigger=loitering}"];
        // Other tests have meters of the same name at the same time: at least ours must be there.
        lock (seen) Assert.Empty(names.Except(seen.Keys));
    }

    private static ActionCall Onward(AgentContext context) => context.Candidates.LastOrDefault(c => c.Verb == "go to" && !context.Observation.Contains("room 5", StringComparison.Ordinal)) ?? ScriptedPolicy.Named(context, "report");

    private string? Trained(Func<AgentContext, ActionCall> choose)
    {
        string? fired = null;
        // The rules against going in circles are widened: here the slower monitor alone must see it.
        var guard = new GuardChain(new NoHazard(), _time, new GuardOptions { MaxRepeats = 100 });
        var loitering = new LoiteringMonitor(baseline: 0.9);
        for (int i = 0; i < 25 && fired is null; i++)
        {
            var mission = new CorridorMission(limit: 20);
            var runtime = new AgentRuntime(new PolicyLine(new ScriptedPolicy(choose)), guard, _time, new AgentRuntimeOptions { OffThread = false });
            fired = loitering.Observe(_time.Run(() => new MissionRunner(runtime, _time).RunAsync(mission, new SteppingBody(mission))))?.Monitor;
        }
        return fired;
    }

    private AgentRuntime Monitored(BundleStore store, IAgentPolicy policy, string bad, string good, out MonitorSuite suite, out ListSink sink)
    {
        RollbackSwitch? rollback = null;
        var watching = new MonitorSuite(new MonitorBaseline(0.8, 0, 1), BundleWorkshop.World, t => rollback!.Receive(bad, t));
        var list = new ListSink();
        var runtime = new AgentRuntime(new PolicyLine(policy), new GuardChain(new NoHazard(), _time), _time, new AgentRuntimeOptions { OffThread = false }, new Both(list, watching));
        rollback = new RollbackSwitch(runtime, store, b => new PolicyLine(new ScriptedPolicy(Onward, b.Id)), _events.Add, _time);
        (suite, sink) = (watching, list);
        Assert.NotEqual(bad, good);
        return runtime;
    }

    private sealed class Both(IDecisionSink a, IDecisionSink b) : IDecisionSink
    {
        public void Record(DecisionRecord record)
        {
            a.Record(record);
            b.Record(record);
        }
    }
}
