namespace EdgeAutonomy.Agents.Tests;

/// <summary>How many seeds the properties of the fleet run: a slice by default, all of them with EDGEAUTONOMY_FLEET_SEEDS=N times as many.</summary>
internal static class Seeds
{
    public static int Count(int slice)
        => int.TryParse(Environment.GetEnvironmentVariable("EDGEAUTONOMY_FLEET_SEEDS"), out int times) ? slice * Math.Clamp(times, 1, 1000) : slice;

    /// <summary>Runs every seed; the first failing one is named with what to do to see it again.</summary>
    public static void ForEach(int slice, Func<ulong, string?> run)
    {
        for (ulong seed = 1; seed <= (ulong)Count(slice); seed++)
        {
            if (run(seed) is { } fault) Assert.Fail($"Seed {seed}: {fault}");
        }
    }

    /// <summary>Returns the first failing seed; null = none failed. For mutations, which must fail somewhere.</summary>
    public static ulong? FirstFailing(int most, Func<ulong, string?> run)
    {
        for (ulong seed = 1; seed <= (ulong)most; seed++)
        {
            if (run(seed) is not null) return seed;
        }
        return null;
    }
}
