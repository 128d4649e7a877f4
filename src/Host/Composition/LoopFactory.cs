using System.Net;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Makes loops from a checked configuration: the one place where option sections meet the classes they describe.</summary>
internal static class LoopFactory
{
    /// <summary>Builds every loop of a configuration; nothing is started.</summary>
    /// <param name="options">Options without errors.</param>
    public static IReadOnlyList<BuiltLoop> Build(EdgeOptions options) => [.. options.Loops.Select(l => Build(l.Key, l.Value, options))];

    private static BuiltLoop Build(string name, LoopSection section, EdgeOptions options) => section.Sense switch
    {
        SimulatedRoverSense sense => Rover(name, section, sense, options),
        EventFileSense sense => Events(name, section, sense, options),
        _ => throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: no loop is known for the sensor '{section.Sense?.Type}'."),
    };

    private static BuiltLoop Rover(string name, LoopSection section, SimulatedRoverSense sense, EdgeOptions options)
    {
        var clock = Clock(options);
        // The world has a clock of its own: it is moved by the sensor, never waited on.
        var world = new World(ScenarioCatalog.Create(sense.Scenario, options.Robot.Seed, robots: 1));
        var sensor = new RoverSensor(world, 0, sense.Ranging);
        var perceiver = new RoverPerceiver(new RoverPerceiverOptions { Camera = SimulatedFleet.Geometry(world.Scenario) });
        return Loop(name, section, options, clock, sensor, sensor.CreateSample(), perceiver, perceiver.CreatePercept(), Actuator(section.Act!, world));
    }

    private static BuiltLoop Events(string name, LoopSection section, EventFileSense sense, EdgeOptions options)
    {
        var info = EventFile.Inspect(sense.Path);
        var sensor = new EventFileSensor(sense.Path);
        var perceiver = EventPerceiver.ForSensor(info.Width, info.Height);
        return Loop(name, section, options, Clock(options), sensor, new EventPacket(sense.Capacity), perceiver, perceiver.CreatePercept(), Actuator(section.Act!, null));
    }

    private static BuiltLoop Loop<TSample>(
        string name, LoopSection section, EdgeOptions options, IClock clock,
        ISensor<TSample> sensor, TSample sample, IPerceiver<TSample, Percept> perceiver, Percept percept, IActuator<Twist2> actuator)
        where TSample : IPayload
    {
        IPolicy<Percept, Twist2> policy = Policy(section.Decide!);
        var grid = Grid(section.Period);
        var loopOptions = Options(name, section, options, grid, sensor.Name, perceiver.Name, policy.Name, actuator.Name);
        if (FaultPlan.For(StageRole.Sense, section.Faults) is { } sense) sensor = new FaultySensor<TSample>(sensor, sense);
        if (FaultPlan.For(StageRole.Perceive, section.Faults) is { } perceive) perceiver = new FaultyPerceiver<TSample, Percept>(perceiver, perceive);
        if (FaultPlan.For(StageRole.Decide, section.Faults) is { } decide) policy = new FaultyPolicy<Percept, Twist2>(policy, decide);
        if (FaultPlan.For(StageRole.Act, section.Faults) is { } act) actuator = new FaultyActuator<Twist2>(actuator, act);
        var stages = new LoopStages<TSample, Percept, Twist2>
        {
            Sensor = sensor,
            Perceive = PerceiverChain<TSample, Percept>.Of(perceiver),
            Policy = policy,
            Actuator = actuator,
            Rules = Rules(section.Guard),
            Pacer = Pacer(section.Period, grid),
            Sample = sample,
            Percept = percept,
            Energy = SimulatedFleet.CreateMeter(),
        };
        return new BuiltLoop(new ControlLoop<TSample, Percept, Twist2>(loopOptions, stages, clock), clock);
    }

    private static LoopOptions Options(string name, LoopSection section, EdgeOptions options, PeriodGrid grid, string sense, string perceive, string decide, string act) => new()
    {
        Name = name,
        Seed = options.Robot.Seed,
        Grid = grid,
        // Four milliseconds or the grid's end to begin with: fast enough to be safe, slow enough to warm up.
        StartIndex = section.Period.Policy == PeriodPolicy.Fixed ? 0 : grid.IndexAtMost(Duration.FromMilliseconds(4)),
        Stages = new Dictionary<string, StageOptions>
        {
            [sense] = Limits(section.Sense!),
            [perceive] = Limits(section.Perceive!),
            [decide] = Limits(section.Decide!),
            [act] = Limits(section.Act!),
        },
        OnOverrun = section.OnOverrun,
        WarmUpCycles = section.WarmUpCycles,
        // On a clock that jumps the machine's speed must not decide anything.
        MeasuredDecisions = options.Clock.Mode == ClockMode.Real,
        MaxUnseen = Duration.FromMilliseconds(section.Sense!.MaxUnseenMs),
        Governor = new GovernorOptions { GrowDwellCycles = section.Period.GrowDwellCycles, DegradedIndex = grid.IndexAtMost(Duration.FromMilliseconds(4)) },
        Health = new HealthOptions
        {
            TrustStrained = (float)section.Monitor.Thresholds[0],
            TrustDegraded = (float)section.Monitor.Thresholds[1],
            TrustStop = (float)section.Monitor.Thresholds[2],
            Dwell = Duration.FromMilliseconds(section.Monitor.DwellMs),
            MissesDegraded = section.Monitor.MissesDegraded,
            FailuresHold = section.Monitor.FailuresHold,
            MaxPerceptAge = Duration.FromMilliseconds(section.Monitor.MaxPerceptAgeMs),
            MaxSampleAge = Duration.FromMilliseconds(section.Sense.MaxAgeMs),
        },
    };

    private static StageOptions Limits(StageSection section) => new()
    {
        Budget = section.BudgetUs > 0 ? Duration.FromMicroseconds(section.BudgetUs) : Duration.Unlimited,
        OnMiss = section.OnMiss,
        BudgetKillCount = section.BudgetKillCount,
    };

    private static GoToGoalPolicy Policy(DecideSection section) => section switch
    {
        GoToGoalDecide go => new GoToGoalPolicy(SimulatedFleet.PolicyOptions(go.MaxSpeedMps, go.RobotRadiusM)),
        _ => throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: no class is known for the policy '{section.Type}'."),
    };

    private static IActuator<Twist2> Actuator(ActSection section, World? world) => section switch
    {
        UdpMotorAct udp => new UdpActuator("motor", EndPoint(udp)),
        SimulatedRoverAct when world is null => throw new InvalidOperationException("Bug in EdgeAutonomy.Host: the check of Act:Type let a rover without a world pass."),
        SimulatedRoverAct { MirrorPort: > 0 } mirrored => new TeeActuator(new RoverActuator(world, 0), new UdpActuator("mirror", new IPEndPoint(IPAddress.Loopback, mirrored.MirrorPort))),
        SimulatedRoverAct => new RoverActuator(world, 0),
        _ => throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: no class is known for the actuator '{section.Type}'."),
    };

    private static IPEndPoint EndPoint(UdpMotorAct udp) => UdpMotorAct.TryResolve(udp.Host, out var address)
        ? new IPEndPoint(address, udp.Port)
        : throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: the check of Act:Host let '{udp.Host}' pass.");

    private static TwistRules Rules(GuardSection guard) => new()
    {
        MaxLinear = (float)guard.MaxLinearMps,
        MaxAngular = (float)guard.MaxAngularRadps,
        MaxLinearChange = (float)guard.MaxLinearMps2,
        MaxAngularChange = (float)guard.MaxAngularRadps2,
        DegradedShare = (float)guard.DegradedShare,
    };

    private static PeriodGrid Grid(PeriodSection period) => new(
        Duration.FromMilliseconds(period.MinMs),
        period.Policy == PeriodPolicy.Fixed ? 1 : 1 + (int)Math.Round(Math.Log2(period.MaxMs / period.MinMs)));

    private static IPacer Pacer(PeriodSection period, PeriodGrid grid) => period.Policy switch
    {
        PeriodPolicy.EventRate => new EventRatePacer(grid, (float)period.TargetEvents),
        PeriodPolicy.ErrorControlled => new ErrorControlledPacer(grid),
        PeriodPolicy.Policy => new PolicyPacer(new ErrorControlledPacer(grid)),
        _ => new FixedPacer(0),
    };

    private static IClock Clock(EdgeOptions options) => options.Clock.Mode == ClockMode.Sim
        ? new SimClock()
        : new OffsetClock(new RealClock(Duration.FromMicroseconds(options.Clock.SpinAheadUs)));
}
