using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Points of known place seen by a moving pinhole: an event whenever a point's image enters a pixel. Truth is exact, nothing is rendered.</summary>
internal sealed class AnalyticScene(CameraGeometry camera, ulong seed)
{
    private const double Step = 500e-6;
    private readonly List<(double X, double Y, double Z, double Vx, double Vy, byte Polarity)> _points = [];
    private readonly List<Event> _events = [];
    private readonly RandomStream _random = new(seed);
    private int[] _pixels = [];

    public double X { get; private set; }

    public double Y { get; private set; }

    public double Heading { get; private set; }

    public double Time { get; private set; }

    /// <summary>Adds a wall from (x1, y1) to (x2, y2): upright strokes of points between two heights about the camera.</summary>
    public AnalyticScene Wall(double x1, double y1, double x2, double y2, double low = -0.2, double high = 0.7, double perMetre = 14, double stroke = 0.2, double vx = 0, double vy = 0)
    {
        double length = Math.Sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1));
        for (int i = 0; i < length * perMetre; i++)
        {
            double t = _random.NextDouble(), bottom = _random.NextDouble(low, high), top = Math.Min(high, bottom + _random.NextDouble(0.25 * stroke, stroke));
            byte polarity = (byte)_random.NextInt32(2);
            for (double z = bottom; z <= top; z += 0.012) _points.Add((x1 + t * (x2 - x1), y1 + t * (y2 - y1), z, vx, vy, polarity));
        }
        return this;
    }

    /// <summary>Adds the ground: random points 20 cm below the camera.</summary>
    public AnalyticScene Ground(double size, int points)
    {
        for (int i = 0; i < points; i++) _points.Add((_random.NextDouble(-size, size), _random.NextDouble(-size, size), -0.2, 0, 0, (byte)_random.NextInt32(2)));
        return this;
    }

    public AnalyticScene At(double x, double y, double heading)
    {
        (X, Y, Heading) = (x, y, heading);
        return this;
    }

    /// <summary>Drives on and fills the packet with the events on the way.</summary>
    public void Drive(double speed, double turn, int us, EventPacket packet)
    {
        if (_pixels.Length != _points.Count)
        {
            _pixels = new int[_points.Count];
            for (int i = 0; i < _points.Count; i++) _pixels[i] = Project(i, out _, out _);
        }
        long start = (long)Math.Round(Time * 1e6);
        packet.Reset(start, start + us);
        (packet.Width, packet.Height) = (camera.Width, camera.Height);
        _events.Clear();
        int steps = Math.Max(1, (int)Math.Round(us * 1e-6 / Step));
        double dt = us * 1e-6 / steps;
        for (int k = 0; k < steps; k++)
        {
            X += speed * dt * Math.Cos(Heading + 0.5 * turn * dt);
            Y += speed * dt * Math.Sin(Heading + 0.5 * turn * dt);
            Heading += turn * dt;
            Time += dt;
            for (int i = 0; i < _points.Count; i++)
            {
                var p = _points[i];
                if (p.Vx != 0 || p.Vy != 0) _points[i] = (p.X + p.Vx * dt, p.Y + p.Vy * dt, p.Z, p.Vx, p.Vy, p.Polarity);
                int pixel = Project(i, out int u, out int v);
                if (pixel >= 0 && pixel != _pixels[i])
                {
                    long t = start + (long)((k + _random.NextDouble()) * dt * 1e6);
                    _events.Add(new Event(Math.Min(t, start + us - 1), (ushort)u, (ushort)v, p.Polarity));
                }
                _pixels[i] = pixel;
            }
        }
        _events.Sort((a, b) => a.TimeUs.CompareTo(b.TimeUs));
        foreach (var e in _events) packet.Append(e);
    }

    private int Project(int i, out int u, out int v)
    {
        var (px, py, z, _, _, _) = _points[i];
        double dx = px - X, dy = py - Y, cos = Math.Cos(Heading), sin = Math.Sin(Heading);
        double depth = cos * dx + sin * dy, left = cos * dy - sin * dx;
        (u, v) = (-1, -1);
        if (depth < 0.05) return -1;
        double fu = 0.5 * camera.Width - camera.Focal * left / depth, fv = 0.5 * camera.Height - camera.Focal * z / depth;
        if (fu < 0 || fv < 0 || fu >= camera.Width || fv >= camera.Height) return -1;
        (u, v) = ((int)fu, (int)fv);
        return v * camera.Width + u;
    }
}
