using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>The newest poses of a path in fixed memory.</summary>
internal sealed class PathHistory(int capacity, double step)
{
    private readonly Pose2[] _poses = new Pose2[capacity];
    private int _first, _count;

    /// <summary>The older piece of the ring, oldest first.</summary>
    public ReadOnlySpan<Pose2> Older => _poses.AsSpan(_first, Math.Min(_count, _poses.Length - _first));

    /// <summary>The newer piece of the ring.</summary>
    public ReadOnlySpan<Pose2> Newer => _poses.AsSpan(0, _count - Math.Min(_count, _poses.Length - _first));

    /// <summary>Adds a pose when the robot moved far enough since the last one. Poses that are not finite are left out.</summary>
    public void Add(in Pose2 pose)
    {
        if (!double.IsFinite(pose.X) || !double.IsFinite(pose.Y) || !double.IsFinite(pose.Heading)) return;
        if (_count > 0)
        {
            ref readonly var last = ref _poses[(_first + _count - 1) % _poses.Length];
            double dx = pose.X - last.X, dy = pose.Y - last.Y;
            if (dx * dx + dy * dy < step * step) return;
        }
        _poses[(_first + _count) % _poses.Length] = pose;
        if (_count < _poses.Length) _count++;
        else _first = (_first + 1) % _poses.Length;
    }

    public void Clear() => (_first, _count) = (0, 0);
}
