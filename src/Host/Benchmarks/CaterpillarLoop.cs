using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The graph of <see cref="LoopBenchmark"/> with sinks: one source, stages that pass a number on, one sink.</summary>
internal static class CaterpillarLoop
{
    /// <summary>Makes a loop that runs on a clock of its own and is not started.</summary>
    /// <param name="stages">How many stages it has, 4 to 64.</param>
    /// <param name="sinks">Makes who is told about the cycles, from what must be known of the loop.</param>
    public static IControlLoop Create(int stages, Func<LoopDescription, IReadOnlyList<ICycleSink>> sinks)
    {
        var chain = PerceiverChain<BenchToken, BenchToken>.Of(new Segment(1));
        for (int i = 2; i <= stages - 3; i++) chain = chain.Then(new Segment(i), default);
        var options = new LoopOptions { Name = "caterpillar", StartIndex = 0 };
        var description = new LoopDescription(
            options.Name, [.. Enumerable.Range(0, stages).Select(Name)], options.Grid.Shortest, options.Grid.Count, nameof(BenchToken), nameof(BenchToken), nameof(BenchToken), RecordedClock.Real);
        return new ControlLoop<BenchToken, BenchToken, BenchToken>(options, new LoopStages<BenchToken, BenchToken, BenchToken>
        {
            Sensor = new Head(), Perceive = chain, Policy = new Bend(stages - 2), Actuator = new Tail(stages - 1), Rules = new Rules(),
            Pacer = new FixedPacer(0), Sample = default, Percept = default, Sinks = sinks(description),
        }, new SimClock());
    }

    private static string Name(int stage) => $"s{stage:00}";

    private sealed class Head : ISensor<BenchToken>
    {
        public string Name => CaterpillarLoop.Name(0);

        public StageStatus Sense(in SensingRequest request, ref BenchToken sample, ref SensorReport report, in CycleContext context)
        {
            sample = new BenchToken(0);
            report.ValidTo = context.Now;
            report.Items = 1;
            return StageStatus.Ok;
        }
    }

    private sealed class Segment(int index) : IPerceiver<BenchToken, BenchToken>
    {
        public string Name { get; } = CaterpillarLoop.Name(index);

        public StageStatus Perceive(in BenchToken sample, ref BenchToken percept, in CycleContext context)
        {
            percept = new BenchToken(sample.Hops + 1);
            return StageStatus.Ok;
        }
    }

    private sealed class Bend(int index) : IPolicy<BenchToken, BenchToken>
    {
        public string Name { get; } = CaterpillarLoop.Name(index);

        public StageStatus Decide(in BenchToken percept, ref Decision<BenchToken> decision, in CycleContext context)
        {
            decision.Action = new BenchToken(percept.Hops + 1);
            return StageStatus.Ok;
        }
    }

    private sealed class Tail(int index) : IActuator<BenchToken>
    {
        public string Name { get; } = CaterpillarLoop.Name(index);

        public StageStatus Act(in BenchToken action, in CycleContext context) => StageStatus.Ok;

        public void MakeSafe() { }
    }

    private sealed class Rules : IActionRules<BenchToken>
    {
        public BenchToken Safe => default;

        public bool IsFinite(in BenchToken action) => true;

        public bool Limit(in BenchToken previous, ref BenchToken action, Duration dt, Rung rung) => false;

        public void Decay(ref BenchToken held, Duration dt) => held = default;

        public float Effort(in BenchToken action) => 0;
    }
}
