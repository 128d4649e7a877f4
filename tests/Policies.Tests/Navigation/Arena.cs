using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies.Tests;

/// <summary>A small kinematic world for closed-loop tests: walls, pillars, wandering discs, and a rover with lagging motors.</summary>
/// <remarks>It is no model of an event camera: sector estimates are the true times to contact, with optional noise and gaps.</remarks>
public sealed class Arena
{
    public const float RobotRadius = 0.18f, MotorLag = 0.1f;
    private readonly List<(double X1, double Y1, double X2, double Y2)> _walls = [];
    private readonly List<Disc> _discs = [];
    private readonly RandomStream _random;
    private readonly double[] _contactError = new double[16];
    private SensingRequest _request = SensingRequest.None;
    private Stamp _lastScan = Stamp.Never;

    public Arena(ulong seed, int beams = 72, bool hasSectors = true)
    {
        _random = new RandomStream(seed);
        Percept = new Percept(16);
        Percept.Scan = beams > 0 ? new RangeScan(beams) { BearingStep = 2 * MathF.PI / beams, MaxRange = 6 } : null;
        HasSectors = hasSectors;
        for (int i = 0; i < 16; i++) Percept.Sectors[i] = new SectorEstimate { Bearing = SectorBearing(i), TimeToContact = float.NaN, Range = float.NaN };
    }

    public Percept Percept { get; }

    public bool HasSectors { get; }

    public float RangeNoise { get; set; }

    public float ContactNoise { get; set; }

    public float ScanPeriodSecond { get; set; }

    public double X, Y, Heading, Speed, TurnRate;

    public Goal Goal;

    public Stamp Now { get; private set; }

    public int GoalsReached { get; private set; }

    public bool Collided { get; private set; }

    public string CollisionWith { get; private set; } = "";

    public double Width { get; private set; } = 10;

    public double Height { get; private set; } = 8;

    public string Discs => string.Join(" ", _discs.Where(d => d.Vx != 0 || d.Vy != 0).Select(d => $"({d.X:F2},{d.Y:F2} v{d.Vx:F2},{d.Vy:F2})"));

    public static float SectorBearing(int sector) => (float)(Math.PI / 4 - (sector + 0.5) * Math.PI / 2 / 16);

    public static Arena Random(ulong seed, int pillars, int movers, int beams = 72, bool withWall = true)
    {
        var arena = new Arena(seed, beams);
        arena.AddRoom(10, 8);
        var random = arena._random;
        if (withWall)
        {
            double x = random.NextDouble(3.5, 6.5), gap = random.NextDouble(1.0, 7.0);
            arena.AddWall(x, 0, x, Math.Max(gap - 0.6, 0));
            arena.AddWall(x, Math.Min(gap + 0.6, 8), x, 8);
        }
        for (int i = 0; i < pillars; i++) arena.AddFreeDisc(random.NextDouble(0.1, 0.3), 0, 0);
        for (int i = 0; i < movers; i++)
        {
            double angle = random.NextDouble(0, 2 * Math.PI), speed = random.NextDouble(0.2, 0.6);
            arena.AddFreeDisc(0.2, speed * Math.Cos(angle), speed * Math.Sin(angle));
        }
        arena.PlaceRobot();
        arena.NextGoal();
        return arena;
    }

    public void AddRoom(double width, double height)
    {
        (Width, Height) = (width, height);
        AddWall(0, 0, width, 0);
        AddWall(width, 0, width, height);
        AddWall(width, height, 0, height);
        AddWall(0, height, 0, 0);
    }

    public void AddWall(double x1, double y1, double x2, double y2) => _walls.Add((x1, y1, x2, y2));

    public void AddDisc(double x, double y, double radius, double vx = 0, double vy = 0) => _discs.Add(new Disc { X = x, Y = y, Radius = radius, Vx = vx, Vy = vy });

    public void PlaceRobot()
    {
        (X, Y) = FreePlace(0.6);
        Heading = _random.NextDouble(-Math.PI, Math.PI);
    }

    public void NextGoal()
    {
        for (int tries = 0; ; tries++)
        {
            var (x, y) = FreePlace(0.4);
            if (tries < 100 && (x - X) * (x - X) + (y - Y) * (y - Y) < 9) continue;
            Goal = new Goal(Goal.Id + 1, x, y, 0.3f);
            return;
        }
    }

    /// <summary>Carries out a decision for a period, then senses.</summary>
    public void Step(in Twist2 action, in SensingRequest request, Duration period, bool newGoals = true)
    {
        const double tick = 0.001;
        for (double t = 0; t < period.Seconds - 1e-9; t += tick)
        {
            double keep = Math.Exp(-tick / MotorLag);
            Speed = keep * Speed + (1 - keep) * action.Linear;
            TurnRate = keep * TurnRate + (1 - keep) * action.Angular;
            Heading += TurnRate * tick;
            X += Speed * Math.Cos(Heading) * tick;
            Y += Speed * Math.Sin(Heading) * tick;
            MoveDiscs(tick);
            CheckCollision();
        }
        Now += period;
        double dx = Goal.X - X, dy = Goal.Y - Y;
        if (newGoals && dx * dx + dy * dy < Goal.Radius * Goal.Radius)
        {
            GoalsReached++;
            NextGoal();
        }
        // The unit delay of the loop: the request made in this cycle rules the next sensing.
        Sense();
        _request = request.IsActive ? request : SensingRequest.None;
    }

    public void Sense()
    {
        Percept.Odometry = new Odometry(Now, new Pose2(X, Y, Heading), new Twist2((float)Speed, (float)TurnRate));
        Percept.AngularVelocity = (float)TurnRate;
        Percept.Goal = Goal;
        Percept.EventCount = Math.Abs(Speed) + Math.Abs(TurnRate) > 0.05 ? 500 : 0;
        if (Percept.Scan is { } scan && (Now - _lastScan).Seconds >= ScanPeriodSecond)
        {
            _lastScan = scan.Time = Now;
            for (int i = 0; i < scan.Ranges.Length; i++)
            {
                int degree = (int)Math.Floor(scan.Bearing(i) * 180 / Math.PI + 1e-6);
                if (!_request.Sectors.Contains(degree))
                {
                    scan.Ranges[i] = float.NaN;
                    continue;
                }
                double r = Cast(Heading + scan.Bearing(i), out _);
                if (RangeNoise > 0) r += RangeNoise * _random.NextGaussian();
                scan.Ranges[i] = (float)Math.Clamp(r, 0.01, scan.MaxRange);
            }
        }
        if (HasSectors) SenseSectors();
    }

    private void SenseSectors()
    {
        for (int i = 0; i < 16; i++)
        {
            ref var sector = ref Percept.Sectors[i];
            double best = double.PositiveInfinity;
            for (int k = -1; k <= 1; k++)
            {
                double bearing = sector.Bearing + k * 0.03, r = Cast(Heading + bearing, out var hit);
                double a = Heading + bearing, own = Speed * Math.Cos(bearing), closing = own;
                if (hit is not null) closing -= hit.Vx * Math.Cos(a) + hit.Vy * Math.Sin(a);
                // A camera that takes the world to stand still sees what approaches by itself nearer than it is.
                if (closing > 0.03 && own > 0.03) best = Math.Min(best, r * own / closing);
            }
            bool known = Speed > 0.05;
            _contactError[i] = Math.Exp(-0.01) * _contactError[i] + ContactNoise * Math.Sqrt(1 - Math.Exp(-0.02)) * _random.NextGaussian();
            best *= Math.Exp(_contactError[i]);
            sector.Range = known ? (float)best : float.NaN;
            sector.TimeToContact = known ? (float)(best * Math.Cos(sector.Bearing) / Speed) : float.NaN;
            sector.Confidence = known ? (best < 6 ? 0.8f : 0.4f) : 0;
            sector.EventRate = known ? 1000 : 0;
        }
    }

    private void MoveDiscs(double dt)
    {
        foreach (var d in _discs)
        {
            d.X += d.Vx * dt;
            d.Y += d.Vy * dt;
            if ((d.X < d.Radius && d.Vx < 0) || (d.X > Width - d.Radius && d.Vx > 0)) d.Vx = -d.Vx;
            if ((d.Y < d.Radius && d.Vy < 0) || (d.Y > Height - d.Radius && d.Vy > 0)) d.Vy = -d.Vy;
        }
    }

    private void CheckCollision()
    {
        foreach (var d in _discs)
        {
            double r = d.Radius + RobotRadius;
            if ((d.X - X) * (d.X - X) + (d.Y - Y) * (d.Y - Y) < r * r) Collide(d.Vx != 0 || d.Vy != 0 ? "mover" : "pillar");
        }
        foreach (var w in _walls)
        {
            double wx = w.X2 - w.X1, wy = w.Y2 - w.Y1, length2 = wx * wx + wy * wy;
            double t = length2 > 0 ? Math.Clamp(((X - w.X1) * wx + (Y - w.Y1) * wy) / length2, 0, 1) : 0;
            double dx = w.X1 + t * wx - X, dy = w.Y1 + t * wy - Y;
            if (dx * dx + dy * dy < RobotRadius * RobotRadius) Collide("wall");
        }
    }

    private void Collide(string with)
    {
        if (Collided) return;
        Collided = true;
        CollisionWith = $"{with} at t={Now.Seconds:F2} ({X:F2},{Y:F2}) v={Speed:F2} w={TurnRate:F2}";
    }

    private double Cast(double angle, out Disc? disc)
    {
        double c = Math.Cos(angle), s = Math.Sin(angle), best = 100;
        disc = null;
        foreach (var w in _walls)
        {
            double wx = w.X2 - w.X1, wy = w.Y2 - w.Y1, det = c * wy - s * wx;
            if (Math.Abs(det) < 1e-12) continue;
            double t = ((w.X1 - X) * wy - (w.Y1 - Y) * wx) / det, u = ((w.X1 - X) * s - (w.Y1 - Y) * c) / det;
            if (t > 0 && t < best && u >= 0 && u <= 1) (best, disc) = (t, null);
        }
        foreach (var d in _discs)
        {
            double dx = d.X - X, dy = d.Y - Y, along = dx * c + dy * s, off2 = dx * dx + dy * dy - along * along;
            if (along <= 0 || off2 >= d.Radius * d.Radius) continue;
            double t = along - Math.Sqrt(d.Radius * d.Radius - off2);
            if (t < best) (best, disc) = (Math.Max(t, 0), d);
        }
        return best;
    }

    private (double X, double Y) FreePlace(double margin)
    {
        for (int tries = 0; ; tries++)
        {
            double x = _random.NextDouble(margin, Width - margin), y = _random.NextDouble(margin, Height - margin);
            bool free = true;
            foreach (var d in _discs)
            {
                // Goals may lie where something passes; the robot's start and the goals keep off what stands.
                double r = d.Radius + margin + (Now.Nanoseconds == 0 ? 0.4 : 0);
                if (Now.Nanoseconds != 0 && (d.Vx != 0 || d.Vy != 0)) continue;
                free &= (d.X - x) * (d.X - x) + (d.Y - y) * (d.Y - y) > r * r;
            }
            foreach (var w in _walls)
            {
                double wx = w.X2 - w.X1, wy = w.Y2 - w.Y1, length2 = wx * wx + wy * wy;
                double t = length2 > 0 ? Math.Clamp(((x - w.X1) * wx + (y - w.Y1) * wy) / length2, 0, 1) : 0;
                double dx = w.X1 + t * wx - x, dy = w.Y1 + t * wy - y;
                free &= dx * dx + dy * dy > margin * margin;
            }
            if (free || tries > 2000) return (x, y);
        }
    }

    private void AddFreeDisc(double radius, double vx, double vy)
    {
        var (x, y) = FreePlace(radius + 0.45);
        AddDisc(x, y, radius, vx, vy);
    }

    private sealed class Disc
    {
        public double X, Y, Radius, Vx, Vy;
    }
}
