namespace EdgeAutonomy.Learning;

/// <summary>Draws the random actions of exploration: among those that are allowed, and fairly over durations.</summary>
/// <remarks>
/// With K rungs (action index = action · K + rung, rung k holds 2^k ticks) half of the draws take a rung uniformly and half with probability ∝ 2^−k, so that every rung gets
/// the same share of the *ticks*; uniform rungs alone would spend most of the time in the longest (adaptive time-stepping notes §7.6). Allocation-free.
/// </remarks>
internal static class RandomChoice
{
    /// <summary>Returns an action index.</summary>
    /// <param name="random">The generator; one draw without rungs, up to three with them.</param>
    /// <param name="choices">Actions times rungs.</param>
    /// <param name="rungs">K, at least 1; divides <paramref name="choices"/>.</param>
    /// <param name="allowed">One flag per choice, at least one set; empty = all are.</param>
    public static int Draw(RandomStream random, int choices, int rungs, ReadOnlySpan<bool> allowed)
    {
        if (rungs > 1) return DrawHeld(random, choices / rungs, rungs, allowed);
        return allowed.IsEmpty ? random.NextInt32(choices) : Nth(allowed, random.NextInt32(allowed.Count(true)));
    }

    private static int DrawHeld(RandomStream random, int actions, int rungs, ReadOnlySpan<bool> allowed)
    {
        int open = 0;
        for (int a = 0; a < actions; a++) open += IsOpen(allowed, a, rungs) ? 1 : 0;
        int nth = random.NextInt32(open), action = -1;
        while (nth >= 0) nth -= IsOpen(allowed, ++action, rungs) ? 1 : 0;
        bool byTicks = random.NextDouble() < 0.5;
        double total = 0;
        for (int k = 0; k < rungs; k++) total += Weight(allowed, action * rungs + k, k, byTicks);
        double mass = random.NextDouble() * total;
        int last = -1;
        for (int k = 0; k < rungs; k++)
        {
            double weight = Weight(allowed, action * rungs + k, k, byTicks);
            if (weight == 0) continue;
            last = k;
            if ((mass -= weight) < 0) break;
        }
        return action * rungs + last;
    }

    private static double Weight(ReadOnlySpan<bool> allowed, int index, int rung, bool byTicks) => allowed.IsEmpty || allowed[index] ? (byTicks ? 1.0 / (1 << rung) : 1) : 0;

    private static bool IsOpen(ReadOnlySpan<bool> allowed, int action, int rungs) => allowed.IsEmpty || allowed.Slice(action * rungs, rungs).Contains(true);

    private static int Nth(ReadOnlySpan<bool> allowed, int n)
    {
        int i = -1;
        while (n >= 0) n -= allowed[++i] ? 1 : 0;
        return i;
    }
}
