namespace EdgeAutonomy.Agents;

/// <summary>What federated averaging did so far; all only grow.</summary>
/// <param name="Rounds">Rounds that this robot closed as coordinator.</param>
/// <param name="Accepted">Updates that it took in time.</param>
/// <param name="Late">Updates that it took late.</param>
/// <param name="Rejected">Contents that arrived whole and were not finite or not what was said.</param>
/// <param name="Ignored">Messages that were old, copies, of nobody in charge or of another length.</param>
/// <param name="Overflow">Updates for which there was no room.</param>
/// <param name="Trained">Updates that this robot's learner made.</param>
/// <param name="Adopted">Models that it took over.</param>
/// <param name="ChunksSent">Chunks that it sent, again included.</param>
/// <param name="BytesSent">Bytes of chunks and manifests that it sent.</param>
/// <param name="StoreFailures">Times that a model or an update could not be kept.</param>
public readonly record struct FederatedCounters(
    long Rounds, long Accepted, long Late, long Rejected, long Ignored, long Overflow, long Trained, long Adopted, long ChunksSent, long BytesSent, long StoreFailures);
