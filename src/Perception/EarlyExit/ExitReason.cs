namespace EdgeAutonomy.Perception;

/// <summary>Why a network stopped, or that it goes on.</summary>
public enum ExitReason : byte
{
    /// <summary>It goes on.</summary>
    None = 0,

    /// <summary>The policy is sure enough.</summary>
    Rule = 1,

    /// <summary>There is no further step, or no further checkpoint.</summary>
    LastStep = 2,

    /// <summary>The time is over; the answer is the best there is.</summary>
    Budget = 3,
}
