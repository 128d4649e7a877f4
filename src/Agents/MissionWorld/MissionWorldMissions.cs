using System.Collections.Concurrent;

namespace EdgeAutonomy.Agents;

/// <summary>Missions of MissionWorld of one family and kind; the number is the seed.</summary>
/// <remarks>Thread-safe. Seeds divisible by 5 are kept for evaluation.</remarks>
/// <param name="family">What they are about.</param>
/// <param name="options">Size and variant.</param>
public sealed class MissionWorldMissions(MissionFamily family, MissionWorldOptions options) : IMissionSet
{
    // Making a mission plans it several times; arms of an experiment meet the same seeds again and again.
    private const int MaxKept = 8192;
    private readonly ConcurrentDictionary<int, MissionWorldLayout> _kept = new();

    /// <inheritdoc/>
    public string Name { get; } = $"mission-world/{family}/{options.Size}{(options.ClosedLockers ? "/lockers" : "")}";

    /// <summary>Returns the missions that a name stands for, with a battery and rewards by default; null when it is no such name.</summary>
    /// <param name="name">A <see cref="Name"/>.</param>
    public static MissionWorldMissions? Named(string name)
    {
        foreach (var kind in Enum.GetValues<MissionFamily>())
        {
            foreach (var size in Enum.GetValues<MissionWorldSize>())
            {
                foreach (bool lockers in (ReadOnlySpan<bool>)[false, true])
                {
                    var missions = new MissionWorldMissions(kind, new MissionWorldOptions(size, lockers));
                    if (missions.Name == name) return missions;
                }
            }
        }
        return null;
    }

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
        if (!_kept.TryGetValue(number, out var layout))
        {
            layout = MissionGenerator.Generate((ulong)number, family, options);
            if (_kept.Count < MaxKept) _kept.TryAdd(number, layout);
        }
        return new MissionWorldMission(layout, options);
    }
}
