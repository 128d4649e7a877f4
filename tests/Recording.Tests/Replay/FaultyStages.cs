using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>A payload small enough to look at.</summary>
internal readonly record struct Reading(double X, double Y) : IPayload
{
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(X);
        hasher.Add(Y);
    }
}

/// <summary>What happens in which call of which stage: a pure function of a seed, so that a replay meets the same faults.</summary>
internal sealed class FaultDice(ulong seed, double share)
{
    public enum Face { None, NoOutput, Degraded, Fail, Throw }

    public Face Roll(string stage, ulong cycle)
    {
        if (share == 0) return Face.None;
        var random = RandomStream.For(seed ^ cycle * 0x9E3779B97F4A7C15, stage);
        return random.NextDouble() < share ? (Face)(1 + random.NextInt32(4)) : Face.None;
    }

    public StageStatus Play(string stage, ulong cycle) => Roll(stage, cycle) switch
    {
        Face.NoOutput => StageStatus.NoOutput,
        Face.Degraded => StageStatus.Degraded,
        Face.Fail => StageStatus.Failed(FailureCode.Custom),
        Face.Throw => throw new InvalidOperationException($"fault in {stage}, cycle {cycle}"),
        _ => StageStatus.Ok,
    };
}

/// <summary>The outside world: nothing of it is the same in two runs.</summary>
internal sealed class WildSensor(FaultDice dice, RandomStream world) : ISensor<Reading>
{
    private double _walk;

    public string Name => "sense";

    public StageReplay Replay => StageReplay.FromLog;

    public Action<ulong>? Called { get; set; }

    public StageStatus Sense(in SensingRequest request, ref Reading sample, ref SensorReport report, in CycleContext context)
    {
        Called?.Invoke(context.CycleId);
        // Written before the fault: what a failing sensor leaves behind must not matter.
        sample = new Reading(_walk += world.NextGaussian(), world.NextDouble());
        report.Items = world.NextInt32(5000);
        report.QueueFill = world.NextInt32(20) == 0 ? 0.8f : 0.1f;
        var status = dice.Play(Name, context.CycleId);
        report.ValidTo = context.Now - Duration.FromMilliseconds(world.NextInt32(30) == 0 ? 80 : 1);
        report.ValidFrom = report.ValidTo - Duration.FromMilliseconds(1);
        report.Trust = world.NextInt32(40) == 0 ? 0.4f : 1f;
        report.Dropped = (uint)world.NextInt32(3);
        report.Applied = new SensorApplied { Region = request.Region, Sectors = request.Sectors, RateHz = world.NextSingle(), EventThreshold = 1, Coverage = world.NextSingle(), EnergyMicrojoule = 2 };
        return status;
    }
}

internal sealed class WildActuator(FaultDice dice) : IActuator<Twist2>
{
    public string Name => "act";

    public StageReplay Replay => StageReplay.FromLog;

    public Action<ulong>? Called { get; set; }

    public StageStatus Act(in Twist2 action, in CycleContext context)
    {
        Called?.Invoke(context.CycleId);
        return dice.Play(Name, context.CycleId);
    }

    public void MakeSafe()
    {
    }
}

/// <summary>A stage of the real kind: state, random numbers, faults half-way.</summary>
internal sealed class WalkingPerceiver(string name, FaultDice dice) : IPerceiver<Reading, Reading>, IFreezable, IPayload
{
    private double _sum;

    public string Name => name;

    public StageStatus Perceive(in Reading sample, ref Reading percept, in CycleContext context)
    {
        _sum = 0.9 * _sum + sample.X;
        percept = new Reading(_sum, context.Random.NextDouble());
        return dice.Play(name, context.CycleId);
    }

    public void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).Write(_sum);

    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, name);
        _sum = reader.Read<double>();
        reader.End();
    }

    public void AddTo(ref StateHasher hasher) => hasher.Add(_sum);
}

/// <summary>A stage that is refined for as long as there is time, and may fail in any quantum.</summary>
internal sealed class RefiningPerceiver(string name, FaultDice dice) : IAnytimePerceiver<Reading, Reading>, IFreezable, IPayload
{
    private long _quanta;

    public string Name => name;

    public StageStatus Perceive(in Reading sample, ref Reading percept, in CycleContext context)
    {
        _quanta++;
        percept = sample;
        return dice.Play(name, context.CycleId);
    }

    public RefineResult Refine(in Reading sample, ref Reading percept, in CycleContext context)
    {
        _quanta++;
        percept = new Reading(percept.X * 1.25 + context.Random.NextDouble(), _quanta);
        if (context.Random.NextInt32(25) == 0) throw new InvalidOperationException("fault in a quantum");
        return new RefineResult((RefineProgress)(context.Random.NextInt32(12) == 0 ? 1 : 0), context.Random.NextSingle());
    }

    public void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).Write(_quanta);

    public void Thaw(ReadOnlySpan<byte> state) => _quanta = new StateReader(state, name).Read<long>();

    public void AddTo(ref StateHasher hasher) => hasher.Add(_quanta);
}

/// <summary>A stage on an engine that is not the same twice; it can be replayed from the log only.</summary>
internal sealed class WildPerceiver(FaultDice dice, RandomStream engine, bool anytime) : IAnytimePerceiver<Reading, Reading>
{
    public string Name => "engine";

    public StageReplay Replay => StageReplay.FromLog;

    public StageStatus Perceive(in Reading sample, ref Reading percept, in CycleContext context)
    {
        percept = new Reading(engine.NextGaussian(), engine.NextDouble());
        return dice.Play(Name, context.CycleId);
    }

    public RefineResult Refine(in Reading sample, ref Reading percept, in CycleContext context)
    {
        if (!anytime) return new RefineResult(RefineProgress.Converged, 1);
        percept = new Reading(engine.NextGaussian(), engine.NextDouble());
        return new RefineResult(RefineProgress.Improved, engine.NextSingle());
    }
}

internal sealed class WalkingPolicy(FaultDice dice) : IPolicy<Reading, Twist2>, IFreezable, IPayload
{
    private double _memory;

    public string Name => "decide";

    public RandomStream? Engine { get; set; }

    public StageReplay Replay { get; init; } = StageReplay.Exact;

    public StageStatus Decide(in Reading percept, ref Decision<Twist2> decision, in CycleContext context)
    {
        var random = Engine ?? context.Random;
        _memory = 0.5 * _memory + percept.X + percept.Y;
        decision.Action = new Twist2((float)Math.Clamp(_memory, -1, 1), random.NextInt32(50) == 0 ? float.NaN : random.NextSingle());
        decision.PeriodIndex = (sbyte)(random.NextInt32(8) - 1);
        decision.StepError = random.NextSingle() * 2;
        decision.TimeToContact = random.NextInt32(9) == 0 ? 0.01f : float.PositiveInfinity;
        if (random.NextInt32(3) == 0) decision.Request = Request(random, context.CycleId);
        return dice.Play(Name, context.CycleId);
    }

    public static SensingRequest Request(RandomStream random, ulong cycle)
    {
        var request = SensingRequest.None;
        request.Sectors = default;
        request.Sectors.AddRange(random.NextInt32(360), 1 + random.NextInt32(200));
        request.RateHz = random.NextSingle();
        request.Origin = (RequestOrigin)(1 + random.NextInt32(3));
        request.ExpiresCycle = cycle + (ulong)random.NextInt32(5);
        return request;
    }

    public void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).Write(_memory);

    public void Thaw(ReadOnlySpan<byte> state) => _memory = new StateReader(state, Name).Read<double>();

    public void AddTo(ref StateHasher hasher) => hasher.Add(_memory);
}

/// <summary>A trust monitor with a history, as monitors have.</summary>
internal sealed class WalkingMonitor : ITrustMonitor<Reading>, IFreezable
{
    private float _level = 1;

    public float Score(in Reading sample, in SensorReport report, in CycleContext context) =>
        _level = 0.9f * _level + 0.1f * (sample.Y > 0.1 ? 1f : sample.Y > 0.02 ? 0f : throw new InvalidOperationException("monitor"));

    public void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).Write(_level);

    public void Thaw(ReadOnlySpan<byte> state) => _level = new StateReader(state, "monitor").Read<float>();
}

/// <summary>A machine whose speed nobody knows, and from which anything may call in at any time.</summary>
internal sealed class WildMeasure(RandomStream random) : IMeasure
{
    private long _now;

    public Action? Called { get; set; }

    public long Now()
    {
        Called?.Invoke();
        return _now += random.NextInt32(100) switch { 0 => 900_000, < 10 => 30_000 + random.NextInt32(30_000), < 20 => 150_000, _ => random.NextInt32(20_000) };
    }
}

/// <summary>A clock that wakes late now and then.</summary>
internal sealed class WildClock(RandomStream random) : IClock
{
    public Stamp Now { get; private set; }

    public WaitResult WaitUntil(Stamp deadline)
    {
        var late = new Duration(random.NextInt32(12) == 0 ? random.NextInt32(40_000_000) : random.NextInt32(500_000));
        Now = Stamp.Max(Now, deadline + late);
        return new WaitResult(Now, false);
    }

    public void Interrupt()
    {
    }
}
