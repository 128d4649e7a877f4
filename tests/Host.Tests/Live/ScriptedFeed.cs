using System.Collections.Concurrent;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Robots on known paths, and a note of every input.</summary>
internal sealed class ScriptedFeed
{
    public const int Width = 96, Height = 72;

    public ScriptedFeed(IReadOnlyList<IControlLoop>? loops = null, int width = Width, int height = Height, int robots = 3, bool map = true)
    {
        (_width, _height, _robots, _map) = (width, height, robots, map);
        Relay = new LiveRelay(loops ?? [], (loop, input) =>
        {
            if (!loop.StartsWith('r')) return false;
            Inputs.Enqueue((loop, input.Kind, input.Value));
            return true;
        });
    }

    private readonly int _width, _height, _robots;
    private readonly bool _map;

    public LiveRelay Relay { get; }

    public ConcurrentQueue<(string Loop, LoopInputKind Kind, double Value)> Inputs { get; } = [];

    public void Publish(int step, Rung rung = Rung.Nominal) => Relay.Publish(View(step, rung));

    public LiveView View(int step, Rung rung = Rung.Nominal)
    {
        double t = step * 0.05;
        var loops = Enumerable.Range(0, _robots).Select(i => Loop(i, step, t, i == 0 ? rung : Rung.Nominal)).ToArray();
        if (!_map) return new LiveView(Stamp.FromSeconds(t), loops, MapView.None);
        var robots = loops.Select((l, i) => new MapRobot(l.Loop, Pose(i, t), 0.18, l.Goal!.Value, step / 100, i == 2 ? 1 : 0)).ToArray();
        MapWall[] walls = [new(0, 0, 10, 0), new(10, 0, 10, 8), new(10, 8, 0, 8), new(0, 8, 0, 0), new(3, 0, 3, 2.5), new(7, 8, 7, 5.2)];
        MapObstacle[] obstacles = [new(5, 4, 0.4, false), new(2, 6, 0.3, false), new(8.2, 2.2, 0.35, false), new(5 + 2.4 * Math.Cos(t * 0.3), 1.6, 0.25, true)];
        return new LiveView(Stamp.FromSeconds(t), loops, new MapView("scripted", walls, obstacles, robots));
    }

    private static Pose2 Pose(int i, double t)
    {
        double a = t * (0.35 + 0.08 * i) + i * 2.1, rx = 3.6 - 0.7 * i, ry = 2.7 - 0.5 * i;
        return new Pose2(5 + rx * Math.Cos(a), 4 + ry * Math.Sin(a), Math.Atan2(ry * Math.Cos(a), -rx * Math.Sin(a)));
    }

    private LoopView Loop(int i, int step, double t, Rung rung)
    {
        var pose = Pose(i, t);
        double swing = Math.Sin(t * 0.8 + i);
        int power = (int)Math.Round(2.5 + 2.4 * swing);
        bool close = swing < -0.5;
        var scan = new RangeScan(72) { FirstBearing = -MathF.PI, BearingStep = 2 * MathF.PI / 72, MaxRange = 6, Time = Stamp.FromSeconds(t) };
        for (int b = 0; b < 72; b++) scan.Ranges[b] = b % 9 == 0 ? float.NaN : (float)(2.2 + 1.1 * Math.Sin(b * 0.35 + t));
        var sectors = Enumerable.Range(0, 16).Select(s => new SectorEstimate
        {
            Bearing = 0.6f - s * 0.08f, TimeToContact = s % 7 == 3 ? float.PositiveInfinity : (float)(2.6 + 2.2 * Math.Sin(s * 0.7 + t)), Confidence = s % 5 == 0 ? 0.2f : 0.8f,
            Range = (float)(1.8 + Math.Sin(s * 0.7 + t)), EventRate = 2000 + 1800 * (float)Math.Cos(s + t),
        }).ToArray();
        return new LoopView
        {
            Loop = $"r{i + 1}", StageNames = ["rover sensor", "perceive", "decide", "act"], Statuses = [StageStatus.Ok, StageStatus.Ok, StageStatus.Ok, StageStatus.NoOutput],
            CycleId = (ulong)(step * 12), Tag = Stamp.FromSeconds(t), Period = Duration.FromMilliseconds(1 << power), PeriodReason = close ? PeriodReason.SafetyShrink : power == 5 ? PeriodReason.DwellHold : PeriodReason.EventRate,
            Rung = rung, RungReason = rung == Rung.SafeStop ? RungReason.Operator : rung == Rung.Nominal ? RungReason.None : RungReason.Trust,
            Flags = close ? CycleFlags.Guarded | CycleFlags.MissedDeadline : CycleFlags.None, Trust = (float)(0.93 + 0.05 * swing), Coverage = 0.88f,
            Odometry = new Odometry(Stamp.FromSeconds(t), pose, new Twist2(0.6f, 0.1f)), Goal = new Goal(1 + step / 100, i == 0 ? 8.6 : 1.4 + i, i == 0 ? 6.6 : 1.2 + i, 0.3f),
            Sectors = sectors, Boxes = [new((ushort)(20 + 12 * (1 + swing)), 20, (ushort)(44 + 12 * (1 + swing)), 42, 130)], Scan = scan, Image = Image(step, i), Action = new Twist2(0.62f, (float)(0.4 * swing)),
            EventsPerSecond = 48_000 + 21_000 * swing, CyclesPerSecond = 1000.0 / (1 << power), EnergyJoules = 6.4 * t, PowerWatt = 6.2 + 0.9 * swing, Misses = i, Failures = 0,
            Latencies = [Row("rover sensor", 180), Row("perceive", 96), Row("decide", 14), Row("act", 2), Row("end to end", 300)],
            Dropped = new Dictionary<string, long> { ["sensor"] = 0, ["recorder"] = i == 1 ? 42 : 0, ["view"] = 0 },
        };
    }

    private static StageLatency Row(string stage, double us) =>
        new(stage, new LatencySummary(12_345, (long)(us * 600), us * 1040, us * 90, (long)(us * 1000), (long)(us * 1900), (long)(us * 3100), (long)(us * 8200), us * 70, (long)(us * 7000), 77));

    private EventImage Image(int step, int robot)
    {
        var image = new EventImage(_width, _height);
        // Two edges that wander, ON before and OFF behind, and a few single events; no randomness, so that a step is always the same picture.
        int edge = (step * 2 + robot * 20) % (_width - 12) + 4;
        for (int y = _height / 5; y < _height * 4 / 5; y++)
        {
            int x = edge + (y - _height / 2) * (y - _height / 2) / (_height * 3);
            if (x >= 2 && x < _width) (image.Pixels[y * _width + x], image.Pixels[y * _width + x - 2]) = (255, 0);
            int noise = (step * 7919 + y * 104_729) % _width;
            if (y % 3 == 0) image.Pixels[y * _width + noise] = (byte)(y % 2 == 0 ? 200 : 50);
        }
        return image;
    }
}
