using EdgeAutonomy.Perception;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Compares the motion that a <see cref="MotionEstimator"/> sees with the truth of the built-in world, while a rover drives to its goals.</summary>
/// <remarks>A tile's truth is the mean over its events, fading as the estimator's own do. Tiles whose true motion is slower than the least speed asked about are left out.</remarks>
internal sealed class MotionTruthCheck
{
    private const double StepSeconds = 0.008;
    private const double OneMotion = 0.9; // of the mean speed that the mean velocity must have
    private readonly MotionEstimator _estimator;
    private readonly double[] _right, _down, _length, _count;
    private readonly float _least;
    private readonly double _slowest;

    /// <summary>Prepares a comparison.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">How to pool.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="least">How many events a tile must have to be judged.</param>
    /// <param name="slowest">The slowest true motion that is judged, pixels per second.</param>
    public MotionTruthCheck(MotionKernel kernel, MotionOptions options, CameraSpec camera, float least = 30, double slowest = 10)
    {
        _estimator = new MotionEstimator(camera.Width, camera.Height, kernel, options);
        (_least, _slowest) = (least, slowest);
        int tiles = _estimator.Tiles.Length;
        (_right, _down, _length, _count) = (new double[tiles], new double[tiles], new double[tiles], new double[tiles]);
        Keep = Math.Exp(-StepSeconds * 1e3 / options.WindowMs);
    }

    /// <summary>Gets how many tiles were left out because their events moved in several directions: the edge of a thing in front of another.</summary>
    public int Mixed { get; private set; }

    /// <summary>Gets the errors of direction in degrees, one per tile and closed step.</summary>
    public List<double> DirectionErrors { get; } = [];

    /// <summary>Gets the ratios of the estimated to the true speed.</summary>
    public List<double> SpeedRatios { get; } = [];

    /// <summary>Gets the confidences, in the same order.</summary>
    public List<float> Confidences { get; } = [];

    /// <summary>Gets how the ranges of the sectors compare: of the search for ranges alone, of the network alone, of both.</summary>
    public IReadOnlyList<RangeTruth> Ranges { get; } = [new("search for ranges"), new("network"), new("both")];

    private double Keep { get; }

    /// <summary>Returns the share of tiles within an angle of the truth.</summary>
    public double Within(double degrees) => DirectionErrors.Count == 0 ? 0 : (double)DirectionErrors.Count(e => e <= degrees) / DirectionErrors.Count;

    /// <summary>Drives for a while and compares.</summary>
    public void Drive(ulong seed, double seconds, bool ranging = true, string scenario = "default")
    {
        var world = new World(ScenarioCatalog.Create(scenario, seed, 1));
        var sensor = new RoverSensor(world, 0, ranging);
        var actuator = new RoverActuator(world, 0);
        var perceiver = new RoverPerceiver(new RoverPerceiverOptions { Kind = PerceptionKind.Dotie });
        var spiking = new RoverPerceiver(new RoverPerceiverOptions { Kernel = _estimator.Kernel });
        var policy = new GoToGoalPolicy();
        var truth = new MotionTruth(world, 0);
        var sample = sensor.CreateSample();
        var network = new MotionContact(CameraGeometry.Rover, _estimator.Kernel);
        var (percept, both, alone) = (perceiver.CreatePercept(), spiking.CreatePercept(), new SectorEstimate[network.Sectors]);
        var report = SensorReport.Empty;
        for (ulong cycle = 0; cycle * StepSeconds < seconds; cycle++)
        {
            var context = new CycleContext { CycleId = cycle, Now = Stamp.FromSeconds(cycle * StepSeconds), Dt = Duration.FromSeconds(StepSeconds), Random = new RandomStream(seed) };
            sensor.Sense(SensingRequest.None, ref sample, ref report, context);
            perceiver.Perceive(sample, ref percept, context);
            spiking.Perceive(sample, ref both, context);
            network.Estimate(sample.Events, context.Dt, new Twist2(sample.Odometry.Velocity.Linear, sample.Imu.AngularVelocity), alone);
            if (!ranging)
            {
                Ranges[0].Add(percept.Sectors, world, 0, 0.1f);
                Ranges[1].Add(alone, world, 0, 0.1f);
                Ranges[2].Add(both.Sectors, world, 0, 0.1f);
            }
            var decision = Decision<Twist2>.None;
            policy.Decide(percept, ref decision, context);
            actuator.Act(decision.Action, context);
            truth.Update();
            Compare(sample.Events, truth, context.Dt);
        }
    }

    private void Compare(EventPacket packet, MotionTruth truth, Duration dt)
    {
        for (int t = 0; t < _count.Length; t++) (_right[t], _down[t], _length[t], _count[t]) = (_right[t] * Keep, _down[t] * Keep, _length[t] * Keep, _count[t] * Keep);
        foreach (ref readonly var e in packet.Events)
        {
            if (!truth.TryGet(e.X, e.Y, out double right, out double down)) continue;
            int tile = e.Y / _estimator.TilePixels * _estimator.Columns + e.X / _estimator.TilePixels;
            _right[tile] += right;
            _down[tile] += down;
            _length[tile] += Math.Sqrt(right * right + down * down);
            _count[tile]++;
        }
        if (_estimator.Update(packet, dt) == 0) return;
        for (int t = 0; t < _count.Length; t++)
        {
            ref readonly var tile = ref _estimator.Tiles[t];
            double length = Math.Sqrt(_right[t] * _right[t] + _down[t] * _down[t]) / Math.Max(_count[t], 1e-9);
            // Most of the events must have a truth, and the truth must be one motion.
            if (!tile.IsKnown || tile.Events < _least || _count[t] < 0.8 * tile.Events || length < _slowest) continue;
            if (length < OneMotion * _length[t] / Math.Max(_count[t], 1e-9))
            {
                Mixed++;
                continue;
            }
            double error = Math.Abs(DeterministicMath.WrapAngle(tile.Direction - Math.Atan2(_down[t], _right[t]))) * 180 / Math.PI;
            DirectionErrors.Add(error);
            SpeedRatios.Add(tile.Speed / length);
            Confidences.Add(tile.Confidence);
        }
    }
}
