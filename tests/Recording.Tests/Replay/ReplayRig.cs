using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>What a loop is made of: drawn from a seed, or set by a test.</summary>
internal sealed record LoopPlan
{
    public required ulong Seed { get; init; }
    public string Perceive { get; init; } = "exact"; // exact, refine, both, engine, engine-anytime
    public double FaultShare { get; init; }
    public OnMiss[] OnMiss { get; init; } = [Runtime.OnMiss.Warn, Runtime.OnMiss.Warn, Runtime.OnMiss.Warn, Runtime.OnMiss.Warn];
    public int BudgetKillCount { get; init; }
    public bool Budgets { get; init; }
    public string? BudgetOf { get; init; } // of all stages when null
    public OverrunPolicy OnOverrun { get; init; }
    public bool Late { get; init; }
    public bool Inputs { get; init; }
    public bool Stops { get; init; }
    public string Pacer { get; init; } = "fixed";
    public bool Trust { get; init; }
    public bool LoggedPolicy { get; init; }
    public int WarmUp { get; init; }
    public int KeyframeCycles { get; init; } = 10;

    public static LoopPlan Draw(ulong seed)
    {
        var r = RandomStream.For(seed, "plan");
        string[] perceive = ["exact", "refine", "both", "engine", "engine-anytime"], pacers = ["fixed", "error", "policy", "rate"];
        return new LoopPlan
        {
            Seed = seed, Perceive = perceive[r.NextInt32(5)], FaultShare = r.NextInt32(3) * 0.08, Budgets = r.NextInt32(4) > 0, BudgetKillCount = r.NextInt32(3),
            OnMiss = [(OnMiss)r.NextInt32(4), (OnMiss)r.NextInt32(4), (OnMiss)r.NextInt32(4), (OnMiss)r.NextInt32(4)],
            OnOverrun = (OverrunPolicy)r.NextInt32(2), Late = r.NextInt32(2) == 0, Inputs = r.NextInt32(3) > 0, Stops = r.NextInt32(2) == 0, Pacer = pacers[r.NextInt32(4)],
            Trust = r.NextInt32(2) == 0, LoggedPolicy = r.NextInt32(4) == 0, WarmUp = r.NextInt32(2) * 7, KeyframeCycles = 3 + r.NextInt32(20),
        };
    }
}

/// <summary>Runs a loop with a lane, and runs what the lane gave again.</summary>
internal sealed class ReplayRig(LoopPlan plan)
{
    public List<(RecordKind Kind, byte[] Bytes)> Records { get; } = [];

    /// <summary>Set by a test that wants something else than the plan's stage.</summary>
    public Func<bool, IPolicy<Reading, Twist2>>? Policy { get; init; }

    public Func<bool, IPerceiver<Reading, Reading>>? Perceiver { get; init; }

    public IMeasure? Measure { get; init; }

    public Action<IControlLoop, int>? BeforeCycle { get; init; }

    public ICycleSink[] Sinks { get; init; } = [];

    public int KeyframeCount => Records.Count(r => r.Kind == RecordKind.Keyframe);

    public LoopDescription Description { get; private set; } = null!;

    public void Run(int cycles)
    {
        var world = RandomStream.For(plan.Seed, "world");
        WildMeasure measure = new(RandomStream.For(plan.Seed, "speed"));
        IClock clock = plan.Late ? new WildClock(RandomStream.For(plan.Seed, "clock")) : new SimClock();
        var dice = new FaultDice(plan.Seed, plan.FaultShare);
        WildSensor sensor = new(dice, world);
        WildActuator actuator = new(dice);
        Description = Describe();
        var lane = new LoopLane<Reading, Reading, Twist2>(Description, new LaneOptions { KeyframeCycles = plan.KeyframeCycles, RingBytes = 1 << 20 });
        var loop = Build(sensor, actuator, replay: null, clock, Measure ?? measure, [lane, .. Sinks]);
        var outside = RandomStream.For(plan.Seed, "outside");
        if (plan.Stops)
        {
            // A watchdog may strike anywhere in a cycle; the calls of the measure lie at all of its boundaries.
            measure.Called = () => Strike();
            sensor.Called = _ => Strike();
            actuator.Called = _ => Strike();
        }
        loop.Start();
        for (int i = 0; i < cycles; i++)
        {
            if (plan.Inputs) Send(loop, outside);
            BeforeCycle?.Invoke(loop, i);
            loop.RunOnce();
            Drain(lane);
        }

        void Strike()
        {
            if (outside.NextInt32(150) == 0) loop.StopNow();
        }
    }

    /// <summary>Replays from the keyframe with this number and returns the first difference.</summary>
    public CycleDifference? Replay(int keyframe = 0, IReadOnlySet<string>? fresh = null)
    {
        var feed = new ReplayFeed("test");
        var tags = new List<Stamp>();
        int n = Description.StageNames.Count;
        var dice = new FaultDice(plan.Seed, plan.FaultShare);
        var sink = new Catch();
        var loop = Build(new RecordedSensor<Reading>("sense", feed), new RecordedActuator<Twist2>("act", n - 1, feed), feed, new ReplayClock(tags), new WildMeasure(RandomStream.For(plan.Seed + 99, "speed")), [sink]);
        loop.Start();
        int at = Records.Select((r, i) => (r.Kind, i)).Where(r => r.Kind == RecordKind.Keyframe).ElementAt(keyframe).i;
        loop.Thaw(Keyframe.Parse(Records[at].Bytes).State, fresh);
        var comparer = new CycleComparer(Description);
        Replayed = 0;
        foreach (var (kind, bytes) in Records.Skip(at + 1))
        {
            if (kind != RecordKind.Cycle) continue;
            feed.Load(bytes);
            tags.Add(feed.Record.Tag);
            loop.RunOnce();
            Replayed++;
            if (comparer.Compare(CycleRecord.Parse(bytes), CycleRecord.Parse(sink.Buffer.Written)) is { } difference) return difference;
        }
        return null;
    }

    public int Replayed { get; private set; }

    private ControlLoop<Reading, Reading, Twist2> Build(ISensor<Reading> sensor, IActuator<Twist2> actuator, ReplayFeed? replay, IClock clock, IMeasure measure, ICycleSink[] sinks)
    {
        var dice = new FaultDice(plan.Seed, plan.FaultShare);
        var stages = Perceivers(dice, replay);
        var chain = PerceiverChain<Reading, Reading>.Of(stages[0]);
        foreach (var next in stages.Skip(1)) chain = chain.Then(next, default);
        var policy = Policy?.Invoke(replay is not null) ?? Decide(dice, replay, stages.Count + 1);
        var grid = PeriodGrid.Default;
        string[] names = Names();
        var limits = new Dictionary<string, StageOptions>();
        for (int i = 0; plan.Budgets && i < names.Length; i++)
        {
            if (plan.BudgetOf is { } only && names[i] != only) continue;
            var onMiss = plan.OnMiss[i == 0 ? 0 : i == names.Length - 1 ? 3 : i == names.Length - 2 ? 2 : 1];
            limits[names[i]] = new StageOptions { Budget = Duration.FromMicroseconds(40), OnMiss = onMiss, BudgetKillCount = plan.BudgetKillCount };
        }
        return new ControlLoop<Reading, Reading, Twist2>(
            new LoopOptions
            {
                Name = "test", Seed = plan.Seed, Stages = limits, OnOverrun = plan.OnOverrun, WarmUpCycles = plan.WarmUp, Replay = replay,
                Health = new HealthOptions { Dwell = Duration.FromMilliseconds(20) },
            },
            new LoopStages<Reading, Reading, Twist2>
            {
                Sensor = sensor, Perceive = chain, Policy = policy, Actuator = actuator, Rules = new TwistRules(),
                Pacer = plan.Pacer switch { "error" => new ErrorControlledPacer(grid), "policy" => new PolicyPacer(new ErrorControlledPacer(grid)), "rate" => new EventRatePacer(grid, 1000), _ => new FixedPacer(2) },
                Sample = default, Percept = default, Trust = plan.Trust ? new WalkingMonitor() : null, Sinks = sinks,
            },
            clock, measure);
    }

    private List<IPerceiver<Reading, Reading>> Perceivers(FaultDice dice, ReplayFeed? replay)
    {
        if (Perceiver is { } make) return [make(replay is not null)];
        return plan.Perceive switch
        {
            "refine" => [new RefiningPerceiver("refine", dice)],
            "both" => [new WalkingPerceiver("walk", dice), new RefiningPerceiver("refine", dice)],
            "engine" or "engine-anytime" => [replay is null
                ? new WildPerceiver(dice, RandomStream.For(plan.Seed, "engine"), plan.Perceive == "engine-anytime")
                : new RecordedPerceiver<Reading, Reading>("engine", 1, replay)],
            _ => [new WalkingPerceiver("walk", dice)],
        };
    }

    private IPolicy<Reading, Twist2> Decide(FaultDice dice, ReplayFeed? replay, int stage)
    {
        if (!plan.LoggedPolicy) return new WalkingPolicy(dice);
        return replay is null ? new WalkingPolicy(dice) { Replay = StageReplay.FromLog, Engine = RandomStream.For(plan.Seed, "policy engine") } : new RecordedPolicy<Reading, Twist2>("decide", stage, replay);
    }

    private string[] Names() => ["sense", .. Perceivers(new FaultDice(0, 0), null).Select(p => p.Name), "decide", "act"];

    private LoopDescription Describe() => new("test", Names(), PeriodGrid.Default.Shortest, PeriodGrid.Default.Count, nameof(Reading), nameof(Reading), nameof(Twist2), RecordedClock.Real);

    private static void Send(IControlLoop loop, RandomStream r)
    {
        while (r.NextInt32(3) == 0)
        {
            var kind = r.NextInt32(20) switch { 0 => LoopInputKind.EmergencyStop, < 7 => LoopInputKind.ClearStop, var k => (LoopInputKind)(3 + k % 4) };
            double value = kind switch
            {
                LoopInputKind.PeriodCap => r.NextInt32(4) switch { 0 => 0, 1 => double.NaN, 2 => 1e300, _ => r.NextInt32(40) },
                LoopInputKind.PeerLost => r.NextInt32(8) == 0 ? 1 : 0,
                LoopInputKind.RungFloor => r.NextInt32(8) == 0 ? r.NextInt32(7) - 1 : 0,
                _ => 0,
            };
            loop.Inbox.TryWrite(new LoopInput { Kind = kind, Value = value, Request = WalkingPolicy.Request(r, loop.Cycle.Id), Arrived = new Stamp(r.NextInt32(1000)) });
        }
    }

    private void Drain(RecordLane lane)
    {
        while (lane.Ring.TryPeek(out int kind, out var bytes))
        {
            Records.Add(((RecordKind)kind, bytes.ToArray()));
            lane.Ring.Advance();
        }
    }

    internal sealed class Catch : ICycleSink
    {
        public CycleBuffer Buffer { get; } = new();

        public RecordedClock Clock { get; init; } = RecordedClock.Replay;

        public void OnCycle(Cycle cycle) => CycleRecordWriter.Write((TypedCycle<Reading, Reading, Twist2>)cycle, Clock, Buffer);
    }
}
