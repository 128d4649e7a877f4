using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class BundledAgentTests : IDisposable
{
    private static readonly BundleExpectations _world = BundleWorkshop.World with { ObservationSchemaSha256 = CandidateWeights.HashOf("corridor") };

    private readonly BundleWorkshop _shop = new();
    private readonly VirtualTime _time = new();
    private readonly List<RollbackEvent> _events = [];
    private readonly ListSink _sink = new();
    private readonly string _good, _bad;

    public BundledAgentTests()
    {
        using var store = new BundleStore(_shop.StoreRoot, new BundleLoader(_shop.Keys, _world, new BundleWorkshop.SumProbe()));
        (_good, _bad) = (store.Install(Make()), store.Install(Make()));
        store.Promote(Passes.For(_good));
        store.Promote(Passes.For(_bad));
    }

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Start_CurrentThenPreviousThenPlanner_EachDrivesAMissionToItsEnd()
    {
        foreach (var (damage, place, policy) in (ReadOnlySpan<(string, string, string)>)[("", "current", _bad), (_bad, "previous", _good), (_good, "planner", "")])
        {
            if (damage.Length > 0) File.AppendAllText(Path.Combine(_shop.StoreRoot, "bundles", damage, "weights.bin"), "x");
            _sink.Records.Clear();
            using var agent = Agent(b => new PolicyLine(new ScriptedPolicy(Onward, b.Id)));
            Assert.Equal((place, policy), (agent.Start.Place, agent.Policy));
            Assert.Equal(damage.Length > 0, agent.Start.Findings.Length > 0);
            Assert.Equal(MissionOutcome.Succeeded, Run(agent).Outcome);
            Assert.All(_sink.Records, r => Assert.Equal(policy.Length > 0 ? policy : "planner", r.PolicyVersion));
        }
    }

    [Fact]
    public void Start_PolicyThatCannotBeOpened_IsPassedOverAndNotDenied()
    {
        using var agent = Agent(b => b.Id == _bad ? throw new FormatException("no\nserver") : new PolicyLine(new ScriptedPolicy(Onward, b.Id)));
        Assert.Equal(("previous", _good), (agent.Start.Place, agent.Policy));
        Assert.Contains("FormatException: no server", Assert.Single(agent.Start.Findings), StringComparison.Ordinal);
        agent.Dispose();
        using var none = Agent(_ => throw new FormatException("none"));
        Assert.Equal(("planner", "", 2), (none.Start.Place, none.Policy, none.Start.Findings.Length));
        Assert.Equal(MissionOutcome.Succeeded, Run(none).Outcome);
        none.Dispose();
        using var store = BundleStore.Read(_shop.StoreRoot, _shop.Loader);
        Assert.Empty(store.Denials());
    }

    [Fact]
    public void Monitor_FiresForEachPolicyInTurn_TheMissionGoesOnAndEveryOneIsDenied()
    {
        // Both give a number that is none on their third decision.
        using var agent = Agent(b =>
        {
            int decided = 0;
            return new PolicyLine(new ScriptedPolicy((context, _) => Task.FromResult(ScriptedPolicy.Decision(Onward(context), b.Id) with { LogProbability = ++decided == 3 ? float.NaN : -0.1f }), b.Id));
        });
        var mission = new CorridorMission(rooms: 9);
        Assert.Equal(MissionOutcome.Succeeded, Run(agent, mission).Outcome);
        Assert.Equal([_bad, _bad, _bad, _good, _good, _good, "planner", "planner", "planner", "planner", "planner"], _sink.Records.Select(r => r.PolicyVersion));
        Assert.Equal(9, mission.Steps);
        Assert.Equal([(_bad, _good), (_good, "")], _events.Select(e => (e.Bundle, e.Now)));
        Assert.Equal("", agent.Policy);
        agent.Dispose();
        using var again = Agent(b => new PolicyLine(new ScriptedPolicy(Onward, b.Id)));
        Assert.Equal("planner", again.Start.Place);
    }

    [Fact]
    public void Monitor_PolicyThatIsLate_RestsForTheMissionThenIsRolledBack()
    {
        using var agent = Agent(b => new PolicyLine(new ScriptedPolicy(
            async (context, _) =>
            {
                if (b.Id == _bad) await _time.Pass(TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(false);
                return ScriptedPolicy.Decision(Onward(context), b.Id);
            },
            b.Id)));
        Assert.Equal(MissionOutcome.Succeeded, Run(agent).Outcome);
        Assert.Equal((MonitorAction.Fallback, ""), (Assert.Single(_events).Trigger.Action, agent.Policy));
        Assert.Equal(MissionOutcome.Succeeded, Run(agent, new CorridorMission(rooms: 12)).Outcome);
        Assert.Equal((MonitorAction.Rollback, _good), (_events[^1].Trigger.Action, agent.Policy));
        Assert.Equal(_good, _sink.Records[^1].PolicyVersion);
    }

    [Fact]
    public void Run_MissionOfAnotherWorld_IsDrivenByThePlannerWithoutDenyingAnybody()
    {
        using var agent = Agent(b => new PolicyLine(new ScriptedPolicy(Onward, b.Id)), _world with { ObservationSchemaSha256 = BundleWorkshop.Hash("else") }, reinstall: true);
        Assert.NotEqual("", agent.Policy);
        Assert.Equal(MissionOutcome.Succeeded, Run(agent).Outcome);
        Assert.All(_sink.Records, r => Assert.Equal("planner", r.PolicyVersion));
        Assert.Equal(("contract", MonitorAction.Refuse), (Assert.Single(_events).Trigger.Monitor, _events[0].Trigger.Action));
        agent.Dispose();
        using var store = BundleStore.Read(_shop.StoreRoot, _shop.Loader);
        Assert.Empty(store.Denials());
    }

    [Fact]
    public void Rollback_ByAPersonWithinAMission_TakesEffectBetweenTwoSteps()
    {
        using var agent = Agent(b => new PolicyLine(new ScriptedPolicy(Onward, b.Id)));
        _time.CreateTimer(_ => agent.Rollback("drives too close"), null, TimeSpan.FromSeconds(2.5), Timeout.InfiniteTimeSpan);
        var mission = new CorridorMission();
        Assert.Equal(MissionOutcome.Succeeded, Run(agent, mission).Outcome);
        Assert.Equal([_bad, _bad, _bad, _good, _good, _good], _sink.Records.Select(r => r.PolicyVersion));
        Assert.Equal(6, mission.Steps);
        agent.Dispose();
        using var store = BundleStore.Read(_shop.StoreRoot, _shop.Loader);
        Assert.Equal((_bad, "operator"), Assert.Single(store.Denials()));
    }

    // Whatever is swapped in whenever, with or without giving up the decision under way: the mission takes the steps that it would have taken, each once.
    [Fact]
    public void Swap_AtAnyTime_LosesNoMissionAndNoStep()
    {
        int swaps = 0, givenUp = 0;
        for (ulong seed = 0; seed < 300; seed++)
        {
            var random = RandomStream.For(seed, "swaps");
            var time = new VirtualTime();
            var mission = new CorridorMission(rooms: 3 + random.NextInt32(8));
            var sink = new ListSink();
            PolicyLine Line(int number)
            {
                string version = number.ToString("D2", System.Globalization.CultureInfo.InvariantCulture);
                IAgentPolicy Policy() => new ScriptedPolicy(
                    async (context, cancel) =>
                    {
                        await time.Pass(TimeSpan.FromMilliseconds(random.NextInt32(1800)), CancellationToken.None).ConfigureAwait(false);
                        // Some answer rubbish, some too late, some when they were given up long ago.
                        return ScriptedPolicy.Decision(random.NextInt32(4) == 0 ? new ActionCall("fly", [], "fly") : Onward(context, mission.Room == mission.Candidates.Count - 3), version);
                    },
                    version);
                return random.NextInt32(5) == 0 ? PolicyLine.PlannerOnly : new PolicyLine(Policy(), random.NextInt32(2) == 0 ? Policy() : null);
            }

            var runtime = new AgentRuntime(Line(0), new GuardChain(new NoHazard(), time), time, new AgentRuntimeOptions { OffThread = false }, sink);
            for (int i = 1; i <= 4; i++)
            {
                (int number, bool giveUp) = (i, random.NextInt32(2) == 0);
                time.CreateTimer(_ => runtime.Swap(Line(number), giveUp), null, TimeSpan.FromMilliseconds(400 * i + random.NextInt32(400)), Timeout.InfiniteTimeSpan);
                swaps++;
            }
            var body = new WatchfulBody(mission);
            var report = time.Run(() => new MissionRunner(runtime, time).RunAsync(mission, body));
            int rooms = mission.Candidates.Count - 2;
            Assert.True((report.Outcome, report.Steps, report.SafeStops) == (MissionOutcome.Succeeded, rooms, 0), $"seed {seed}: {report}");
            Assert.Equal([.. Enumerable.Range(1, rooms - 1).Select(r => $"go to room {r}"), "report"], body.Executed);
            Assert.Equal(body.Executed, mission.Done);
            // One decision per step, and never an older policy after a newer one.
            Assert.Equal(Enumerable.Range(0, rooms), sink.Records.Select(r => r.Step));
            var learned = sink.Records.Where(r => r.Source == DecisionSource.Policy).Select(r => r.PolicyVersion).ToArray();
            Assert.Equal(learned.Order(StringComparer.Ordinal), learned);
            givenUp += sink.Records.Count(r => r.Attempts.Any(a => a.Failure == AttemptFailure.Replaced));
        }
        // The test would prove nothing if no decision had been interrupted.
        Assert.True(swaps == 1200 && givenUp > 100, $"{givenUp} decisions were given up.");
    }

    private static ActionCall Onward(AgentContext context) => Onward(context, context.Observation.Contains(context.Instruction["report from ".Length..], StringComparison.Ordinal));

    private static ActionCall Onward(AgentContext context, bool isThere) => isThere ? ScriptedPolicy.Named(context, "report") : context.Candidates.Where(c => c.Verb == "go to").MaxBy(c => int.Parse(c.Text["go to room ".Length..], System.Globalization.CultureInfo.InvariantCulture))!;

    private string Make(BundleExpectations? world = null) => _shop.Make(m => m with { ObservationSchemaSha256 = (world ?? _world).ObservationSchemaSha256 });

    private MissionReport Run(BundledAgent agent, CorridorMission? mission = null)
    {
        mission ??= new CorridorMission();
        return _time.Run(() => agent.RunAsync(mission, new WatchfulBody(mission)));
    }

    private BundledAgent Agent(Func<PolicyBundle, PolicyLine> open, BundleExpectations? world = null, bool reinstall = false)
    {
        world ??= _world;
        if (reinstall)
        {
            using var store = new BundleStore(_shop.StoreRoot, new BundleLoader(_shop.Keys, world, new BundleWorkshop.SumProbe()));
            store.Promote(Passes.For(store.Install(Make(world))));
        }
        return new BundledAgent(new BundledAgentOptions
        {
            Store = _shop.StoreRoot, Keys = _shop.Keys, World = world, Probe = new BundleWorkshop.SumProbe(), Open = open, Envelope = new NoHazard(), Time = _time, Baseline = new MonitorBaseline(0.8, 0, 1),
            Runtime = new AgentRuntimeOptions { OffThread = false }, Sink = _sink, Publish = _events.Add,
        });
    }
}
