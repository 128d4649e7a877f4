using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>Follows free-standing objects (pillars, people, other robots) through the range scans and estimates how they move.</summary>
/// <remarks>
/// A run of neighbouring beams that is narrow and stands in front of what surrounds it is one object. Each object has a constant-velocity
/// Kalman filter with white-noise acceleration, discretised exactly for the time between two updates. Updates are spaced by
/// <see cref="UpdateMs"/>, because errors of successive scans from nearly the same place are nearly the same error.
/// One thread; allocates nothing after construction.
/// </remarks>
internal sealed class ObjectTracker : IPayload
{
    /// <summary>The most objects followed; farther ones give way to nearer ones.</summary>
    public const int Capacity = 16;

    /// <summary>Milliseconds between two updates.</summary>
    public const int UpdateMs = 40;

    private const float GapMetre = 0.3f, MaxWidthMetre = 0.9f, GateMetre = 0.45f, AccelerationDensity = 0.08f;
    private const int ForgetMs = 900;

    private readonly MovingObject[] _objects = new MovingObject[Capacity];
    private int _lastMs = int.MinValue / 2;

    /// <summary>Gets all slots; a slot with no sightings is empty.</summary>
    public ReadOnlySpan<MovingObject> Objects => _objects;

    /// <summary>Forgets all objects.</summary>
    public void Clear()
    {
        Array.Clear(_objects);
        _lastMs = int.MinValue / 2;
    }

    /// <summary>Takes a scan in.</summary>
    /// <param name="x">Beam ends, odometry frame, [beam].</param>
    /// <param name="y">Beam ends, odometry frame, [beam].</param>
    /// <param name="range">Ranges in metres, [beam]; +∞ = nothing hit, NaN = not sensed.</param>
    /// <param name="moving">Set to true for beams that hit a moving object, [beam].</param>
    /// <param name="robotX">The robot's place.</param>
    /// <param name="robotY">The robot's place.</param>
    /// <param name="stepRadian">Angle between beams.</param>
    /// <param name="wraps">Whether the last beam is the neighbour of the first.</param>
    /// <param name="nowMs">The present.</param>
    public void Update(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> range, Span<bool> moving,
        float robotX, float robotY, float stepRadian, bool wraps, int nowMs)
    {
        moving.Clear();
        bool correct = nowMs - _lastMs >= UpdateMs;
        float dt = correct && _lastMs > int.MinValue / 4 ? (nowMs - _lastMs) * 1e-3f : 0;
        if (correct)
        {
            _lastMs = nowMs;
            Predict(dt, nowMs);
        }
        int n = range.Length, start = wraps ? FirstBreak(range) : 0;
        for (int k = 0; k < n;)
        {
            int first = Wrap(start + k, n);
            if (!float.IsFinite(range[first]))
            {
                k++;
                continue;
            }
            int length = 1;
            while (k + length < n && Joined(range, Wrap(start + k + length - 1, n), Wrap(start + k + length, n))) length++;
            int last = Wrap(first + length - 1, n);
            if (StandsFree(range, first, last, wraps)) Sight(x, y, range, moving, first, length, robotX, robotY, stepRadian, nowMs, correct);
            k += length;
        }
        for (int i = 0; i < Capacity; i++)
        {
            ref var o = ref _objects[i];
            if (o.SeenMs == nowMs || o.Sightings == 0) continue;
            if (correct && IsSeenThrough(o, x, y, range, robotX, robotY))
            {
                o = default;
                continue;
            }
            // Only for a while: what is really a piece of wall would otherwise be followed along the wall.
            if (o.IsMoving && nowMs - o.FreeMs < ForgetMs) Regain(ref o, x, y, range, moving, robotX, robotY, stepRadian, nowMs, correct);
        }
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_lastMs);
        hasher.AddBytes(MemoryMarshal.AsBytes<MovingObject>(_objects));
    }

    internal void Freeze(in StateWriter writer)
    {
        writer.Write(_lastMs);
        writer.WriteSpan(_objects);
    }

    internal void Thaw(ref StateReader reader)
    {
        _lastMs = reader.Read<int>();
        reader.ReadSpan(_objects);
        foreach (ref readonly var o in _objects.AsSpan())
        {
            reader.Require(float.IsFinite(o.X + o.Y + o.VelocityX + o.VelocityY + o.Radius) && o.PlaceVariance is >= 0 and < 1e6f
                && o.VelocityVariance is >= 0 and < 1e6f && float.IsFinite(o.Covariance) && o.Sightings >= 0, "a moving object");
        }
    }

    private static int Wrap(int beam, int n) => beam >= n ? beam - n : beam;

    private static bool Joined(ReadOnlySpan<float> range, int a, int b) =>
        float.IsFinite(range[b]) && Math.Abs(range[a] - range[b]) < GapMetre;

    private static int FirstBreak(ReadOnlySpan<float> range)
    {
        for (int i = 0; i < range.Length; i++)
        {
            if (!float.IsFinite(range[i]) || !Joined(range, i == 0 ? range.Length - 1 : i - 1, i)) return i;
        }
        return 0;
    }

    private static bool StandsFree(ReadOnlySpan<float> range, int first, int last, bool wraps)
    {
        int n = range.Length, before = first - 1, after = last + 1;
        if (before < 0 || after >= n)
        {
            if (!wraps) return false;
            before = (before + n) % n;
            after %= n;
        }
        // A neighbour that was not sensed may hide the rest of a wall: NaN compares false, so such a run is no object.
        return range[before] > range[first] + GapMetre && range[after] > range[last] + GapMetre;
    }

    private void Sight(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> range, Span<bool> moving, int first, int length,
        float robotX, float robotY, float stepRadian, int nowMs, bool correct)
    {
        int n = range.Length, last = Wrap(first + length - 1, n);
        float chord = MathF.Sqrt((x[first] - x[last]) * (x[first] - x[last]) + (y[first] - y[last]) * (y[first] - y[last]));
        if (chord > MaxWidthMetre) return;
        float mx = 0, my = 0, mr = 0;
        for (int i = 0; i < length; i++)
        {
            int b = Wrap(first + i, n);
            mx += x[b];
            my += y[b];
            mr += range[b];
        }
        (mx, my, mr) = (mx / length, my / length, mr / length);
        // The seen width is short by one beam spacing on average; the hits lie on the near side, about 0.7 radii before the middle.
        float radius = Math.Clamp((chord + mr * stepRadian) / 2, 0.08f, 0.45f);
        float dx = mx - robotX, dy = my - robotY, distance = Math.Max(MathF.Sqrt(dx * dx + dy * dy), 0.05f);
        mx += dx / distance * radius * 0.7f;
        my += dy / distance * radius * 0.7f;
        float noise = mr * stepRadian / 4 + 0.02f;
        int slot = Nearest(mx, my, out float gap);
        if (slot < 0 || gap > GateMetre)
        {
            if (correct) Begin(mx, my, radius, noise * noise, robotX, robotY, nowMs);
            return;
        }
        ref var o = ref _objects[slot];
        if (correct && o.SeenMs != nowMs) Correct(ref o, mx, my, radius, noise * noise, nowMs);
        o.FreeMs = nowMs;
        if (!o.IsMoving) return;
        for (int i = 0; i < length; i++) moving[Wrap(first + i, n)] = true;
    }

    /// <summary>Tells whether a beam passes through the middle of an object that was not sighted: then it is gone.</summary>
    private static bool IsSeenThrough(in MovingObject o, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> range, float robotX, float robotY)
    {
        float ox = o.X - robotX, oy = o.Y - robotY, distance = MathF.Sqrt(ox * ox + oy * oy);
        for (int b = 0; b < range.Length; b++)
        {
            if (!float.IsFinite(range[b]) || range[b] < distance + o.Radius + 0.2f) continue;
            // How far the middle lies beside the beam, and whether it lies ahead on it.
            float bx = (x[b] - robotX) / range[b], by = (y[b] - robotY) / range[b];
            if (bx * ox + by * oy > 0 && Math.Abs(bx * oy - by * ox) < 0.4f * o.Radius) return true;
        }
        return false;
    }

    /// <summary>Follows a moving object that passes close to a wall or another object, where it does not stand free.</summary>
    private static void Regain(ref MovingObject o, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> range, Span<bool> moving,
        float robotX, float robotY, float stepRadian, int nowMs, bool correct)
    {
        float mx = 0, my = 0, gate = o.Radius + 0.1f;
        int n = 0;
        for (int b = 0; b < range.Length; b++)
        {
            if (!float.IsFinite(range[b]) || (x[b] - o.X) * (x[b] - o.X) + (y[b] - o.Y) * (y[b] - o.Y) > gate * gate) continue;
            mx += x[b];
            my += y[b];
            n++;
            moving[b] = true;
        }
        if (n == 0 || !correct) return;
        (mx, my) = (mx / n, my / n);
        float dx = mx - robotX, dy = my - robotY, distance = Math.Max(MathF.Sqrt(dx * dx + dy * dy), 0.05f);
        // Some of the points may belong to what it passes, so they count less than a free sighting.
        float noise = distance * stepRadian / 2 + 0.08f;
        Correct(ref o, mx + dx / distance * o.Radius * 0.7f, my + dy / distance * o.Radius * 0.7f, o.Radius, noise * noise, nowMs);
    }

    private int Nearest(float x, float y, out float gap)
    {
        int best = -1;
        gap = float.PositiveInfinity;
        for (int i = 0; i < Capacity; i++)
        {
            ref readonly var o = ref _objects[i];
            if (o.Sightings == 0) continue;
            float d = MathF.Sqrt((o.X - x) * (o.X - x) + (o.Y - y) * (o.Y - y));
            if (d < gap) (gap, best) = (d, i);
        }
        return best;
    }

    private void Begin(float x, float y, float radius, float variance, float robotX, float robotY, int nowMs)
    {
        int slot = -1;
        float worst = (x - robotX) * (x - robotX) + (y - robotY) * (y - robotY);
        for (int i = 0; i < Capacity; i++)
        {
            ref readonly var o = ref _objects[i];
            float d = o.Sightings == 0 ? float.PositiveInfinity : (o.X - robotX) * (o.X - robotX) + (o.Y - robotY) * (o.Y - robotY);
            if (d > worst) (worst, slot) = (d, i);
        }
        if (slot < 0) return;
        _objects[slot] = new MovingObject
        {
            X = x,
            Y = y,
            Radius = radius,
            PlaceVariance = variance,
            VelocityVariance = 0.5f * 0.5f,
            SeenMs = nowMs,
            FreeMs = nowMs,
            Sightings = 1,
        };
    }

    private static void Correct(ref MovingObject o, float x, float y, float radius, float variance, int nowMs)
    {
        float gain = o.PlaceVariance / (o.PlaceVariance + variance), velocityGain = o.Covariance / (o.PlaceVariance + variance);
        float ex = x - o.X, ey = y - o.Y;
        o.X += gain * ex;
        o.Y += gain * ey;
        o.VelocityX += velocityGain * ex;
        o.VelocityY += velocityGain * ey;
        o.VelocityVariance -= velocityGain * o.Covariance;
        o.Covariance -= gain * o.Covariance;
        o.PlaceVariance -= gain * o.PlaceVariance;
        o.Radius += 0.2f * (radius - o.Radius);
        o.SeenMs = nowMs;
        o.Sightings = Math.Min(o.Sightings + 1, 1000);
    }

    private void Predict(float dt, int nowMs)
    {
        for (int i = 0; i < Capacity; i++)
        {
            ref var o = ref _objects[i];
            if (o.Sightings == 0) continue;
            // One sighting may be noise, so it is soon forgotten; an object lost from sight is kept for a moment.
            if (nowMs - o.SeenMs > (o.Sightings < 3 ? ForgetMs / 2 : ForgetMs))
            {
                o = default;
                continue;
            }
            o.X += o.VelocityX * dt;
            o.Y += o.VelocityY * dt;
            o.PlaceVariance += dt * (2 * o.Covariance + dt * (o.VelocityVariance + dt * AccelerationDensity / 3));
            o.Covariance += dt * (o.VelocityVariance + dt * AccelerationDensity / 2);
            o.VelocityVariance += dt * AccelerationDensity;
        }
    }
}
