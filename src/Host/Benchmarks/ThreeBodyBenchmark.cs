using System.Diagnostics;
using System.Runtime.Intrinsics;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>Measures three-body integrations: Hermite one by one and side by side at every width, the splittings, and what a forecast costs beside a force evaluation.</summary>
internal static class ThreeBodyBenchmark
{
    private const double Parameter = 1e-4; // long stretches of steps between checks, as the reference figures have them
    private const int Systems = 64;

    /// <summary>Runs all of it.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    public static List<Figure> Run(double seconds)
    {
        List<Figure> figures = [Hermite(seconds)];
        foreach (OrbitWidth width in (OrbitWidth[])[OrbitWidth.One, OrbitWidth.Two, OrbitWidth.Four, OrbitWidth.Eight]) figures.Add(HermiteBatch(seconds, width));
        (string Name, SplittingScheme Scheme)[] schemes = [("leapfrog", SplittingScheme.DriftKickDrift), ("dkd4", SplittingScheme.Fourth)];
        double force = 0;
        foreach (var (name, scheme) in schemes)
        {
            Figure one = Splitting(seconds, name, scheme);
            figures.Add(one);
            force = 1e3 / one.Value;
        }
        foreach (var (name, scheme) in schemes)
        {
            foreach (OrbitWidth width in (OrbitWidth[])[OrbitWidth.One, OrbitWidth.Two, OrbitWidth.Four, OrbitWidth.Eight]) figures.Add(SplittingBatch(seconds, name, scheme, width));
        }
        figures.AddRange(Forecast(seconds, force));
        return figures;
    }

    private static Figure Hermite(double seconds)
    {
        var integrator = new HermiteIntegrator();
        uint seed = 0;
        return Rate("Hermite, one system", "million steps/s", "3 checks of μ = 1e-4 from 100 seeds in turn", seconds, () =>
        {
            ThreeBodyState state = ThreeBodySystem.FromSeed(seed++ % 100);
            return integrator.Advance(ref state, 3 * ThreeBodySystem.CheckStep, Parameter).Steps;
        });
    }

    private static Figure HermiteBatch(double seconds, OrbitWidth width)
    {
        var batch = new HermiteBatch(width: width);
        var start = States();
        var states = new ThreeBodyState[Systems];
        double[] ends = new double[Systems], parameters = new double[Systems];
        var results = new IntegrationResult[Systems];
        Array.Fill(ends, 3 * ThreeBodySystem.CheckStep);
        Array.Fill(parameters, Parameter);
        return Rate($"Hermite, {Lanes(width)} side by side", "million system-steps/s", $"{Systems} systems, each with its own step and end; {Hardware(width)}", seconds, () =>
        {
            start.CopyTo(states, 0);
            batch.Advance(states, ends, parameters, results);
            return results.Sum(r => r.Steps);
        });
    }

    private static Figure Splitting(double seconds, string name, SplittingScheme scheme)
    {
        var integrator = new SplittingIntegrator(scheme);
        uint seed = 0;
        return Rate($"{name}, one system", "million forces/s", "dt = 1e-5 yr", seconds, () =>
        {
            ThreeBodyState state = ThreeBodySystem.FromSeed(seed++ % 100);
            return integrator.Advance(ref state, ThreeBodySystem.CheckStep, 1e-5 / ThreeBodySystem.TimeYears).ForceEvaluations;
        });
    }

    private static Figure SplittingBatch(double seconds, string name, SplittingScheme scheme, OrbitWidth width)
    {
        var batch = new SplittingBatch(scheme, width: width);
        var start = States();
        var states = new ThreeBodyState[Systems];
        var results = new IntegrationResult[Systems];
        return Rate($"{name}, {Lanes(width)} side by side", "million forces/s", $"{Systems} systems of one step; {Hardware(width)}", seconds, () =>
        {
            start.CopyTo(states, 0);
            batch.Advance(states, ThreeBodySystem.CheckStep, 1e-4 / ThreeBodySystem.TimeYears, results);
            return results.Sum(r => r.ForceEvaluations);
        });
    }

    private static IEnumerable<Figure> Forecast(double seconds, double forceNs)
    {
        const int Turns = 1000;
        var features = new float[OrbitFeatures.Count];
        ThreeBodyState[] states = States();
        Figure orbit = Rate("features of three Kepler orbits", "million/s", "", seconds, () =>
        {
            for (int i = 0; i < Turns; i++) OrbitFeatures.Write(states[i % Systems], -8, 0.5, features);
            return Turns;
        });
        yield return orbit;
        var options = new ForecastOptions { Environment = ThreeBodyEnvironmentOptions.FixedStep with { Ladder = ParameterLadder.Logarithmic(1e-4, 1e-2, 29) }, Episodes = 1, Checks = 2 };
        ErrorForecast forecast = new ForecastTrainer(options, 1).Best();
        float sum = 0;
        Figure asked = Rate("forecast, features and 64-64-29 network", "million/s", "", seconds, () =>
        {
            for (int i = 0; i < Turns; i++) sum += forecast.Predict(states[i % Systems], -8, 0.5)[0];
            return Turns;
        });
        yield return asked with { Note = float.IsFinite(sum) ? asked.Note : "not finite" };
        yield return new Figure("a forecast costs", 1e3 / asked.Value / forceNs, "dkd4 force evaluations", Note: FormattableString.Invariant($"{1e3 / asked.Value:0} ns against {forceNs:0.0} ns, both one by one"));
    }

    private static ThreeBodyState[] States() => [.. Enumerable.Range(0, Systems).Select(i => ThreeBodySystem.FromSeed((uint)i))];

    // The fastest piece: other work on the machine only ever slows a piece down.
    private static Figure Rate(string name, string unit, string note, double seconds, Func<long> work)
    {
        const int Pieces = 20;
        work();
        var rates = new double[Pieces];
        for (int i = 0; i < Pieces; i++)
        {
            long done = 0, start = Stopwatch.GetTimestamp();
            do
            {
                done += work();
            }
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / Pieces);
            rates[i] = done / Stopwatch.GetElapsedTime(start).TotalSeconds * 1e-6;
        }
        Array.Sort(rates);
        return new Figure(name, rates[^1], unit, Note: FormattableString.Invariant($"best of {Pieces} pieces, median {rates[Pieces / 2]:0.0}{(note.Length > 0 ? "; " : "")}{note}"));
    }

    private static int Lanes(OrbitWidth width) => width switch { OrbitWidth.Eight => 8, OrbitWidth.Four => 4, OrbitWidth.Two => 2, _ => 1 };

    private static string Hardware(OrbitWidth width) => width switch
    {
        OrbitWidth.Eight => Vector512.IsHardwareAccelerated ? "512 bits" : "512 bits in software",
        OrbitWidth.Four => Vector256.IsHardwareAccelerated ? "256 bits" : "256 bits in software",
        OrbitWidth.Two => Vector128.IsHardwareAccelerated ? "128 bits" : "128 bits in software",
        _ => "scalar",
    };
}
