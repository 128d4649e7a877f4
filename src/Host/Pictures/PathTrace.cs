using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Where a robot was and where it wanted to go, in memory that does not grow with the recording.</summary>
internal sealed class PathTrace
{
    private const int Most = 4000;

    private readonly List<Pose2> _poses = [];
    private readonly List<Goal> _goals = [];
    private double _least = 0.01; // metres between two points; doubled whenever there are too many

    /// <summary>Gets whether it has been anywhere.</summary>
    public bool IsEmpty => _poses.Count == 0;

    /// <summary>Adds a place. Steps too small to be seen are left out.</summary>
    public void Add(in Pose2 pose)
    {
        if (!double.IsFinite(pose.X) || !double.IsFinite(pose.Y)) return;
        if (_poses.Count > 0 && Squared(_poses[^1], pose) < _least * _least) return;
        _poses.Add(pose);
        if (_poses.Count >= Most) Thin();
    }

    /// <summary>Adds a goal; the same one again counts once.</summary>
    public void Add(in Goal goal)
    {
        if (goal.Id == 0 || !double.IsFinite(goal.X) || !double.IsFinite(goal.Y) || _goals.Count >= Most) return;
        if (_goals.Count == 0 || _goals[^1].Id != goal.Id || _goals[^1].X != goal.X || _goals[^1].Y != goal.Y) _goals.Add(goal);
    }

    /// <summary>Returns the path.</summary>
    public MapPath ToPath(string name) => new(name, [.. _poses]) { Goals = [.. _goals] };

    private void Thin()
    {
        while (_poses.Count > Most / 2)
        {
            _least *= 2;
            int kept = 1;
            for (int i = 1; i < _poses.Count; i++)
            {
                if (Squared(_poses[kept - 1], _poses[i]) >= _least * _least) _poses[kept++] = _poses[i];
            }
            _poses.RemoveRange(kept, _poses.Count - kept);
        }
    }

    private static double Squared(in Pose2 a, in Pose2 b) => (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y);
}
