using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>One decision of <see cref="GoToGoalPolicy"/> while it is made: what it goes by and what it chose.</summary>
internal struct DriveStep
{
    /// <summary>The percept; the loop's, valid during the cycle.</summary>
    public Percept Percept;

    /// <summary>The pose that dead reckoning gives, odometry frame.</summary>
    public Pose2 Pose;

    /// <summary>The velocity.</summary>
    public Twist2 Velocity;

    /// <summary>The cycle.</summary>
    public CycleContext Context;

    /// <summary>Milliseconds since the first decision.</summary>
    public int NowMs;

    /// <summary>Whether there is anywhere to go, whether the robot must rest at the start all the same, and whether it looks round because it did not get on.</summary>
    public bool Driving, Resting, Recovering;

    /// <summary>Whether there was a range scan lately; otherwise events alone tell of obstacles.</summary>
    public bool HasScan;

    /// <summary>Highest speed and highest turn rate on the spot now, metres and radians per second.</summary>
    public float SpeedCap, TurnCap;

    /// <summary>The place to drive to now: the goal or a point of the way to it, odometry frame.</summary>
    public double TargetX, TargetY;

    /// <summary>Where the arcs start and where they point, odometry frame.</summary>
    public double StartX, StartY, Cos, Sin;

    /// <summary>The way to that place, the gap to the nearest obstacle, and where that lies as seen from the start.</summary>
    public float LeadMetre, NearMetre, NearX, NearY;

    /// <summary>The motion chosen.</summary>
    public Motion Motion;
}
