using System.Net;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Makes loops from a checked configuration: the one place where option sections meet the classes they describe.</summary>
/// <remarks>A robot, a fleet in lockstep and a replay differ in what surrounds the loops, not in the loops: they all come from here.</remarks>
internal sealed class LoopFactory(EdgeOptions options, LoopWiring wiring)
{
    private readonly Dictionary<string, MotionKernel> _kernels = new(StringComparer.Ordinal);

    /// <summary>Builds every loop of a configuration; nothing is started.</summary>
    /// <param name="options">Options without errors.</param>
    /// <param name="lanes">How loops hand their cycles over; null = they do not.</param>
    /// <param name="say">Told which engines run dense networks; null = nobody.</param>
    public static IReadOnlyList<BuiltLoop> Build(EdgeOptions options, LaneOptions? lanes = null, Action<InferenceFinding>? say = null)
    {
        return Build(options, LoopWiring.None with { Lanes = lanes, Say = say });
    }

    /// <summary>Builds every loop of a configuration; nothing is started.</summary>
    /// <param name="options">Options without errors.</param>
    /// <param name="wiring">What surrounds the loops.</param>
    public static IReadOnlyList<BuiltLoop> Build(EdgeOptions options, LoopWiring wiring)
    {
        var factory = new LoopFactory(options, wiring);
        return [.. options.Loops.Keys.Select(factory.Build)];
    }

    /// <summary>Builds one loop.</summary>
    /// <param name="name">Its name in the configuration.</param>
    public BuiltLoop Build(string name)
    {
        var section = options.Loops[name];
        return section.Sense switch
        {
            SimulatedRoverSense sense => Rover(name, section, sense),
            EventFileSense sense => Events(name, section, sense),
            _ => throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: no loop is known for the sensor '{section.Sense?.Type}'."),
        };
    }

    /// <summary>Returns the scenario that a simulated rover lives in.</summary>
    /// <exception cref="EdgeException">The scenario file has errors.</exception>
    public static Scenario Scenario(SimulatedRoverSense sense, ulong seed, int robots)
    {
        if (sense.ScenarioFile.Length == 0) return ScenarioCatalog.Create(sense.Scenario, seed, robots);
        try
        {
            return ScenarioFile.Load(sense.ScenarioFile) with { Seed = seed };
        }
        catch (ScenarioException error)
        {
            throw new EdgeException(ExitCode.Configuration, error.Message);
        }
    }

    private BuiltLoop Rover(string name, LoopSection section, SimulatedRoverSense sense)
    {
        if (wiring.Replay is { } replay)
        {
            var recorded = replay.Scenario ?? Scenario(sense, options.Robot.Seed, 1);
            return Replayed(name, section, replay, Shape<RoverSample>(replay), RoverPerceiver(section, recorded));
        }
        // Without a shared one, the world has a clock of its own: it is moved by the sensor, never waited on.
        var (world, robot) = wiring.Robot?.Invoke(name) ?? (new World(Scenario(sense, options.Robot.Seed, 1)), 0);
        var sensor = new RoverSensor(world, robot, sense.Ranging, camera: sense.Camera, post: wiring.Posts.GetValueOrDefault(name));
        var perceiver = RoverPerceiver(section, world.Scenario);
        return Loop(name, section, Clock(), sensor, sensor.CreateSample(), perceiver, perceiver.CreatePercept(), Actuator(section.Act!, world, robot));
    }

    private BuiltLoop Events(string name, LoopSection section, EventFileSense sense)
    {
        var (width, height) = section.Perceive switch
        {
            EventPerceive events => (events.Width, events.Height),
            NetworkPerceive network => (network.Width, network.Height),
            _ => (0, 0),
        };
        if (wiring.Replay is { } replay)
        {
            if (width <= 0 || height <= 0) throw new InvalidDataException($"Loops:{name}:Perceive does not say how large the sensor was; the recording's configuration is not the one it was made with.");
            var seen = section.Perceive is NetworkPerceive { IsReplayedExactly: false }
                ? new RecordedPerceiver<EventPacket, Percept>(replay.Loop.StageNames[1], 1, replay.Feed)
                : EventPerception(section.Perceive, width, height).Perceiver;
            return Replayed(name, section, replay, Shape<EventPacket>(replay), seen);
        }
        var info = EventFile.Inspect(sense.Path);
        var sensor = wiring.EventSensor ?? new EventFileSensor(sense.Path);
        var (perceiver, percept) = EventPerception(section.Perceive, width > 0 ? width : info.Width, height > 0 ? height : info.Height);
        return Loop(name, section, Clock(), sensor, new EventPacket(sense.Capacity), perceiver, percept, Actuator(section.Act!, null, 0));
    }

    private (IPerceiver<EventPacket, Percept> Perceiver, Percept Percept) EventPerception(PerceiveSection? section, int width, int height)
    {
        if (section is not NetworkPerceive network)
        {
            var events = EventPerceiver.ForSensor(width, height);
            return (events, events.CreatePercept());
        }
        var camera = new CameraGeometry(width, height, network.FieldOfViewDegrees * (Math.PI / 180));
        try
        {
            // The engine lives as long as the loop, and that as long as the process.
            var engine = InferenceEngines.Create(File.ReadAllBytes(network.Model), network.Model, options.Onnx.ToOptions(network.Engine), wiring.Say);
            var dense = new DenseSectorPerceiver(engine, new DensePerceiverOptions { Camera = camera, Frame = network.Frame, Scale = network.Scale }) { IsReplayedExactly = network.IsReplayedExactly };
            return (dense, dense.CreatePercept());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or DllNotFoundException)
        {
            var code = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => ExitCode.InputMissing,
                DllNotFoundException => ExitCode.Configuration,
                _ => ExitCode.Io,
            };
            string text = error.Message.Contains(network.Model, StringComparison.Ordinal) ? error.Message : $"{network.Model}: {error.Message}";
            throw new EdgeException(code, text, error);
        }
    }

    private BuiltLoop Replayed<TSample>(string name, LoopSection section, ReplayWiring replay, TSample sample, IPerceiver<TSample, Percept> perceiver)
        where TSample : class, IPayload
    {
        var sensor = new RecordedSensor<TSample>(replay.Loop.StageNames[0], replay.Feed);
        var actuator = new RecordedActuator<Twist2>(replay.Loop.StageNames[^1], replay.Loop.StageNames.Count - 1, replay.Feed);
        if (perceiver.Replay == StageReplay.FromLog) perceiver = new RecordedPerceiver<TSample, Percept>(perceiver.Name, 1, replay.Feed);
        return Loop(name, section, replay.Clock, sensor, sample, perceiver, Shape(replay), actuator);
    }

    private BuiltLoop Loop<TSample>(
        string name, LoopSection section, IClock clock,
        ISensor<TSample> sensor, TSample sample, IPerceiver<TSample, Percept> perceiver, Percept percept, IActuator<Twist2> actuator)
        where TSample : IPayload
    {
        var grid = Grid(section.Period);
        var policy = Policy(section.Decide!, grid, Governor(section, grid));
        bool replay = wiring.Replay is not null;
        var loopOptions = Options(name, section, grid, sensor.Name, perceiver.Name, policy.Name, actuator.Name);
        if (!replay && FaultPlan.For(StageRole.Sense, section.Faults, replay) is { } sense) sensor = new FaultySensor<TSample>(sensor, sense);
        if (FaultPlan.For(StageRole.Perceive, section.Faults, replay) is { } perceive) perceiver = new FaultyPerceiver<TSample, Percept>(perceiver, perceive);
        if (FaultPlan.For(StageRole.Decide, section.Faults, replay) is { } decide) policy = new FaultyPolicy<Percept, Twist2>(policy, decide);
        if (!replay && FaultPlan.For(StageRole.Act, section.Faults, replay) is { } act) actuator = new FaultyActuator<Twist2>(actuator, act);
        var lane = wiring.Lanes is { } lanes
            ? new LoopLane<TSample, Percept, Twist2>(
                new LoopDescription(
                    name, [sensor.Name, perceiver.Name, policy.Name, actuator.Name], grid.Shortest, grid.Count,
                    PayloadShape.Of(sample), PayloadShape.Of(percept), nameof(Twist2), lanes.Clock),
                lanes)
            : null;
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
            Energy = CreateMeter(),
            Sinks = lane is null ? wiring.Sinks : [.. wiring.Sinks, lane],
        };
        return new BuiltLoop(new ControlLoop<TSample, Percept, Twist2>(loopOptions, stages, clock), clock, lane);
    }

    private static T Shape<T>(ReplayWiring replay) where T : class => PayloadShape.Create(replay.Loop.Sample) as T
        ?? throw new InvalidDataException($"Loop '{replay.Loop.Name}' was recorded with samples of shape '{replay.Loop.Sample}', its configuration makes {typeof(T).Name}; the recording is damaged or of another version.");

    private static Percept Shape(ReplayWiring replay) => PayloadShape.Create(replay.Loop.Percept) as Percept
        ?? throw new InvalidDataException($"Loop '{replay.Loop.Name}' was recorded with percepts of shape '{replay.Loop.Percept}', which this program does not know.");

    private RoverPerceiver RoverPerceiver(LoopSection section, Scenario scenario)
    {
        var perceive = (RoverPerceive)section.Perceive!;
        return new(new RoverPerceiverOptions
        {
            Camera = new CameraGeometry(scenario.Camera.Width, scenario.Camera.Height, scenario.Camera.FieldOfViewDegrees * (Math.PI / 180)),
            Kind = perceive.Perception,
            Kernel = perceive.Perception == PerceptionKind.Spiking ? Kernel(perceive.Model) : null,
        });
    }

    // Several robots share one kernel: it does not change.
    private MotionKernel Kernel(string model) => _kernels.TryGetValue(model, out var kernel) ? kernel : _kernels[model] = ModelFiles.ReadMotion(model);

    private LoopOptions Options(string name, LoopSection section, PeriodGrid grid, string sense, string perceive, string decide, string act) => new()
    {
        Name = name,
        Seed = options.Robot.Seed,
        Grid = grid,
        // Four milliseconds or the grid's end to begin with: fast enough to be safe, slow enough to warm up.
        StartIndex = section.Period.Policy == PeriodPolicy.Fixed ? FixedIndex(section.Period, grid) : grid.IndexAtMost(Duration.FromMilliseconds(4)),
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
        Replay = wiring.Replay?.Feed,
        MaxUnseen = Duration.FromMilliseconds(section.Sense!.MaxUnseenMs),
        Governor = Governor(section, grid),
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

    private static GovernorOptions Governor(LoopSection section, PeriodGrid grid) => new() { GrowDwellCycles = section.Period.GrowDwellCycles, DegradedIndex = grid.IndexAtMost(Duration.FromMilliseconds(4)) };

    private static IPolicy<Percept, Twist2> Policy(DecideSection section, PeriodGrid grid, GovernorOptions governor) => section switch
    {
        JointDecide joint => new OrcaPolicy(Joint(joint, grid, governor), joint.MaxSpeedMps, joint.RobotRadiusM, joint.GiveWay),
        GoToGoalDecide go => new OrcaPolicy(new GoToGoalPolicy(PolicyOptions(go.MaxSpeedMps, go.RobotRadiusM)), go.MaxSpeedMps, go.RobotRadiusM, go.GiveWay),
        NoDecide => new NoPolicy(),
        _ => throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: no class is known for the policy '{section.Type}'."),
    };

    private static JointPolicy Joint(JointDecide section, PeriodGrid grid, GovernorOptions governor)
    {
        var (policy, robot) = ModelFiles.ReadJoint(section, grid);
        return new JointPolicy(policy, new JointDriver(robot, grid, governor, Duration.FromMilliseconds(section.ReserveMs), section.MaxSpeedMps));
    }

    private static IActuator<Twist2> Actuator(ActSection section, World? world, int robot) => section switch
    {
        NoAct => new NoActuator(),
        UdpMotorAct udp => new UdpActuator("motor", EndPoint(udp)),
        SimulatedRoverAct when world is null => throw new InvalidOperationException("Bug in EdgeAutonomy.Host: the check of Act:Type let a rover without a world pass."),
        SimulatedRoverAct { MirrorPort: > 0 } mirrored => new TeeActuator(new RoverActuator(world, robot), new UdpActuator("mirror", new IPEndPoint(IPAddress.Loopback, mirrored.MirrorPort))),
        SimulatedRoverAct => new RoverActuator(world, robot),
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

    internal static PeriodGrid Grid(PeriodSection period) => new(
        Duration.FromMilliseconds(period.MinMs),
        period is { Policy: PeriodPolicy.Fixed, FixedMs: 0 } ? 1 : 1 + (int)Math.Round(Math.Log2(period.MaxMs / period.MinMs)));

    private static IPacer Pacer(PeriodSection period, PeriodGrid grid) => period.Policy switch
    {
        PeriodPolicy.EventRate => new EventRatePacer(grid, (float)period.TargetEvents),
        PeriodPolicy.ErrorControlled => new ErrorControlledPacer(grid),
        PeriodPolicy.Learned => new LearnedPacer(ModelFiles.ReadPolicy(period.Pacer, LearnedPacer.SchemaFor(grid)), grid),
        PeriodPolicy.Policy => new PolicyPacer(new ErrorControlledPacer(grid)),
        _ => new FixedPacer(FixedIndex(period, grid)),
    };

    private static int FixedIndex(PeriodSection period, PeriodGrid grid) => period.FixedMs > 0 ? grid.IndexAtMost(Duration.FromMilliseconds(period.FixedMs)) : 0;

    private IClock Clock() => wiring.Clock ?? (IClock)(options.Clock.Mode == ClockMode.Sim
        ? new SimClock()
        : new OffsetClock(new RealClock(Duration.FromMicroseconds(options.Clock.SpinAheadUs))));

    /// <summary>Makes the energy meter of a simulated rover.</summary>
    /// <remarks>The rover's sensor reports its own standing power; and the measured busy time, which holds the simulation's rendering, must not count
    /// as the robot's, nor make the energy differ between machines.</remarks>
    private static ModelEnergyMeter CreateMeter() => new(new ModelEnergyOptions { SensorWatt = 0, BusyWatt = 0 });

    internal static GoToGoalOptions PolicyOptions(double maxSpeed, double radius)
    {
        var standard = new GoToGoalOptions();
        float speed = (float)maxSpeed, blind = Math.Min(standard.EventsOnlySpeedMetrePerSecond, speed);
        return standard with
        {
            RobotRadiusMetre = (float)radius,
            MaxSpeedMetrePerSecond = speed,
            EventsOnlySpeedMetrePerSecond = blind,
            CreepSpeedMetrePerSecond = Math.Min(standard.CreepSpeedMetrePerSecond, blind),
        };
    }
}
