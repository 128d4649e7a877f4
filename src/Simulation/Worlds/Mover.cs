using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Moves one obstacle along its loop or straight on.</summary>
/// <remarks>
/// Unless ruthless it behaves as a person would: it slows and stops while a robot or a lower-numbered obstacle is within 0.3 m ahead of it,
/// and turns back after two seconds of waiting, so nobody stands before it forever.
/// </remarks>
internal sealed class Mover(ObstacleSpec spec, int index)
{
    private const double Look = 0.3, Keep = 0.1, Gap = 0.02, LagSeconds = 0.15;
    private const int PatienceTicks = 2000;
    private readonly int[] _near = new int[32];
    private double _dx = DeterministicMath.Cos(spec.Direction), _dy = DeterministicMath.Sin(spec.Direction), _speed;
    private int _target = spec.Waypoints.Count > 0 ? 1 : 0, _way = 1, _waiting;

    public int Index => index;

    public void Tick(Span<Body> bodies, int obstacles, WallMap walls, double dt)
    {
        ref var me = ref bodies[index];
        if (spec.Motion == MotionKind.Loop) Aim(me);
        else Reflect(ref me, bodies[..obstacles], walls);
        double wish = spec.Speed * (spec.Ruthless ? 1 : Freedom(bodies, obstacles));
        if (wish < 0.05 * spec.Speed)
        {
            if (++_waiting > PatienceTicks) TurnBack();
        }
        else
        {
            _waiting = 0;
        }
        _speed += (wish - _speed) * (dt / LagSeconds);
        (me.Vx, me.Vy) = (_dx * _speed, _dy * _speed);
        me.X += me.Vx * dt;
        me.Y += me.Vy * dt;
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_dx);
        w.Write(_dy);
        w.Write(_speed);
        w.Write(_target);
        w.Write(_way);
        w.Write(_waiting);
    }

    public void Thaw(ref StateReader r)
    {
        _dx = r.Read<double>();
        _dy = r.Read<double>();
        _speed = r.Read<double>();
        _target = r.ReadInt32(0, spec.Waypoints.Count);
        _way = r.ReadInt32(-1, 1);
        _waiting = r.ReadInt32(0, PatienceTicks + 1);
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_dx);
        hasher.Add(_dy);
        hasher.Add(_speed);
        hasher.Add(_target * 2 + _way);
        hasher.Add(_waiting);
    }

    private void Aim(in Body me)
    {
        if (spec.Waypoints.Count == 0) return;
        double x = Point(_target).X - me.X, y = Point(_target).Y - me.Y, d = Math.Sqrt(x * x + y * y);
        if (d < 0.005)
        {
            int n = spec.Waypoints.Count + 1;
            _target = (_target + _way + n) % n;
            return;
        }
        (_dx, _dy) = (x / d, y / d);
    }

    private Waypoint Point(int i) => i == 0 ? new Waypoint(spec.X, spec.Y) : spec.Waypoints[i - 1];

    private void TurnBack()
    {
        _waiting = 0;
        (_dx, _dy) = (-_dx, -_dy);
        if (spec.Motion != MotionKind.Loop) return;
        int n = spec.Waypoints.Count + 1;
        _way = -_way;
        _target = (_target + _way + n) % n;
    }

    private void Reflect(ref Body me, ReadOnlySpan<Body> obstacles, WallMap walls)
    {
        int count = walls.Near(me.X, me.Y, me.Radius + Gap, _near);
        for (int k = 0; k < count; k++)
        {
            var (px, py) = walls.Walls[_near[k]].Nearest(me.X, me.Y);
            Mirror(me.X - px, me.Y - py);
        }
        for (int i = 0; i < obstacles.Length; i++)
        {
            if (i == index) continue;
            if (obstacles[i].Nearest(me.X, me.Y, out double nx, out double ny) < me.Radius + Gap) Mirror(nx, ny);
        }
    }

    private void Mirror(double nx, double ny)
    {
        double d = Math.Sqrt(nx * nx + ny * ny);
        if (d < 1e-9) return;
        (nx, ny) = (nx / d, ny / d);
        double into = _dx * nx + _dy * ny;
        if (into >= 0) return;
        (_dx, _dy) = (_dx - 2 * into * nx, _dy - 2 * into * ny);
        double length = Math.Sqrt(_dx * _dx + _dy * _dy);
        (_dx, _dy) = (_dx / length, _dy / length);
    }

    // 1 = the way is free, 0 = stand still.
    private double Freedom(ReadOnlySpan<Body> bodies, int obstacles)
    {
        ref readonly var me = ref bodies[index];
        double freedom = 1;
        for (int i = 0; i < bodies.Length; i++)
        {
            if (i == index || (i < obstacles && i > index)) continue;
            double x = bodies[i].X - me.X, y = bodies[i].Y - me.Y;
            if (x * x + y * y > 4) continue;
            if (x * _dx + y * _dy <= 0) continue;
            double side = Math.Abs(x * _dy - y * _dx), reach = me.Radius + bodies[i].Radius;
            if (side > reach + 0.05) continue;
            double gap = Math.Sqrt(x * x + y * y) - reach;
            freedom = Math.Min(freedom, Math.Clamp((gap - Keep) / (Look - Keep), 0, 1));
        }
        return freedom;
    }
}
