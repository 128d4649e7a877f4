namespace EdgeAutonomy.Perception;

/// <summary>What one search along one direction found.</summary>
internal struct RangeMeasurement
{
    /// <summary>Inverse range, one over metres (or seconds, at unit speed), seen from (<see cref="RefX"/>, <see cref="RefY"/>).</summary>
    internal float InverseRange;

    /// <summary>Change of range over the window's baseline: the inverse range in units of what the window can resolve.</summary>
    internal float Step;

    /// <summary>Score of the best hypothesis of the ladder.</summary>
    internal int Peak;

    /// <summary>Best score outside the hill of the best hypothesis; 0 when there is no other.</summary>
    internal int Rival;

    /// <summary>Score at a range wrong by a factor of two.</summary>
    internal int Shoulder;

    /// <summary>How many events were used.</summary>
    internal int Events;

    /// <summary>Over how many cells they spread.</summary>
    internal float Cells;

    /// <summary>Mean place of the camera in the window.</summary>
    internal double RefX;

    /// <summary>Mean place of the camera in the window.</summary>
    internal double RefY;

    /// <summary>Whether the thing keeps its bearing, that is, moves on a collision course.</summary>
    internal bool KeepsBearing;

    /// <summary>Whether a control won: no static thing explains the events.</summary>
    internal bool IsControl;

    /// <summary>Whether the nearest hypothesis won: the window is too long, or the thing nearer than it can tell.</summary>
    internal bool IsLimit;
}
