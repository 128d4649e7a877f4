namespace EdgeAutonomy.Recording;

/// <summary>What a lane does when its queue is full.</summary>
public enum RecordFullPolicy
{
    /// <summary>The record is dropped, counted, and marked by a gap, so that a recording with holes never replays as a whole one. The loop never waits.</summary>
    DropAndMark,

    /// <summary>The loop waits. For simulated time, where nothing is late.</summary>
    Hold,
}
