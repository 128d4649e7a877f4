using System.Diagnostics;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>Environment steps a second of the reinforcement learners, one thread, beside those of Stable-Baselines3 measured elsewhere.</summary>
internal static class RlBenchmark
{
    private const int Pieces = 40;

    /// <summary>Measures for about so many seconds a figure.</summary>
    public static List<Figure> Run(double seconds) =>
    [
        Environment(seconds),
        Learner(seconds, "DQN, CartPole, zoo settings (256-256, batch 64, 128 updates per 256 steps)", 1212, new DoubleDqn(CartPoles(1), DoubleDqnOptions.Zoo, 1), 1280, 256),
        Learner(seconds, "DQN, CartPole, library defaults (64-64, batch 32, 1 update per 4 steps)", 2754, new DoubleDqn(CartPoles(1), Defaults, 1), 2000, 1000),
        Learner(seconds, "PPO, CartPole, library defaults (64-64 tanh twice, 2048 steps, 10 epochs of 64)", 2109, new Ppo(CartPoles(1), new PpoOptions(), 1), 4096, 2048),
        Learner(seconds, "PPO, CartPole, zoo settings (8 copies, 32 steps, 20 epochs of 256)", 3481, new Ppo(CartPoles(8), PpoOptions.CartPoleZoo, 1), 2560, 256),
        Learner(seconds, "SAC, Pendulum, zoo settings (64-64, batch 256, 1 update per step)", 167, new Sac(new VectorEnvironment(new Pendulum()), SacOptions.Pendulum, 1), 500, 20),
    ];

    private static DoubleDqnOptions Defaults { get; } = new()
    {
        DoubleEstimation = false, Hidden = [64, 64], LearningRate = 1e-4, BatchSize = 32, ReplayCapacity = 100_000, LearningStarts = 100, TrainEvery = 4, TargetEvery = 10_000, TargetShare = 1, ExplorationSteps = 2000, ExplorationEnd = 0.05,
    };

    private static Figure Environment(double seconds)
    {
        const int Block = 10_000;
        var vector = CartPoles(1);
        vector.Reset(1);
        var action = new float[1];
        int step = 0;
        return Measure(seconds, "CartPole-v1 steps alone, with autoreset", 155_775, Block, () =>
        {
            for (int i = 0; i < Block; i++)
            {
                action[0] = step++ & 1;
                vector.Step(action);
            }
        });
    }

    private static Figure Learner(double seconds, string name, double reference, IAgent agent, long warm, int block)
    {
        agent.Train(warm);
        return Measure(seconds, name, reference, block, () => agent.Train(agent.Steps + block));
    }

    private static Figure Measure(double seconds, string name, double reference, int block, Action work)
    {
        // The compiler's second look comes after some calls; they are not counted.
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.3) work();
        var rates = new double[Pieces];
        // Beside the clock the processor's time: on a shared machine the clock counts what others do.
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        long total = 0;
        for (int i = 0; i < Pieces; i++)
        {
            long steps = 0;
            start = Stopwatch.GetTimestamp();
            do
            {
                work();
                steps += block;
            }
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / Pieces);
            total += steps;
            rates[i] = steps / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        process.Refresh();
        double perProcessor = total / (process.TotalProcessorTime - before).TotalSeconds;
        Array.Sort(rates);
        double best = rates[^1], median = rates[Pieces / 2];
        return new Figure(name, best, "steps/s", P50: median, Note: FormattableString.Invariant($"fastest of {Pieces} pieces, slowest {rates[0]:N0}; {perProcessor:N0} per second of processor time; {best / reference:0.0} x (median {median / reference:0.0} x, by processor time {perProcessor / reference:0.0} x) the {reference:N0} that Stable-Baselines3 2.4.1 with torch 1.13 and Gymnasium 1.0.0 reached elsewhere, one thread"));
    }

    private static VectorEnvironment CartPoles(int count)
    {
        var copies = new IEnvironment[count];
        for (int i = 0; i < count; i++) copies[i] = new CartPole();
        return new VectorEnvironment(copies);
    }
}
