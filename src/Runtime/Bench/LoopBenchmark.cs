namespace EdgeAutonomy.Runtime;

/// <summary>Times the loop itself on the caterpillar graph: one source, fifteen stages that pass a value on, one sink; 17 stages in all.</summary>
/// <remarks>Everything a robot's loop does is switched on: a stamp at every boundary, statuses, guard, ladder, governor, arbiter, statistics; state hashing as asked.</remarks>
public static class LoopBenchmark
{
    /// <summary>Number of stages in the graph.</summary>
    public const int StageCount = 17;

    /// <summary>Runs the benchmark on the calling thread.</summary>
    /// <param name="cycles">Cycles to measure; positive.</param>
    /// <param name="hashState">Whether every cycle's state is hashed.</param>
    /// <param name="warmUp">Cycles before the measurement, for the JIT.</param>
    public static LoopBenchmarkResult Run(int cycles, bool hashState, int warmUp = 200_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cycles);
        var chain = PerceiverChain<Token, Token>.Of(new Segment(1));
        for (int i = 2; i <= StageCount - 3; i++) chain = chain.Then(new Segment(i), default);
        var tail = new Tail();
        var stages = new LoopStages<Token, Token, Token>
        {
            Sensor = new Head(), Perceive = chain, Policy = new Bend(), Actuator = tail, Rules = new TokenRules(),
            Pacer = new FixedPacer(0), Sample = default, Percept = default,
        };
        var options = new LoopOptions { Name = "caterpillar", StartIndex = 0, HashState = hashState };
        var measure = new MonotonicMeasure();
        var loop = new ControlLoop<Token, Token, Token>(options, stages, new SimClock(), measure);
        loop.Start();
        for (int i = 0; i < warmUp; i++) loop.RunOnce();
        loop.Statistics.EndToEnd.Reset();

        var turns = new LatencyHistogram();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        int collections = GC.CollectionCount(0);
        long last = measure.Now();
        for (int i = 0; i < cycles; i++)
        {
            loop.RunOnce();
            long now = measure.Now();
            turns.Record(now - last, (ulong)i);
            last = now;
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        collections = GC.CollectionCount(0) - collections;
        if (tail.Sum != (ulong)(warmUp + cycles) * (StageCount - 2)) throw new InvalidOperationException("Bug in EdgeAutonomy.Runtime: the caterpillar lost a stage.");
        return new LoopBenchmarkResult(cycles, loop.Statistics.EndToEnd.Summarize(), turns.Summarize(), (double)allocated / cycles, collections);
    }

    private readonly record struct Token(ulong Hops) : IPayload
    {
        public void AddTo(ref StateHasher hasher) => hasher.Add(Hops);
    }

    private sealed class Head : ISensor<Token>
    {
        public string Name => "s00";

        public StageStatus Sense(in SensingRequest request, ref Token sample, ref SensorReport report, in CycleContext context)
        {
            sample = new Token(0);
            report.ValidTo = context.Now;
            report.Items = 1;
            return StageStatus.Ok;
        }
    }

    private sealed class Segment(int index) : IPerceiver<Token, Token>
    {
        public string Name { get; } = $"s{index:00}";

        public StageStatus Perceive(in Token sample, ref Token percept, in CycleContext context)
        {
            percept = new Token(sample.Hops + 1);
            return StageStatus.Ok;
        }
    }

    private sealed class Bend : IPolicy<Token, Token>
    {
        public string Name => "s15";

        public StageStatus Decide(in Token percept, ref Decision<Token> decision, in CycleContext context)
        {
            decision.Action = new Token(percept.Hops + 1);
            return StageStatus.Ok;
        }
    }

    private sealed class Tail : IActuator<Token>
    {
        public string Name => "s16";

        public ulong Sum { get; private set; }

        public StageStatus Act(in Token action, in CycleContext context)
        {
            Sum += action.Hops;
            return StageStatus.Ok;
        }

        public void MakeSafe() { }
    }

    private sealed class TokenRules : IActionRules<Token>
    {
        public Token Safe => default;

        public bool IsFinite(in Token action) => true;

        public bool Limit(in Token previous, ref Token action, Duration dt, Rung rung) => false;

        public void Decay(ref Token held, Duration dt) => held = default;

        public float Effort(in Token action) => 0;
    }
}
