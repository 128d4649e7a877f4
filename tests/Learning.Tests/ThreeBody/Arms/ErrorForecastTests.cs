using System.Buffers;

namespace EdgeAutonomy.Learning.Tests;

public sealed class ErrorForecastTests
{
    private static readonly ForecastOptions Small = new()
    {
        Environment = ThreeBodyEnvironmentOptions.FixedStep with { Ladder = ParameterLadder.Logarithmic(1e-4, 1e-2, 9) },
        Episodes = 8, Checks = 25, Hidden = 16, Epochs = 4, BatchSize = 64,
    };

    [Fact]
    public void Features_TurnedMovedAndRenamed_AreTheSame()
    {
        ThreeBodyState s = ThreeBodySystem.FromSeed(7), t = s;
        const double C = 0.6, S = 0.8;
        // Bodies in another order, turned by the angle of 3-4-5, moved, and carried along.
        (t.X0, t.Y0, t.U0, t.V0) = Turned(s.X2, s.Y2, s.U2, s.V2);
        (t.X1, t.Y1, t.U1, t.V1) = Turned(s.X0, s.Y0, s.U0, s.V0);
        (t.X2, t.Y2, t.U2, t.V2) = Turned(s.X1, s.Y1, s.U1, s.V1);
        float[] a = new float[OrbitFeatures.Count], b = new float[OrbitFeatures.Count];
        OrbitFeatures.Write(s, -8, 0.5, a);
        OrbitFeatures.Write(t, -8, 0.5, b);
        // Rounding of float32 and of differences of coordinates.
        for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1e-4);

        static (double, double, double, double) Turned(double x, double y, double u, double v) => ((C * x) - (S * y) + 3, (S * x) + (C * y) - 2, (C * u) - (S * v) + 0.25, (S * u) + (C * v));
    }

    [Fact]
    public void Features_KnownEllipse_GivePericentreAndTimes()
    {
        // Two equal masses of together 1 on an ellipse with a = 1 and e = 0.5, at the apocentre: q = 0.5, half a period of π to go.
        var s = new ThreeBodyState { M0 = 0.5, M1 = 0.5, X0 = -0.75, X1 = 0.75, V0 = -0.5 * Math.Sqrt(1.0 / 3), V1 = 0.5 * Math.Sqrt(1.0 / 3), X2 = 1e4, Y2 = 1e4 };
        var f = new float[OrbitFeatures.Count];
        OrbitFeatures.Write(s, -16, 1, f);
        Assert.Equal(Math.Log(1.5), f[0], 1e-5);
        Assert.Equal(0, f[2], 1e-6);
        Assert.Equal(Math.Log(0.5), f[3], 1e-5);
        Assert.Equal(Math.Log((Math.PI / ThreeBodySystem.CheckStep) + 1e-3), f[4], 1e-4);
        Assert.Equal(Math.Log(2 * Math.PI / ThreeBodySystem.CheckStep), f[5], 1e-5);
        Assert.Equal(0.25, f[6], 1e-6);
    }

    [Fact]
    public void Features_KnownHyperbola_GivePericentreAndTime()
    {
        // e = 2, |a| = 1, masses together 1: q = 1; at the true anomaly −90° r = a(e² − 1) = 3, sinh F = √3·… from Kepler's equation t = e·sinh F − F with cosh F = (1 + r)/e = 2.
        double f = Math.Log(2 + Math.Sqrt(3)), ahead = (2 * Math.Sqrt(3)) - f, h = Math.Sqrt(3), speed = Math.Sqrt(1 + (2.0 / 3)), across = h / 3, inward = -Math.Sqrt((speed * speed) - (across * across));
        var s = new ThreeBodyState { M0 = 0.5, M1 = 0.5, X1 = 3, U1 = inward, V1 = across, X2 = 1e5, Y2 = 1e5 };
        var to = new float[OrbitFeatures.Count];
        OrbitFeatures.Write(s, -16, 1, to);
        Assert.Equal(0, to[3], 1e-5);
        Assert.Equal(Math.Log((ahead / ThreeBodySystem.CheckStep) + 1e-3), to[4], 1e-4);
    }

    [Fact]
    public void Features_BlownUp_AreFinite()
    {
        var f = new float[OrbitFeatures.Count];
        foreach (double wild in new[] { double.NaN, double.PositiveInfinity, 1e300, 0 })
        {
            ThreeBodyState s = ThreeBodySystem.FromSeed(1);
            (s.X0, s.U1) = (wild, wild);
            OrbitFeatures.Write(s, 300, 1, f);
            Assert.All(f, x => Assert.True(float.IsFinite(x)));
        }
    }

    [Fact]
    public void Predict_AfterTraining_IsWhatTheNetworkGives()
    {
        var options = Small with { Epochs = 1 };
        var trainer = new ForecastTrainer(options, 3);
        trainer.RunEpoch();
        ErrorForecast forecast = trainer.Best();
        ThreeBodyState near = ThreeBodySystem.FromSeed(1000);
        float[] made = forecast.Predict(near, -9, 0.25).ToArray(), again = forecast.Predict(near, -9, 0.25).ToArray();
        Assert.Equal(made, again);
        Assert.All(made, x => Assert.InRange(x, -30f, 20f));
    }

    [Fact]
    public void Training_LowersTheLossOnValidationSeeds()
    {
        var trainer = new ForecastTrainer(Small with { Episodes = 12, Checks = 40, Epochs = 12 }, 1);
        trainer.RunEpoch();
        double first = trainer.ValidationLoss;
        while (!trainer.IsDone) trainer.RunEpoch();
        Assert.True(trainer.BestLoss < 0.6 * first, $"{first} to {trainer.BestLoss}");
        Assert.All(trainer.TrainingSeeds, s => Assert.InRange(s, SeedSet.Training.Bounds().First, SeedSet.Training.Bounds().Last));
    }

    [Fact]
    public void Resume_FromAFrozenState_GivesTheSameBits()
    {
        var straight = new ForecastTrainer(Small, 2);
        while (!straight.IsDone) straight.RunEpoch();
        var first = new ForecastTrainer(Small, 2);
        for (int i = 0; i < 2; i++) first.RunEpoch();
        var frozen = new ArrayBufferWriter<byte>();
        first.Freeze(frozen);
        var second = new ForecastTrainer(Small, 2);
        second.Thaw(frozen.WrittenSpan);
        while (!second.IsDone) second.RunEpoch();
        Assert.Equal(straight.BestLoss, second.BestLoss);
        ThreeBodyState state = ThreeBodySystem.FromSeed(5);
        Assert.Equal(straight.Best().Predict(state, -9, 1).ToArray(), second.Best().Predict(state, -9, 1).ToArray());
    }

    [Fact]
    public void File_SavedAndLoaded_ForetellsTheSameAndDamageIsRefused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{nameof(ErrorForecastTests)}-{Environment.ProcessId}.forecast");
        try
        {
            foreach (int hidden in new[] { 0, 16 })
            {
                ErrorForecast made = new ForecastTrainer(Small with { Episodes = 1, Checks = 3, Hidden = hidden }, 1).Best();
                made.Save(path);
                ErrorForecast read = ErrorForecast.Load(path);
                ThreeBodyState state = ThreeBodySystem.FromSeed(5);
                Assert.Equal(made.Predict(state, -9, 1).ToArray(), read.Predict(state, -9, 1).ToArray());
                Assert.Equal(made.Ladder[3], read.Ladder[3]);
            }
            byte[] bytes = File.ReadAllBytes(path);
            for (int i = 0; i < bytes.Length; i += 97)
            {
                byte[] damaged = [.. bytes];
                damaged[i] ^= 16;
                File.WriteAllBytes(path, damaged);
                Assert.Throws<InvalidDataException>(() => ErrorForecast.Load(path));
                File.WriteAllBytes(path, bytes.AsSpan(0, i).ToArray());
                Assert.Throws<InvalidDataException>(() => ErrorForecast.Load(path));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Predict_AndFeatures_AllocateNothing()
    {
        ErrorForecast forecast = new ForecastTrainer(Small with { Episodes = 1, Checks = 3 }, 1).Best();
        ThreeBodyState state = ThreeBodySystem.FromSeed(5);
        forecast.Predict(state, -9, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        forecast.Predict(state, -9, 1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
