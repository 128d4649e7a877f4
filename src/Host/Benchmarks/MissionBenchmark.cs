using System.Diagnostics;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Learning;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Steps a second of missions, one thread: the planning engine alone, whole games, and views for a policy.</summary>
internal static class MissionBenchmark
{
    private const int Games = 20, StepsPerSecond = 400_000;

    /// <summary>Measures for about so many seconds a figure; ALFWorld's games only where they are unpacked.</summary>
    public static List<Figure> Run(double seconds)
    {
        var figures = new List<Figure>();
        if (AlfWorldFolders.Find(LearningRun.Data(null), "valid_unseen") is { } folder)
        {
            int episodes = (int)Math.Clamp(seconds * StepsPerSecond / (Games * 50), 4, 10_000);
            var r = AlfWorldThroughput.Measure(new AlfWorldGames(folder), Games, episodes, TimeProvider.System);
            string note = FormattableString.Invariant($"{r.Steps:N0} steps of random play in {Games} unseen games");
            figures.Add(new Figure("ALFWorld, engine: command and list of executable ones", r.EngineStepsPerSecond, "steps/s", Note: note));
            figures.Add(new Figure("ALFWorld, game: text, belief and list", r.GameStepsPerSecond, "steps/s", Note: note));
            figures.Add(new Figure("ALFWorld, game with candidates and features", r.ViewsPerSecond, "steps/s", Note: note));
            figures.Add(new Figure("ALFWorld, load, parse, name and start", r.LoadMilliseconds, "ms/game", Note: note));
        }
        figures.Add(MissionWorld(seconds));
        return figures;
    }

    private static Figure MissionWorld(double seconds)
    {
        var missions = new MissionWorldMissions(MissionFamily.Mixed, new MissionWorldOptions());
        var view = new MissionView(missions.Shape);
        var random = new RandomStream(1);
        for (int n = 1; n < 40; n++) missions.Start(n);
        long start = Stopwatch.GetTimestamp(), steps = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            var mission = missions.Start(1 + random.NextInt32(39));
            MissionStep step;
            do
            {
                mission.Describe(view);
                int pick = 0, n = 0;
                for (int i = 0; i < view.Count; i++)
                {
                    if (view.Executable[i] && random.NextInt32(++n) == 0) pick = i;
                }
                step = mission.Step(mission.Candidates[pick].Text);
                steps++;
            }
            while (!step.Done);
        }
        return new Figure("MissionWorld, mission with candidates and features", steps / Stopwatch.GetElapsedTime(start).TotalSeconds, "steps/s", Note: "random play, 39 layouts of 40 steps");
    }
}
