namespace EdgeAutonomy.Agents;

/// <summary>How fast games are played; for benchmarks.</summary>
/// <param name="EngineStepsPerSecond">Random actions carried out on the planning engine, with the sorted list of executable actions read after each.</param>
/// <param name="GameStepsPerSecond">Random admissible commands played as games: text, belief and admissible list included, loading left out.</param>
/// <param name="ViewsPerSecond">The same with candidates and features read before each step, as in training.</param>
/// <param name="LoadMilliseconds">Mean time to read, parse, name and start a game.</param>
/// <param name="Steps">Steps measured for each figure.</param>
public sealed record AlfWorldThroughput(double EngineStepsPerSecond, double GameStepsPerSecond, double ViewsPerSecond, double LoadMilliseconds, int Steps)
{
    private const int EpisodeSteps = 50;

    /// <summary>Measures on one thread. Each game is walked through once before the clock starts.</summary>
    /// <param name="games">Games.</param>
    /// <param name="count">How many of them to use, from the first on; positive.</param>
    /// <param name="episodes">Walks of 50 steps for each game; positive.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="seed">Seed of the walks.</param>
    public static AlfWorldThroughput Measure(AlfWorldGames games, int count, int episodes, TimeProvider clock, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(games);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(episodes);
        count = Math.Min(count, games.Count);
        var tasks = new AlfWorldTask[count];
        Load(games, tasks);
        long start = clock.GetTimestamp();
        Load(games, tasks);
        double load = clock.GetElapsedTime(start).TotalMilliseconds / count;
        double engine = 0, game = 0, views = 0;
        foreach (var task in tasks)
        {
            engine += Timed(clock, Engine(task, seed), episodes);
            game += Timed(clock, Game(task, seed, false), episodes);
            views += Timed(clock, Game(task, seed, true), episodes);
        }
        int steps = count * episodes * EpisodeSteps;
        return new AlfWorldThroughput(steps / engine, steps / game, steps / views, load, steps);
    }

    private static void Load(AlfWorldGames games, AlfWorldTask[] tasks)
    {
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = AlfWorldTask.Load(games.PathOf(i));
            _ = new AlfWorldGame(tasks[i]);
        }
    }

    private static double Timed(TimeProvider clock, Action episode, int episodes)
    {
        episode();
        long start = clock.GetTimestamp();
        for (int e = 0; e < episodes; e++) episode();
        return clock.GetElapsedTime(start).TotalSeconds;
    }

    private static Action Engine(AlfWorldTask task, ulong seed)
    {
        var world = new PlanningWorld(task.Planning);
        var random = new RandomStream(seed);
        return () =>
        {
            world.Restore(world.Initial);
            for (int s = 0; s < EpisodeSteps; s++) world.Apply(world.Executables[random.NextInt32(world.Executables.Length)]);
        };
    }

    private static Action Game(AlfWorldTask task, ulong seed, bool describe)
    {
        var random = new RandomStream(seed);
        var options = new AlfWorldOptions(EpisodeSteps);
        var view = new MissionView(AlfWorldFeatures.Shape);
        return () =>
        {
            var game = new AlfWorldGame(task, options);
            // A walk that happens to reach the goal is over; the next one fills up the count.
            for (int s = 0; s < EpisodeSteps; s++)
            {
                if (game.IsOver) game = new AlfWorldGame(task, options);
                if (describe) game.Describe(view);
                game.Step(game.RandomExecutable(random).Text);
            }
        };
    }
}
