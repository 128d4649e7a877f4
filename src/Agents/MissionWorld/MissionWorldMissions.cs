namespace EdgeAutonomy.Agents;

/// <summary>Missions of MissionWorld of one family and kind; the number is the seed.</summary>
/// <remarks>Thread-safe. Seeds divisible by 5 are kept for evaluation.</remarks>
/// <param name="family">What they are about.</param>
/// <param name="options">Size and variant.</param>
public sealed class MissionWorldMissions(MissionFamily family, MissionWorldOptions options) : IMissionSet
{
    /// <inheritdoc/>
    public string Name { get; } = $"mission-world/{family}/{options.Size}{(options.ClosedLockers ? "/lockers" : "")}";

    /// <inheritdoc/>
    public MissionShape Shape => MissionWorldFeatures.Shape;

    /// <inheritdoc/>
    public int Count => int.MaxValue;

    /// <inheritdoc/>
    public bool IsHeldOut(int number) => number % 5 == 0;

    /// <inheritdoc/>
    public IMission Start(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new MissionWorldMission(MissionGenerator.Generate((ulong)number, family, options), options);
    }
}
