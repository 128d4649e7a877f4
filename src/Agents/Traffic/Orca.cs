using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Agents;

/// <summary>Chooses a velocity that keeps clear of other robots and walls, as near as may be to the preferred one (optimal reciprocal collision avoidance, van den Berg, Guy, Lin, Manocha 2011).</summary>
/// <remarks>
/// <para>Every neighbour takes a half-plane out of the velocities: half of what is needed when it avoids us too and is fresh, all of it otherwise. Discs grow with the age of what is known (v_max·age + 3σ); a neighbour that was silent
/// for longer than <see cref="OrcaOptions.FrozenAge"/> stands as a growing disc and caps our speed. Walls and standing discs are hard: velocity towards their nearest point is at most distance / horizon, so rest is
/// always allowed. If the half-planes of robots leave nothing, the worst violation is made least, walls still holding.</para>
/// <para>Two robots in perfect symmetry part to the right; the more others slow a robot down, the more it keeps to its right, so that crossings of many turn like a roundabout. Equal inputs in equal order give equal bits. Not thread-safe; 0 bytes allocated once its buffers have grown to the number of neighbours and walls.</para>
/// <para>Promise, when all choose at once from exact states and none is squeezed: no two discs touch within the horizon.</para>
/// </remarks>
public sealed class Orca
{
    private readonly OrcaOptions _options;
    private readonly HalfPlanes _planes = new();

    /// <summary>Makes a chooser.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Orca(OrcaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault) throw new ArgumentException(fault, nameof(options));
        _options = options;
    }

    /// <summary>Chooses a velocity.</summary>
    /// <param name="self">The robot.</param>
    /// <param name="neighbours">Other robots, in an order that does not depend on the network (by id).</param>
    /// <param name="walls">Walls; only those near matter.</param>
    public OrcaDecision Choose(in OrcaSelf self, ReadOnlySpan<OrcaNeighbour> neighbours, ReadOnlySpan<WallSegment> walls)
    {
        if (!(self.Position.IsFinite && self.Velocity.IsFinite && self.Preferred.IsFinite && double.IsFinite(self.Heading) && self.Radius >= 0 && double.IsFinite(self.Radius)))
        {
            return new OrcaDecision(Vector2D.Zero, Twist2.Rest, OrcaOutcome.Blocked, 0, 0, false, 0);
        }
        _planes.Clear();
        double radius = self.Radius + (_options.Drive?.TrackingError ?? 0);
        int ignored = AddDrive(self.Heading) + AddWalls(self, radius, walls) + AddFrozen(self, radius, neighbours, out bool capped);
        _planes.EndHard();
        AddMoving(self, radius, neighbours);
        double limit = capped ? Math.Min(_options.MaxSpeed, _options.FrozenSpeed) : _options.MaxSpeed;
        Vector2D wanted = Biased(self.Preferred);
        bool free = _planes.Allows(self.Preferred) && self.Preferred.Length <= limit;
        var chosen = free ? self.Preferred : _planes.Solve(wanted, limit, out free);
        if (free && _planes.IsBent(self.Preferred)) chosen = Yielded(self.Preferred, chosen, limit, ref free);
        var outcome = free ? Outcome(chosen, self.Preferred, limit) : _planes.IsBlocked ? OrcaOutcome.Blocked : OrcaOutcome.Squeezed;
        double error = 0;
        var twist = _options.Drive is { } drive ? drive.Map(chosen, self.Heading, out error) : new Twist2((float)chosen.Length, 0);
        return new OrcaDecision(chosen, twist, outcome, outcome == OrcaOutcome.Squeezed ? _planes.WorstViolation(chosen) : 0, error, capped, ignored);
    }

    private static OrcaOutcome Outcome(Vector2D chosen, Vector2D preferred, double limit) =>
        // Only a clipped speed is not yet an evasion.
        (chosen - (preferred.Length > limit ? preferred * (limit / preferred.Length) : preferred)).Length <= 1e-9 ? OrcaOutcome.Free : OrcaOutcome.Avoiding;

    /// <summary>The more the others slow us down, the more we keep to our right, up to 60°: where many meet, a roundabout comes about instead of a jam that no single robot can leave.</summary>
    private Vector2D Yielded(Vector2D preferred, Vector2D chosen, double limit, ref bool free)
    {
        double speed = Math.Min(preferred.Length, limit), slowed = speed <= 0 ? 0 : Math.Clamp(1 - chosen.Length / speed, 0, 1);
        if (slowed < 1e-3) return chosen;
        (double sin, double cos) = DeterministicMath.SinCos(-Math.PI / 3 * slowed);
        var better = _planes.Solve(Turned(preferred, sin, cos), limit, out bool allowed);
        free = allowed || free;
        return allowed ? better : chosen;
    }

    private Vector2D Biased(Vector2D preferred)
    {
        double speed = preferred.Length;
        return speed <= 0 ? preferred : preferred + new Vector2D(preferred.Y, -preferred.X) * (_options.RightBias * _options.MaxSpeed / speed);
    }

    private int AddDrive(double heading)
    {
        if (_options.Drive is not { } drive) return 0;
        (double sin, double cos) = DeterministicMath.SinCos(heading);
        var corners = drive.Polygon;
        for (int i = 0; i < corners.Length; i++)
        {
            Vector2D a = Turned(corners[i], sin, cos), b = Turned(corners[(i + 1) % corners.Length], sin, cos), along = b - a;
            double length = along.Length;
            // Counter-clockwise corners: inside is to the left of each side.
            if (length > 1e-12) _planes.Add(a, along / length);
        }
        return 0;
    }

    private static Vector2D Turned(Vector2D v, double sin, double cos) => new(cos * v.X - sin * v.Y, sin * v.X + cos * v.Y);

    private int AddWalls(in OrcaSelf self, double radius, ReadOnlySpan<WallSegment> walls)
    {
        int ignored = 0;
        foreach (ref readonly var wall in walls)
        {
            if (!wall.Start.IsFinite || !wall.End.IsFinite)
            {
                ignored++;
                continue;
            }
            AddHard(Vector2D.Nearest(wall.Start, wall.End, self.Position) - self.Position, radius, self.Key);
        }
        return ignored;
    }

    private int AddFrozen(in OrcaSelf self, double radius, ReadOnlySpan<OrcaNeighbour> neighbours, out bool capped)
    {
        int ignored = 0;
        capped = false;
        foreach (ref readonly var n in neighbours)
        {
            if (!n.IsValid)
            {
                ignored++;
                continue;
            }
            if (!IsFrozen(n)) continue;
            double grown = radius + n.Radius + 3 * n.Sigma + n.MaxSpeed * Duration.Min(n.Age, _options.GrowthEnd).Seconds;
            capped |= AddHard(n.Position - self.Position, grown, self.Key ^ n.Key);
        }
        return ignored;
    }

    private bool IsFrozen(in OrcaNeighbour n) => _options.InflatesStale && n.Age > _options.FrozenAge;

    /// <summary>Velocity towards a thing at rest is at most the gap over the horizon: the half-plane of the paper's §5.3 for obstacles, made with the optimisation velocity 0.</summary>
    private bool AddHard(Vector2D toward, double radius, ulong key)
    {
        double distance = toward.Length, gap = Math.Max(0, distance - radius), horizon = _options.WallHorizon.Seconds;
        // What cannot be reached within the horizon takes nothing out of the disc of speeds.
        if (gap > _options.MaxSpeed * horizon) return false;
        Vector2D normal = distance > 1e-9 ? toward / distance : UnitOf(key);
        _planes.Add(normal * (gap / horizon), new Vector2D(-normal.Y, normal.X));
        return true;
    }

    private void AddMoving(in OrcaSelf self, double radius, ReadOnlySpan<OrcaNeighbour> neighbours)
    {
        foreach (ref readonly var n in neighbours)
        {
            if (!n.IsValid || IsFrozen(n)) continue;
            double age = n.Age.Seconds, sum = radius + n.Radius + 3 * n.Sigma + (_options.InflatesStale ? n.MaxSpeed * age : 0);
            Vector2D p = (_options.InflatesStale ? n.Position + n.Velocity * age : n.Position) - self.Position;
            // Beyond reach, even head on.
            if (p.Length - sum > (_options.MaxSpeed + Math.Max(n.MaxSpeed, n.Velocity.Length)) * _options.Horizon.Seconds) continue;
            double share = n.Cooperates && n.Age <= _options.FullAvoidanceAge ? 0.5 : 1;
            AddReciprocal(self, n, p, sum, share);
        }
    }

    private void AddReciprocal(in OrcaSelf self, in OrcaNeighbour n, Vector2D p, double sum, double share)
    {
        Vector2D v = self.Velocity - n.Velocity, direction, u;
        double squared = p.LengthSquared;
        if (squared > sum * sum)
        {
            double horizon = _options.Horizon.Seconds;
            Vector2D w = v - p / horizon;
            double wp = Vector2D.Dot(w, p);
            if (wp < 0 && wp * wp > sum * sum * w.LengthSquared)
            {
                (direction, u) = OffCircle(w, w.Length, sum / horizon, default);
            }
            else
            {
                double leg = Math.Sqrt(squared - sum * sum);
                direction = Vector2D.Det(p, w) > 0
                    ? new Vector2D(p.X * leg - p.Y * sum, p.X * sum + p.Y * leg) / squared
                    : new Vector2D(p.X * leg + p.Y * sum, -p.X * sum + p.Y * leg) / -squared;
                u = direction * Vector2D.Dot(v, direction) - v;
            }
        }
        else
        {
            double period = _options.Period.Seconds;
            Vector2D w = v - p / period;
            (direction, u) = OffCircle(w, w.Length, sum / period, Apart(self.Key, n.Key));
        }
        _planes.Add(self.Velocity + u * share, direction);
    }

    private static (Vector2D Direction, Vector2D Change) OffCircle(Vector2D w, double length, double radius, Vector2D fallback)
    {
        Vector2D unit = length > 1e-12 ? w / length : fallback;
        return (new Vector2D(unit.Y, -unit.X), unit * (radius - length));
    }

    /// <summary>Two robots in one place with one velocity: each takes the opposite way of the other.</summary>
    private static Vector2D Apart(ulong own, ulong other)
    {
        Vector2D unit = UnitOf(Math.Min(own, other) * 0x9E3779B97F4A7C15 ^ Math.Max(own, other));
        return own <= other ? unit : -unit;
    }

    private static Vector2D UnitOf(ulong key)
    {
        (double sin, double cos) = DeterministicMath.SinCos((key >> 11) * (2 * Math.PI / (1UL << 53)));
        return new Vector2D(cos, sin);
    }
}
