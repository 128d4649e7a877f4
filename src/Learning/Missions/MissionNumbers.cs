using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Which missions of a set a learner may start, and which are kept for evaluation.</summary>
/// <remarks>Where any number is a mission, numbers below 2^20 are used. Thread-safe.</remarks>
public sealed class MissionNumbers
{
    private const int Most = 1 << 20, Tries = 10_000;
    private readonly IMissionSet _set;

    /// <summary>Looks at a set.</summary>
    /// <param name="set">The set, of at least one mission.</param>
    /// <exception cref="ArgumentException">It has none.</exception>
    public MissionNumbers(IMissionSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.Count < 1) throw new ArgumentException($"Missions '{set.Name}': there are {set.Count}; must be 1 or more.", nameof(set));
        _set = set;
        Range = Math.Min(set.Count, Most);
    }

    /// <summary>Gets below which number missions are drawn.</summary>
    public int Range { get; }

    /// <summary>Draws missions to learn from, with replacement; none that is kept for evaluation.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">None was found that is not held out.</exception>
    public int[] Draw(RandomStream random, int count)
    {
        ArgumentNullException.ThrowIfNull(random);
        var numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            int tries = 0;
            do
            {
                if (++tries > Tries) throw new InvalidOperationException($"Missions '{_set.Name}': {Tries} draws below {Range} gave none that may be learned from; all seem to be held out.");
                numbers[i] = random.NextInt32(Range);
            }
            while (_set.IsHeldOut(numbers[i]));
        }
        return numbers;
    }

    /// <summary>Returns the first missions that are kept for evaluation; where the set keeps none, its first ones, since it is one for evaluation as a whole.</summary>
    /// <param name="count">The most of them.</param>
    public int[] HeldOut(int count)
    {
        var numbers = new List<int>();
        for (int n = 0; n < Range && numbers.Count < count; n++)
        {
            if (_set.IsHeldOut(n)) numbers.Add(n);
            else if (n > Tries && numbers.Count == 0) break;
        }
        return numbers.Count > 0 ? [.. numbers] : [.. Enumerable.Range(0, Math.Min(count, Range))];
    }

    /// <summary>Refuses missions that a learner must not start.</summary>
    /// <param name="numbers">The missions.</param>
    /// <exception cref="InvalidOperationException">One is held out.</exception>
    public void RequireTraining(ReadOnlySpan<int> numbers)
    {
        foreach (int n in numbers)
        {
            if (_set.IsHeldOut(n)) throw new InvalidOperationException($"Missions '{_set.Name}': number {n} is kept for evaluation; a learner must not start it.");
        }
    }
}
