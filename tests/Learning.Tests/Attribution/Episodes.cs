using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests.Attribution;

/// <summary>Makes episodes for the tests of attributors.</summary>
internal static class Episodes
{
    public static MissionShape Shape { get; } = new(3, 2, 4, "test");

    /// <summary>An episode of random numbers that pays at its end only.</summary>
    public static Trajectory Random(int length, ulong seed, bool terminated = true)
    {
        var random = RandomStream.For(seed, "episodes");
        var t = new Trajectory(Shape) { Number = (int)seed };
        var view = new MissionView(Shape);
        bool success = random.NextDouble() < 0.5;
        for (int i = 0; i < length; i++)
        {
            Fill(random, view);
            t.Observe(view, random.NextInt32(view.Count), -1);
            bool last = i == length - 1;
            t.Receive(new MissionStep(last && success ? 1 : 0, random.NextDouble() < 0.7, last && terminated, last && !terminated, last && success));
        }
        Fill(random, view);
        t.End(view);
        return t;
    }

    /// <summary>An episode whose only feature is a one-hot choice.</summary>
    public static Trajectory Table(MissionShape shape, ReadOnlySpan<int> entries, float result)
    {
        var t = new Trajectory(shape);
        var view = new MissionView(shape);
        for (int i = 0; i < entries.Length; i++)
        {
            view.Resize(1);
            view.Candidate(0)[entries[i]] = 1;
            t.Observe(view, 0, 0);
            t.Receive(new MissionStep(i == entries.Length - 1 ? result : 0, true, i == entries.Length - 1, false, false));
        }
        t.End(view);
        return t;
    }

    public static List<Trajectory> Many(int count, ulong seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(i => Random(1 + random.NextInt32(60), seed * 1000 + (ulong)i))];
    }

    private static void Fill(RandomStream random, MissionView view)
    {
        view.Resize(1 + random.NextInt32(5));
        for (int i = 0; i < view.State.Length; i++) view.State[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < view.Event.Length; i++) view.Event[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < view.Candidates.Length; i++) view.Candidates[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < view.Count; i++) view.Executable[i] = random.NextDouble() < 0.7;
    }
}
