namespace EdgeAutonomy.Host;

/// <summary>How long one stage of the loops took.</summary>
/// <param name="Stage">Its place: sense, perceive, decide or act.</param>
/// <param name="LatencyUs">The time of its calls, all robots together.</param>
public sealed record StageRow(string Stage, LatencyUs LatencyUs);
