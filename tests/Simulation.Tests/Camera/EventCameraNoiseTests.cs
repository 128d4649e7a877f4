using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

/// <summary>Non-idealities: properties 4, 5, 7, 10 and 11 of the event-simulation notes, section 5.</summary>
public sealed class EventCameraNoiseTests
{
    [Fact]
    public void Step_LeakOnly_FiresAtTheLeakRateWithUniformFirstTimes()
    {
        const int Side = 40, Seconds = 40;
        const double Rate = 0.5;
        var options = EventCameraOptions.Ideal with { LeakHz = Rate, LeakJitter = 0.1 };
        var camera = new EventCameraModel(Side, Side, options, 5);
        var packet = new EventPacket(1 << 17);
        var frame = Scene.Flat(Side * Side, 0.5f);
        for (int k = 0; k <= Seconds * 50; k++) camera.Step(frame, k * 20_000, packet);
        var events = packet.Events.ToArray();
        Assert.All(events, e => Assert.Equal(1, e.Polarity));
        // Regular firing: per pixel the count is 20 give or take one, so the mean over 1600 pixels is within 3·0.5/40 of it.
        Assert.InRange(events.Length / (double)(Side * Side), Rate * Seconds - 0.05, Rate * Seconds + 0.05);
        var first = events.GroupBy(e => e.Y * Side + e.X).Select(g => g.Min(e => e.TimeUs) * 1e-6 * Rate).Order().ToArray();
        double ks = 0;
        for (int i = 0; i < first.Length; i++) ks = Math.Max(ks, Math.Max(Math.Abs(first[i] - (i + 1.0) / first.Length), Math.Abs(first[i] - (double)i / first.Length)));
        Assert.True(ks * Math.Sqrt(first.Length) < 1.95, $"KS statistic {ks * Math.Sqrt(first.Length):F3}; 1.95 is p = 0.001");
    }

    [Fact]
    public void Step_LeakWithoutPhase_FiresAllAtOnce()
    {
        // The negative control of the test above: without a random phase the first events bunch.
        var camera = new EventCameraModel(10, 10, EventCameraOptions.Ideal with { LeakHz = 0.5, LeakDesynchronised = false }, 5);
        var packet = new EventPacket(1000);
        for (int k = 0; k <= 150; k++) camera.Step(Scene.Flat(100, 0.5f), k * 20_000, packet);
        Assert.Equal(100, packet.Count);
        Assert.InRange(packet.Events[99].TimeUs - packet.Events[0].TimeUs, 0, 1000);
    }

    [Theory]
    [InlineData(0.1f, 0.0, 1f)]
    [InlineData(0.9f, 0.04, 1f)]
    [InlineData(0.5f, 0.04, 2f)]
    public void Step_ShotOnly_FiresAtTheRateOfTheBrightness(float intensity, double sigma, float scale)
    {
        const int Side = 64, Steps = 100;
        const double Rate = 5;
        var camera = new EventCameraModel(Side, Side, EventCameraOptions.Ideal with { ShotHz = Rate, ThresholdSigma = sigma }, 9) { KeepLabels = true };
        camera.SetThresholdScale(scale);
        var packet = new EventPacket(1 << 17);
        for (int k = 0; k <= Steps; k++)
        {
            camera.Step(Scene.Flat(Side * Side, intensity), k * 20_000, packet);
            foreach (var label in camera.LastLabels) Assert.Equal(PixelLabel.Noise, label);
        }
        double ratio = 0;
        foreach (float th in camera.ThresholdsOn) ratio += 0.2 / (th * scale) / (Side * Side);
        double bright = (255 * intensity + 20) / 275, expected = Rate * (1 - 0.75 * bright) * ratio * Side * Side * Steps * 0.02;
        // Poisson: 3 sigma; the OFF thresholds' mean ratio differs from the ON thresholds' by well under 1 %.
        Assert.InRange(packet.Count, expected - 3 * Math.Sqrt(expected) - 0.01 * expected, expected + 3 * Math.Sqrt(expected) + 0.01 * expected);
        int on = packet.Events.ToArray().Count(e => e.Polarity == 1);
        Assert.InRange(on - 0.5 * packet.Count, -2 * Math.Sqrt(packet.Count), 2 * Math.Sqrt(packet.Count));
        Assert.Equal(0, camera.Dropped);
    }

    [Theory]
    [InlineData(RefractoryMode.HoldReset)]
    [InlineData(RefractoryMode.EsimDrop)]
    [InlineData(RefractoryMode.V2eKeep)]
    public void Step_Refractory_KeepsEventsApart(RefractoryMode mode)
    {
        const long Refractory = 3000;
        var options = EventCameraOptions.Default with { RefractoryUs = Refractory, Refractory = mode, ShotHz = 20 };
        var camera = new EventCameraModel(24, 24, options, 2);
        var last = new long[24 * 24];
        Array.Fill(last, long.MinValue / 2);
        var (events, _) = Scene.Run(camera, 400, 1700);
        Assert.True(events.Length > 10_000);
        Assert.True(camera.NoiseEvents > 50);
        foreach (var e in events)
        {
            int pixel = e.Y * 24 + e.X;
            Assert.True(e.TimeUs - last[pixel] >= Refractory, $"{e} comes {e.TimeUs - last[pixel]} us after the last event of its pixel");
            last[pixel] = e.TimeUs;
        }
    }

    [Fact]
    public void Step_ModesOfRefractoryPeriod_DifferAsDefined()
    {
        // One jump of 10 thresholds in 1 ms, then rest; refractory period 10 ms: after the first event the pixel is busy.
        int Count(RefractoryMode mode)
        {
            var camera = new EventCameraModel(1, 1, EventCameraOptions.Ideal with { RefractoryUs = 10_000, Refractory = mode }, 1);
            var packet = new EventPacket(100);
            camera.Step([Scene.Intensity(3.2)], 0, packet);
            camera.Step([Scene.Intensity(5.25)], 1000, packet);
            for (int k = 2; k < 300; k++) camera.Step([Scene.Intensity(5.25)], k * 1000, packet);
            return packet.Count;
        }
        Assert.Equal(1, Count(RefractoryMode.HoldReset)); // blind until the signal rests: no burst after release
        Assert.Equal(1, Count(RefractoryMode.EsimDrop)); // suppressed events move the reference
        Assert.Equal(10, Count(RefractoryMode.V2eKeep)); // suppressed events come later, one per period
    }

    [Fact]
    public void Step_ModesWithoutRefractoryPeriod_AreEqual()
    {
        var runs = Enum.GetValues<RefractoryMode>().Select(m => Scene.Run(new EventCameraModel(20, 20, EventCameraOptions.Ideal with { Refractory = m }, 1), 50, 2000).Events).ToArray();
        Assert.True(runs[0].Length > 1000);
        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[0], runs[2]);
    }

    [Theory]
    [InlineData(0.5f, 100)]
    [InlineData(1f, 100)]
    [InlineData(0.2f, 20)]
    public void Step_LowPass_ReachesTwoThirdsAfterItsTimeConstant(float intensity, long stepUs)
    {
        const double Corner = 30;
        var camera = new EventCameraModel(1, 1, EventCameraOptions.Ideal with { CornerHz = Corner }, 1);
        var packet = new EventPacket(1000);
        camera.Step([0.6f * intensity], 0, packet);
        double from = camera.Photoreceptor[0], to = FloatMath.Respond(intensity, true), tau = 275 / (255 * intensity + 20) / (2 * Math.PI * Corner);
        double reached = double.NaN;
        for (long t = stepUs; t < 200_000; t += stepUs)
        {
            double before = (camera.Photoreceptor[0] - from) / (to - from);
            camera.Step([intensity], t, packet);
            double after = (camera.Photoreceptor[0] - from) / (to - from);
            double target = 1 - DeterministicMath.Exp(-1);
            if (before < target && after >= target) reached = (t - stepUs + stepUs * (target - before) / (after - before)) * 1e-6;
        }
        // The jump itself is a ramp over the first step, half a step late on average.
        Assert.InRange((reached - 0.5e-6 * stepUs) / tau, 0.98, 1.02);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2000)]
    public void Step_LowPassAtTheCornerFrequency_AttenuatesBySquareRootOfTwo(long stepUs)
    {
        const double Corner = 20;
        var camera = new EventCameraModel(1, 1, EventCameraOptions.Ideal with { CornerHz = Corner, ThresholdOn = 5, ThresholdOff = 5 }, 1);
        var packet = new EventPacket(10);
        double high = double.MinValue, low = double.MaxValue;
        for (long t = 0; t < 500_000; t += stepUs)
        {
            // Small signal about I = 1, so that the time constant hardly changes with it.
            double log = DeterministicMath.Log(255) + 0.02 * DeterministicMath.Sin(2 * Math.PI * Corner * t * 1e-6);
            camera.Step([Scene.Intensity(log)], t, packet);
            if (t < 250_000) continue;
            high = Math.Max(high, camera.Photoreceptor[0]);
            low = Math.Min(low, camera.Photoreceptor[0]);
        }
        // 2 ms is a quarter of the time constant: v2e's Euler step would need sub-steps there, the exact solution does not. Between samples
        // 2 ms apart the peak can be missed by up to 1 - cos(0.126) = 0.8 %.
        Assert.InRange((high - low) / 0.04, 0.707 * 0.98, 0.707 * 1.02);
    }

    [Fact]
    public void Thresholds_Mismatch_HasTheStatedSpread()
    {
        var camera = new EventCameraModel(400, 256, EventCameraOptions.Ideal with { ThresholdSigma = 0.05 }, 7);
        double sum = 0, squares = 0, least = 1;
        foreach (float th in camera.ThresholdsOn) (sum, squares, least) = (sum + th, squares + (double)th * th, Math.Min(least, th));
        double n = 400 * 256, mean = sum / n, sigma = Math.Sqrt(squares / n - mean * mean);
        Assert.InRange(sigma / 0.05, 0.98, 1.02);
        Assert.InRange(mean, 0.199, 0.201);
        Assert.True(least >= 0.01f);
    }

    [Fact]
    public void Step_HotPixels_FireByThemselves()
    {
        var camera = new EventCameraModel(100, 100, EventCameraOptions.Ideal with { HotFraction = 5e-4, HotHz = 200 }, 3);
        var packet = new EventPacket(1 << 14);
        for (int k = 0; k <= 100; k++) camera.Step(Scene.Flat(10_000, 0.4f), k * 10_000, packet);
        // 5 pixels, 200 Hz, 1 s: 1000 give or take 3·32.
        Assert.InRange(packet.Count, 900, 1100);
        Assert.InRange(packet.Events.ToArray().Select(e => e.Y * 100 + e.X).Distinct().Count(), 1, 5);
    }
}
