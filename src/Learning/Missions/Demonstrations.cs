using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Plays missions with their own experts, with some noise in what is done and none in what is taught.</summary>
public static class Demonstrations
{
    /// <summary>Plays missions.</summary>
    /// <param name="missions">The set.</param>
    /// <param name="numbers">Which of it.</param>
    /// <param name="seed">The seed of the noise.</param>
    /// <param name="noise">The share of steps on which a random executable command is done instead of the expert's, in [0, 1]; the label stays the expert's.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>One episode per number; where the expert is at a loss the label is −1.</returns>
    public static IReadOnlyList<Trajectory> Record(IMissionSet missions, ReadOnlySpan<int> numbers, ulong seed, double noise, CancellationToken stop = default) => Record(missions, numbers, seed, noise, null, stop);

    /// <summary>Plays missions, and measures how far each step was from the goal.</summary>
    internal static IReadOnlyList<Trajectory> Record(IMissionSet missions, ReadOnlySpan<int> numbers, ulong seed, double noise, IList<double[]>? truth, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(missions);
        if (noise is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(noise), FormattableString.Invariant($"Demonstrations: noise is {noise}; must be in [0, 1]."));
        var view = new MissionView(missions.Shape);
        var episodes = new List<Trajectory>();
        var all = new CounterRandom(seed).For(0x44454D4F);
        for (int i = 0; i < numbers.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            var random = new RandomStream(all.Bits((ulong)i));
            var mission = missions.Start(numbers[i]);
            var episode = new Trajectory(missions.Shape) { Number = numbers[i], PolicyVersion = "expert" };
            var remaining = truth is null ? null : new List<double>();
            MissionStep result;
            do
            {
                mission.Describe(view);
                if (remaining is not null && mission is IMissionProgress known) remaining.Add(known.Remaining());
                int label = mission.Expert();
                int chosen = label < 0 || random.NextDouble() < noise ? Executable(random, view) : label;
                episode.Observe(view, chosen, 0, label);
                result = mission.Step(mission.Candidates[chosen].Text);
                episode.Receive(result);
                if (!result.Done && mission.Steps > mission.Limit) throw new InvalidOperationException($"Mission '{mission.Name}': step {mission.Steps} did not end it, its limit is {mission.Limit}; this is an error of the mission.");
            }
            while (!result.Done);
            if (remaining is not null && mission is IMissionProgress end) remaining.Add(end.Remaining());
            if (remaining is not null) truth!.Add([.. remaining]);
            mission.Describe(view);
            episode.End(view);
            episodes.Add(episode);
        }
        return episodes;
    }

    private static int Executable(RandomStream random, MissionView view)
    {
        int open = view.Executable.Count(true);
        if (open == 0) return random.NextInt32(view.Count);
        int nth = random.NextInt32(open), i = -1;
        while (nth >= 0) nth -= view.Executable[++i] ? 1 : 0;
        return i;
    }
}
