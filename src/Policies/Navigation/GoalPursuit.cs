using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Knows which goal is driven to, where it lies in the drifting frame of the robot, and what to do when it is missed.</summary>
/// <remarks>
/// Dead reckoning drifts, and a goal is a place in the world. Two habits keep the robot finding its goals: when a goal is replaced while the
/// robot is near it, it was reached, so the robot was on its rim, which measures the drift along that direction; and a goal that should have
/// been reached but stays is looked for on a spiral. The correction is kept as a shift of the goals, not of the pose: what is remembered
/// of the surroundings stays consistent. One thread; allocates nothing.
/// </remarks>
internal sealed class GoalPursuit(bool learns) : IPayload
{
    private const double MaxErrorMetre = 0.6, Gain = 0.7, SearchDelaySecond = 0.3, SearchSecond = 25, SearchSpeed = 0.5;
    private State _s = new() { ArrivedMs = -1 };

    /// <summary>Gets the place to drive to.</summary>
    public double X { get; private set; }

    /// <summary>Gets the place to drive to.</summary>
    public double Y { get; private set; }

    /// <summary>Takes the goal of this cycle.</summary>
    /// <param name="goal">The goal; finite.</param>
    /// <param name="pose">The robot's pose.</param>
    /// <returns>True when it is another goal than before.</returns>
    public bool Take(in Goal goal, in Pose2 pose)
    {
        bool isNew = goal.Id != _s.Id;
        if (isNew)
        {
            LearnFromArrival(pose);
            (_s.Id, _s.X, _s.Y, _s.Radius, _s.ArrivedMs) = (goal.Id, goal.X, goal.Y, Math.Max(goal.Radius, 0.05), -1);
        }
        (X, Y) = (goal.X + _s.ShiftX, goal.Y + _s.ShiftY);
        return isNew;
    }

    /// <summary>Notes that there is no goal.</summary>
    /// <param name="pose">The robot's pose.</param>
    public void Drop(in Pose2 pose)
    {
        if (_s.Id != 0) LearnFromArrival(pose);
        (_s.Id, _s.ArrivedMs) = (0, -1);
    }

    /// <summary>Tells whether there is anywhere to go now; moves the place to drive to along a spiral when the goal is searched for.</summary>
    public bool Pursue(in Pose2 pose, int nowMs)
    {
        double dx = X - pose.X, dy = Y - pose.Y;
        // Half-way into the circle, so that a little drift does not stop the robot just outside.
        if (_s.ArrivedMs < 0 && dx * dx + dy * dy < 0.25 * _s.Radius * _s.Radius) _s.ArrivedMs = nowMs;
        if (_s.ArrivedMs < 0) return true;
        double seconds = (nowMs - _s.ArrivedMs) * 1e-3 - SearchDelaySecond;
        if (!learns || seconds < 0 || seconds > SearchSecond) return false;
        // An Archimedean spiral at constant speed whose turns lie 1.5 goal radii apart: r = k·angle, length ≈ r²/(2k).
        double k = 1.5 * _s.Radius / (2 * Math.PI), r = Math.Sqrt(2 * k * SearchSpeed * seconds + 0.25 * _s.Radius * _s.Radius), angle = r / k;
        X += r * DeterministicMath.Cos(angle);
        Y += r * DeterministicMath.Sin(angle);
        return true;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_s.X);
        hasher.Add(_s.Y);
        hasher.Add(_s.Radius);
        hasher.Add(_s.ShiftX);
        hasher.Add(_s.ShiftY);
        hasher.Add(_s.Id);
        hasher.Add(_s.ArrivedMs);
    }

    internal void Forget() => _s = new() { ArrivedMs = -1 };

    internal void Freeze(in StateWriter writer) => writer.Write(_s);

    internal void Thaw(ref StateReader reader)
    {
        var s = reader.Read<State>();
        reader.Require(Math.Abs(s.X) < 1e6 && Math.Abs(s.Y) < 1e6 && Math.Abs(s.ShiftX) < 1e6 && Math.Abs(s.ShiftY) < 1e6 && s.Radius is >= 0 and < 1e6, "a goal");
        _s = s;
    }

    private void LearnFromArrival(in Pose2 pose)
    {
        double dx = pose.X - _s.X - _s.ShiftX, dy = pose.Y - _s.Y - _s.ShiftY, distance = Math.Sqrt(dx * dx + dy * dy), error = distance - _s.Radius;
        if (!learns || _s.Id == 0 || distance < 0.02 || Math.Abs(error) > MaxErrorMetre) return;
        _s.ShiftX += Gain * error * dx / distance;
        _s.ShiftY += Gain * error * dy / distance;
    }

    private struct State
    {
        public double X, Y, Radius, ShiftX, ShiftY;
        public int Id, ArrivedMs;
    }
}
