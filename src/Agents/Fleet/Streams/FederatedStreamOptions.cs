namespace EdgeAutonomy.Agents;

/// <summary>How federated averaging runs over the fleet's link. The same at every robot but for the pace.</summary>
public sealed record FederatedStreamOptions
{
    /// <summary>Gets how updates become one.</summary>
    public FederatedOptions Rule { get; init; } = new();

    /// <summary>Gets after how long a round is closed without the robots that are missing; default 120 s.</summary>
    public Duration Deadline { get; init; } = Duration.FromSeconds(120);

    /// <summary>Gets how long a new coordinator listens for a later model before it opens a round; default 5 s.</summary>
    public Duration Settle { get; init; } = Duration.FromSeconds(5);

    /// <summary>Gets the time between two rounds; default 0.</summary>
    public Duration Pause { get; init; } = Duration.Zero;

    /// <summary>Gets how often the coordinator says what is open, and robots answer; default 2 s.</summary>
    public Duration CallPeriod { get; init; } = Duration.FromSeconds(2);

    /// <summary>Gets after how long what was not answered is asked for again; default 1 s. Chunks are sent again after twice that.</summary>
    public Duration Retry { get; init; } = Duration.FromSeconds(1);

    /// <summary>Gets after how long without progress a transfer makes room for another one; default 10 s.</summary>
    public Duration StallAfter { get; init; } = Duration.FromSeconds(10);

    /// <summary>Gets the most bytes that are sent in a second; default 1 MiB.</summary>
    public long BytesPerSecond { get; init; } = 1 << 20;

    /// <summary>Gets the most bytes at once; default 128 KiB.</summary>
    public long Burst { get; init; } = 128 << 10;

    /// <summary>Gets the size of a chunk; default 64 KiB. A manifest has to fit a payload of the link: at most some 5,000 chunks.</summary>
    public int ChunkBytes { get; init; } = TransferManifest.MaxChunkBytes;

    /// <summary>Gets the most bytes of updates that a coordinator holds, those on their way included; default and at most 256 MiB. Models must fit too.</summary>
    public long MaxBytes { get; init; } = TransferManifest.MaxBytes;

    /// <summary>Gets how many updates a coordinator fetches at the same time; default 8.</summary>
    public int MaxTransfers { get; init; } = 8;

    /// <summary>Gets after how many rounds a late update counts for nothing; default 4, at most <see cref="FederatedHead.MaxParents"/>; 0 = late ones never count.</summary>
    public int MaxLag { get; init; } = 4;

    /// <summary>Gets the round after which no other is opened; default none.</summary>
    public uint LastRound { get; init; } = uint.MaxValue;

    internal void Check(int length)
    {
        if (Rule.Fault() is { } fault) throw new ArgumentException(fault);
        if (Deadline.Nanoseconds <= 0 || Settle.Nanoseconds < 0 || Pause.Nanoseconds < 0 || CallPeriod.Nanoseconds <= 0 || Retry.Nanoseconds <= 0 || StallAfter < Retry)
            throw new ArgumentException($"Federated stream: deadline {Deadline}, settle {Settle}, pause {Pause}, call period {CallPeriod}, retry {Retry}, stall {StallAfter}; must be > 0, >= 0, >= 0, > 0, > 0, and stall at least retry.");
        if (BytesPerSecond <= 0 || Burst <= 0 || ChunkBytes is < TransferManifest.MinChunkBytes or > TransferManifest.MaxChunkBytes || ChunkBytes % sizeof(float) != 0)
            throw new ArgumentException($"Federated stream: {BytesPerSecond} bytes/s, burst {Burst}, chunks of {ChunkBytes}; must be > 0, > 0, in [{TransferManifest.MinChunkBytes}, {TransferManifest.MaxChunkBytes}] and a multiple of 4.");
        if (MaxBytes is < 1 or > TransferManifest.MaxBytes || length > MaxBytes / sizeof(float) || MaxTransfers < 1 || MaxLag is < 0 or > FederatedHead.MaxParents)
            throw new ArgumentException($"Federated stream: {MaxBytes} bytes for a model of {length} parameters, {MaxTransfers} transfers, lag {MaxLag}; must be up to {TransferManifest.MaxBytes} and enough for one, at least 1, in [0, {FederatedHead.MaxParents}].");
    }
}
