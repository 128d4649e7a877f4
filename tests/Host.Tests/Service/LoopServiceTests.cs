using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAutonomy.Host.Tests;

/// <summary>The service on real threads: how it ends, whatever happens.</summary>
[Trait("Clock", "Real")]
public class LoopServiceTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30); // a test that waits so long has failed

    [Fact]
    public async Task StopAsync_RunningLoop_SendsTheSafeCommandLastAndReturnsOk()
    {
        var rig = new Rig();
        await rig.Service.StartAsync(default);
        Assert.True(SpinWait.SpinUntil(() => rig.Loop.CompletedCycles > 20, Long));
        await rig.Service.StopAsync(default);
        Assert.Equal(ExitCode.Ok, rig.Service.Code);
        Assert.Equal(Twist2.Rest, rig.Actuator.Last);
        Assert.True(rig.Actuator.Moved, "the control: the loop did command something else before");
        Assert.True(rig.Actuator.MadeSafe > 0);
        long cycles = rig.Loop.CompletedCycles;
        Assert.False(rig.Lifetime.Stopped);
        Assert.Equal(cycles, rig.Loop.CompletedCycles);
    }

    [Theory]
    [InlineData(StageRole.Sense)]
    [InlineData(StageRole.Perceive)]
    [InlineData(StageRole.Decide)]
    [InlineData(StageRole.Act)]
    public async Task Watchdog_HungStage_MakesSafeAndExits71(StageRole stage)
    {
        var rig = new Rig(new FaultSection { Stage = stage, Kind = FaultKind.Hang, FromCycle = 5, Cycles = 1_000_000_000 });
        await rig.Service.StartAsync(default);
        Assert.Equal(ExitCode.Stalled, await rig.Exited.Task.WaitAsync(Long));
        Assert.True(rig.Actuator.MadeSafe > 0, "the actuator must be safe before the process ends");
    }

    [Theory]
    [InlineData(FaultKind.Fail)]
    [InlineData(FaultKind.Throw)]
    [InlineData(FaultKind.Silent)]
    [InlineData(FaultKind.Slow)]
    public async Task Run_FaultThatPasses_KeepsTheServiceRunning(FaultKind kind)
    {
        var rig = new Rig(new FaultSection { Stage = StageRole.Perceive, Kind = kind, FromCycle = 5, Cycles = 5, DelayMs = 5 });
        await rig.Service.StartAsync(default);
        Assert.True(SpinWait.SpinUntil(() => rig.Loop.CompletedCycles > 40, Long));
        await rig.Service.StopAsync(default);
        Assert.Equal(ExitCode.Ok, rig.Service.Code);
        Assert.False(rig.Exited.Task.IsCompleted);
        if (kind is FaultKind.Fail or FaultKind.Throw) Assert.True(rig.Loop.Statistics.WorstRung >= Rung.Degraded);
    }

    [Fact]
    public async Task StartAsync_StageThatCannotStart_StopsTheOthersAndNamesIt()
    {
        var good = new Rig();
        var bad = new Rig(startFails: true);
        var service = new LoopService([good.Built, bad.Built], new EdgeOptions(), new Lifetime(), NullLogger<LoopService>.Instance, _ => { });
        var error = await Assert.ThrowsAsync<EdgeException>(() => service.StartAsync(default));
        Assert.Equal(ExitCode.Io, error.Code);
        Assert.Contains("stage 'wheels' could not start: no such port.", error.Message, StringComparison.Ordinal);
        Assert.Equal(Twist2.Rest, good.Actuator.Last);
        Assert.True(good.Actuator.MadeSafe > 0);
    }

    [Fact]
    public async Task StartAsync_StrictWishRefused_StopsWith78()
    {
        // A core that no machine has is refused to root as well.
        var rig = new Rig(options: new EdgeOptions { RealTime = new RealTimeSection { Affinity = [1023], OnError = RealTimeErrorPolicy.Strict } });
        await rig.Service.StartAsync(default);
        Assert.True(SpinWait.SpinUntil(() => rig.Lifetime.Stopped, Long));
        await rig.Service.StopAsync(default);
        Assert.Equal(ExitCode.Configuration, rig.Service.Code);
        Assert.False(rig.Actuator.Moved);
    }

    [Fact]
    public async Task StartAsync_WarnWishRefused_RunsOn()
    {
        var rig = new Rig(options: new EdgeOptions { RealTime = new RealTimeSection { Affinity = [1023] } });
        await rig.Service.StartAsync(default);
        Assert.True(SpinWait.SpinUntil(() => rig.Loop.CompletedCycles > 5, Long));
        await rig.Service.StopAsync(default);
        Assert.Equal(ExitCode.Ok, rig.Service.Code);
    }

    private sealed class Rig
    {
        public Rig(FaultSection? fault = null, EdgeOptions? options = null, bool startFails = false)
        {
            FaultSection[] faults = fault is null ? [] : [fault];
            Actuator = new Wheels(startFails);
            ISensor<Number> sensor = new Counter();
            IPerceiver<Number, Number> perceiver = new Copy();
            IPolicy<Number, Twist2> policy = new Ahead();
            IActuator<Twist2> actuator = Actuator;
            if (FaultPlan.For(StageRole.Sense, faults) is { } s) sensor = new FaultySensor<Number>(sensor, s);
            if (FaultPlan.For(StageRole.Perceive, faults) is { } p) perceiver = new FaultyPerceiver<Number, Number>(perceiver, p);
            if (FaultPlan.For(StageRole.Decide, faults) is { } d) policy = new FaultyPolicy<Number, Twist2>(policy, d);
            if (FaultPlan.For(StageRole.Act, faults) is { } a) actuator = new FaultyActuator<Twist2>(actuator, a);
            var clock = new RealClock();
            var loop = new ControlLoop<Number, Number, Twist2>(
                new LoopOptions { Name = "test", Grid = new PeriodGrid(Duration.FromMilliseconds(2), 1), StartIndex = 0 },
                new LoopStages<Number, Number, Twist2>
                {
                    Sensor = sensor, Perceive = PerceiverChain<Number, Number>.Of(perceiver), Policy = policy, Actuator = actuator,
                    Rules = new TwistRules(), Pacer = new FixedPacer(0), Sample = default, Percept = default,
                },
                clock);
            Built = new BuiltLoop(loop, clock);
            Service = new LoopService([Built], options ?? new EdgeOptions { Watchdog = new WatchdogSection { LimitMs = fault?.Kind == FaultKind.Hang ? 50 : 5000 } }, Lifetime, NullLogger<LoopService>.Instance, exit: code => Exited.TrySetResult(code));
        }

        public Lifetime Lifetime { get; } = new();

        public TaskCompletionSource<ExitCode> Exited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Wheels Actuator { get; }

        public BuiltLoop Built { get; }

        public IControlLoop Loop => Built.Loop;

        public LoopService Service { get; }
    }

    private readonly record struct Number(long Value) : IPayload
    {
        public void AddTo(ref StateHasher hasher) => hasher.Add(Value);
    }

    private sealed class Counter : ISensor<Number>
    {
        public string Name => "counter";

        public StageStatus Sense(in SensingRequest request, ref Number sample, ref SensorReport report, in CycleContext context)
        {
            sample = new Number(sample.Value + 1);
            report.ValidFrom = report.ValidTo = context.Now;
            report.Applied.Sectors = SectorMask.All;
            return StageStatus.Ok;
        }
    }

    private sealed class Copy : IPerceiver<Number, Number>
    {
        public string Name => "copy";

        public StageStatus Perceive(in Number sample, ref Number percept, in CycleContext context)
        {
            percept = sample;
            return StageStatus.Ok;
        }
    }

    private sealed class Ahead : IPolicy<Number, Twist2>
    {
        public string Name => "ahead";

        public StageStatus Decide(in Number percept, ref Decision<Twist2> decision, in CycleContext context)
        {
            decision.Action = new Twist2(0.5f, 0);
            return StageStatus.Ok;
        }
    }

    private sealed class Wheels(bool startFails) : IActuator<Twist2>
    {
        private int _madeSafe;

        public string Name => "wheels";

        public Twist2 Last { get; private set; } = new(float.NaN, 0);

        public bool Moved { get; private set; }

        public int MadeSafe => Volatile.Read(ref _madeSafe);

        public void Start()
        {
            if (startFails) throw new IOException("no such port.");
        }

        public StageStatus Act(in Twist2 action, in CycleContext context)
        {
            Last = action;
            Moved |= action.Linear > 0;
            return StageStatus.Ok;
        }

        public void MakeSafe() => Interlocked.Increment(ref _madeSafe);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        private volatile bool _stopped;

        public bool Stopped => _stopped;

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopped = true;
    }
}
