using System.Buffers;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests.Loop;

/// <summary>A loop made of stages that a test scripts with lambdas, on a simulated clock.</summary>
internal sealed class Rig
{
    public SimClock Sim { get; } = new();
    public ScriptedSensor Sensor { get; } = new();
    public List<ScriptedPerceiver> Perceivers { get; } = [new("perceive")];
    public ScriptedPolicy Policy { get; } = new();
    public RecordingActuator Actuator { get; } = new();
    public LoopOptions Options { get; set; } = new() { Name = "avoid", MeasuredDecisions = false };
    public IPacer Pacer { get; set; } = new FixedPacer(2);
    public TwistRules Rules { get; } = new() { MaxLinearChange = 1000, MaxAngularChange = 1000 };
    public IMeasure? Measure { get; set; }
    public IClock? Clock { get; set; }
    public ITrustMonitor<Value>? Trust { get; set; }
    public List<ICycleSink> Sinks { get; } = [];

    public ScriptedPerceiver Perceiver => Perceivers[0];

    public ControlLoop<Value, Value, Twist2> Build(bool start = true)
    {
        var chain = PerceiverChain<Value, Value>.Of(Perceivers[0]);
        foreach (var next in Perceivers.Skip(1)) chain = chain.Then(next, default);
        var loop = new ControlLoop<Value, Value, Twist2>(Options, new LoopStages<Value, Value, Twist2>
        {
            Sensor = Sensor, Perceive = chain, Policy = Policy, Actuator = Actuator, Rules = Rules, Pacer = Pacer, Sample = default, Percept = default, Trust = Trust, Sinks = Sinks,
        }, Clock ?? Sim, Measure);
        if (start) loop.Start();
        return loop;
    }
}

internal readonly record struct Value(double X) : IPayload
{
    public void AddTo(ref StateHasher hasher) => hasher.Add(X);
}

internal sealed class ScriptedSensor : ISensor<Value>, IFreezable, IPayload
{
    private double _walk;

    public string Name => "sense";
    public Func<CycleContext, StageStatus> Status { get; set; } = static _ => StageStatus.Ok;
    public List<SensingRequest> Requests { get; } = [];
    public bool KeepRequests { get; set; }
    public float Trust { get; set; } = 1f;
    public SectorMask? Sensed { get; set; }
    public int Items { get; set; } = 10;

    public StageStatus Sense(in SensingRequest request, ref Value sample, ref SensorReport report, in CycleContext context)
    {
        if (KeepRequests) Requests.Add(request);
        var status = Status(context);
        if (!status.HasOutput) return status;
        _walk += context.Random.NextGaussian();
        sample = new Value(_walk);
        report.ValidTo = context.Now;
        report.Trust = Trust;
        report.Items = Items;
        report.Applied.Sectors = Sensed ?? request.Sectors;
        return status;
    }

    public void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).Write(_walk);
    public void Thaw(ReadOnlySpan<byte> state) => _walk = new StateReader(state, Name).Read<double>();
    public void AddTo(ref StateHasher hasher) => hasher.Add(_walk);
}

internal sealed class ScriptedPerceiver(string name) : IPerceiver<Value, Value>
{
    public string Name => name;
    public int Calls { get; private set; }
    public Func<CycleContext, StageStatus> Status { get; set; } = static _ => StageStatus.Ok;

    public StageStatus Perceive(in Value sample, ref Value percept, in CycleContext context)
    {
        Calls++;
        var status = Status(context);
        if (status.HasOutput) percept = sample;
        return status;
    }
}

internal sealed class ScriptedPolicy : IPolicy<Value, Twist2>
{
    public string Name => "decide";
    public Func<CycleContext, Twist2> Action { get; set; } = static _ => new Twist2(0.5f, 0.1f);
    public Func<CycleContext, Decision<Twist2>, Decision<Twist2>> Amend { get; set; } = static (_, d) => d;

    public StageStatus Decide(in Value percept, ref Decision<Twist2> decision, in CycleContext context)
    {
        decision.Action = Action(context);
        decision = Amend(context, decision);
        return StageStatus.Ok;
    }
}

internal sealed class RecordingActuator : IActuator<Twist2>
{
    private int _safeCalls;

    public string Name => "act";
    public List<Twist2> Sent { get; } = [];
    public bool Keep { get; set; } = true;
    public Twist2 Last { get; private set; }
    public int SafeCalls => Volatile.Read(ref _safeCalls);
    public bool IsSafe { get; private set; }
    public Func<CycleContext, StageStatus> Status { get; set; } = static _ => StageStatus.Ok;

    public StageStatus Act(in Twist2 action, in CycleContext context)
    {
        var status = Status(context);
        Last = action;
        IsSafe = action == Twist2.Rest;
        if (Keep) Sent.Add(action);
        return status;
    }

    public void MakeSafe()
    {
        Interlocked.Increment(ref _safeCalls);
        Last = Twist2.Rest;
        IsSafe = true;
    }
}

/// <summary>A clock whose waits end a scripted time after their deadline.</summary>
internal sealed class LateClock : IClock
{
    public Stamp Now { get; private set; }
    public Duration NextLateness { get; set; }

    public WaitResult WaitUntil(Stamp deadline)
    {
        Now = Stamp.Max(Now, deadline + NextLateness);
        NextLateness = Duration.Zero;
        return new WaitResult(Now, false);
    }

    public void Interrupt() { }
}
