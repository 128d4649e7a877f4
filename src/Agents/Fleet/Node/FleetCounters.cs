namespace EdgeAutonomy.Agents;

/// <summary>What a node has seen go wrong on its way; all only grow.</summary>
/// <param name="Received">Messages taken from the link.</param>
/// <param name="Sent">Messages handed to the link.</param>
/// <param name="NotSent">Messages that the link dropped at once.</param>
/// <param name="Gaps">Messages missed, by their numbers.</param>
/// <param name="Stale">Old messages and copies.</param>
/// <param name="Malformed">Messages that break the format, a limit or the version.</param>
/// <param name="Foreign">Messages with a topic that nobody here knows.</param>
/// <param name="Overflow">Messages of robots or tasks beyond the capacity.</param>
/// <param name="PromiseFailures">Promises that could not be kept; what depended on them was not sent.</param>
/// <param name="Reincarnations">Times the robot took a new incarnation because a later one of its own was seen.</param>
public readonly record struct FleetCounters(
    long Received, long Sent, long NotSent, long Gaps, long Stale, long Malformed, long Foreign, long Overflow, long PromiseFailures, long Reincarnations);
