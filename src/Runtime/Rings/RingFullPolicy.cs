namespace EdgeAutonomy.Runtime;

/// <summary>What a write into a full ring means.</summary>
/// <remarks>
/// There is no "overwrite the oldest": the writer would have to move the reader's index while the reader copies the very slot that is
/// overwritten, which a wait-free ring with one owner per index cannot do. Where only the newest value counts, use
/// <see cref="LatestValue{T}"/>; where a backlog is stale, let the reader drain and skip.
/// </remarks>
public enum RingFullPolicy : byte
{
    /// <summary>The new item is lost and counted in <see cref="IQueueStatistics.Dropped"/>. For drivers and the live view.</summary>
    DropNewest = 0,

    /// <summary>The writer keeps the item and tries again; nothing is lost and nothing is counted. For recordings that must be whole.</summary>
    Refuse = 1,
}
