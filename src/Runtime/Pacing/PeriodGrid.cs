namespace EdgeAutonomy.Runtime;

/// <summary>The periods a loop may run at: base · 2^i for i = 0 … Count−1 (default 1, 2, 4, 8, 16, 32 ms).</summary>
/// <remarks>Immutable. On a grid every dt-dependent factor can be tabulated once, which keeps the maths exact and cheap.</remarks>
public sealed class PeriodGrid
{
    private readonly Duration[] _periods;

    /// <summary>Makes a grid.</summary>
    /// <param name="shortest">The shortest period; must be positive.</param>
    /// <param name="count">How many periods, 1 … 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public PeriodGrid(Duration shortest, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shortest.Nanoseconds, nameof(shortest));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 16);
        _periods = new Duration[count];
        for (int i = 0; i < count; i++) _periods[i] = new Duration(shortest.Nanoseconds << i);
    }

    /// <summary>Gets the default grid: 1 … 32 ms.</summary>
    public static PeriodGrid Default { get; } = new(Duration.FromMilliseconds(1), 6);

    /// <summary>Gets how many periods there are.</summary>
    public int Count => _periods.Length;

    /// <summary>Gets the shortest period.</summary>
    public Duration Shortest => _periods[0];

    /// <summary>Gets the longest period.</summary>
    public Duration Longest => _periods[^1];

    /// <summary>Gets a period by index.</summary>
    public Duration this[int index] => _periods[index];

    /// <summary>Returns the index of the longest period that is not longer than <paramref name="limit"/>; 0 when even the shortest is longer.</summary>
    public byte IndexAtMost(Duration limit)
    {
        int i = _periods.Length - 1;
        while (i > 0 && _periods[i] > limit) i--;
        return (byte)i;
    }
}
