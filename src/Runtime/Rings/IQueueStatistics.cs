namespace EdgeAutonomy.Runtime;

/// <summary>What every queue of the runtime tells about itself, so that metrics and <c>edge top</c> can list them all.</summary>
/// <remarks>
/// A queue that can lose something without this interface saying so is a defect. Counters only grow; they may be read from any thread, never
/// allocate, and are exact once both ends rest. While an end is at work they may be one item behind each other.
/// </remarks>
public interface IQueueStatistics
{
    /// <summary>Gets the queue's name, unique in the process: who writes into it and what.</summary>
    string Name { get; }

    /// <summary>Gets how many items fit in.</summary>
    int Capacity { get; }

    /// <summary>Gets how many items were put in.</summary>
    long Written { get; }

    /// <summary>Gets how many items were taken out.</summary>
    long Read { get; }

    /// <summary>Gets how many items were lost because the reader was too slow.</summary>
    long Dropped { get; }

    /// <summary>Gets the most items that ever lay in the queue, as its writer saw it; never more than <see cref="Capacity"/>.</summary>
    int HighWater { get; }
}
