using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Sensors;

/// <summary>How often each <see cref="DecoderViolation"/> happened.</summary>
/// <remarks>A plain value of 14 counters; copying takes a snapshot. Allocation-free, except <see cref="ToDictionary"/>.</remarks>
public struct DecoderCounters : IEquatable<DecoderCounters>
{
    /// <summary>How many kinds of violation there are.</summary>
    public const int Count = 14;

    private static readonly string[] NameTable =
    [
        "NonMonotonicTimeHigh", "NonContinuousTimeHigh", "PartialVect_12_12_8", "PartialContinued_12_12_4", "MissingYAddr", "InvalidVectBase",
        "OutOfBoundsEventCoordinate", "UnknownWord", "PaddingWord", "EventsBeforeTime", "BackwardsTime", "TruncatedTail", "ResyncBytes", "TriggersDropped",
    ];

    private Values _values;

    /// <summary>Gets the names of all kinds, indexed by <see cref="DecoderViolation"/>.</summary>
    public static ReadOnlySpan<string> Names => NameTable;

    /// <summary>Gets how often a violation happened.</summary>
    public readonly long this[DecoderViolation kind] => _values[(int)kind];

    /// <summary>Gets the sum over all kinds.</summary>
    public readonly long Total
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < Count; i++) sum += _values[i];
            return sum;
        }
    }

    /// <summary>Gets how many events were dropped for a violation: out of bounds, before time, without a row.</summary>
    public readonly long EventsDropped =>
        this[DecoderViolation.OutOfBoundsEventCoordinate] + this[DecoderViolation.EventsBeforeTime] + this[DecoderViolation.MissingYAddr];

    /// <summary>Returns the name of a kind, as it stands in messages and JSON.</summary>
    public static string NameOf(DecoderViolation kind) => NameTable[(int)kind];

    /// <summary>Counts a violation.</summary>
    public void Add(DecoderViolation kind, long times = 1) => _values[(int)kind] += times;

    /// <summary>Returns the kinds that happened, by name, in the order of the enumeration. Allocates.</summary>
    public readonly IReadOnlyDictionary<string, long> ToDictionary()
    {
        var result = new Dictionary<string, long>(Count, StringComparer.Ordinal);
        for (int i = 0; i < Count; i++)
        {
            if (_values[i] != 0) result.Add(NameTable[i], _values[i]);
        }
        return result;
    }

    /// <inheritdoc/>
    public readonly bool Equals(DecoderCounters other)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_values[i] != other._values[i]) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is DecoderCounters other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => Total.GetHashCode();

    /// <summary>Compares two sets of counters.</summary>
    public static bool operator ==(DecoderCounters a, DecoderCounters b) => a.Equals(b);

    /// <summary>Compares two sets of counters.</summary>
    public static bool operator !=(DecoderCounters a, DecoderCounters b) => !a.Equals(b);

    /// <summary>Returns "none" or "name n, name n …". Allocates.</summary>
    public override readonly string ToString()
    {
        var some = ToDictionary();
        return some.Count == 0 ? "none" : string.Join(", ", some.Select(p => $"{p.Key} {p.Value}"));
    }

    [InlineArray(Count)]
    private struct Values
    {
        private long _first;
    }
}
