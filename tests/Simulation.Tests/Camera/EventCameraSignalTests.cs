using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

/// <summary>What the scene alone must give: properties 1-3, 6, 8, 9, 16, 17 and 19 of the event-simulation notes, section 5.</summary>
public sealed class EventCameraSignalTests
{
    private const double C = 0.2;

    [Theory]
    [InlineData(0.95)]
    [InlineData(1.31)]
    [InlineData(-0.73)]
    [InlineData(0.19)]
    public void Step_LogRamp_GivesEvenlySpacedEvents(double change)
    {
        const long Length = 100_000;
        var events = Scene.Ramp(EventCameraOptions.Ideal, 4, 4 + change, 1, Length);
        int expected = (int)Math.Floor(Math.Abs(change) / C + 1e-6);
        for (int pixel = 0; pixel < 15; pixel++)
        {
            var own = events.Where(e => e.Y * 5 + e.X == pixel).ToArray();
            Assert.Equal(expected, own.Length);
            for (int k = 0; k < own.Length; k++)
            {
                Assert.Equal(change > 0 ? 1 : 0, own[k].Polarity);
                // Rounding up gives up to 1 us; single-precision logarithms (5e-7 of 0.2 per event) another part of one.
                Assert.InRange(own[k].TimeUs - (k + 1) * C / Math.Abs(change) * Length, -1, 2);
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(100)]
    public void Step_SameRampInMoreSteps_GivesTheSameEvents(int steps)
    {
        var whole = Scene.Ramp(EventCameraOptions.Ideal, 3.5, 5.01, 1, 70_000);
        var parts = Scene.Ramp(EventCameraOptions.Ideal, 3.5, 5.01, steps, 70_000);
        Assert.Equal(whole.Length, parts.Length);
        // Each partial step rounds its two logarithms to 4.8e-7; over 0.2 per event and 70 ms per 1.51 that is below 1 us plus the rounding up.
        for (int k = 0; k < whole.Length; k++) Assert.InRange(parts[k].TimeUs - whole[k].TimeUs, -2, 2);
    }

    [Fact]
    public void Step_CleanStaticScene_IsSilent()
    {
        var camera = new EventCameraModel(16, 16, EventCameraOptions.Clean, 1);
        var events = new EventPacket(100);
        var frame = new float[256];
        Scene.Fill(frame, 16, 0.3);
        for (int k = 0; k < 1000; k++) camera.Step(frame, k * 10_000, events);
        Assert.Equal(0, events.Count);
    }

    [Fact]
    public void Step_UpAndDown_ReturnsWithinOneThreshold()
    {
        var camera = new EventCameraModel(4, 4, EventCameraOptions.Ideal, 1);
        var events = new EventPacket(10_000);
        for (int k = 0; k < 20; k++) camera.Step(Scene.Flat(16, Scene.Intensity((k & 1) == 0 ? 3.9 : 5.03)), k * 1000, events);
        // Ends a little above the start: on the very start, rounding alone would decide about the last event down.
        camera.Step(Scene.Flat(16, Scene.Intensity(3.95)), 20_000, events);
        foreach (float d in camera.Difference) Assert.InRange(d, -C, C);
        for (int pixel = 0; pixel < 16; pixel++)
        {
            int on = Count(events.Events, pixel, 1), off = Count(events.Events, pixel, 0);
            Assert.True(on > 40);
            Assert.InRange(on - off, -1, 1);
        }
    }

    [Fact]
    public void Step_InvertedContrast_SwapsPolarities()
    {
        // The LinLog signal of both scenes is mirrored about ln Y = 4; with equal thresholds every event must come at the same time.
        // None of the levels is a whole number of thresholds away, where rounding alone would decide about an event.
        double[] signal = [4, 4.63, 3.57, 4.91, 4.05, 3.27, 4.75];
        var (plain, mirrored) = (new EventPacket(1000), new EventPacket(1000));
        var (a, b) = (new EventCameraModel(1, 1, EventCameraOptions.Ideal, 1), new EventCameraModel(1, 1, EventCameraOptions.Ideal, 1));
        for (int k = 0; k < signal.Length; k++)
        {
            a.Step([Scene.Intensity(signal[k])], k * 10_000, plain);
            b.Step([Scene.Intensity(8 - signal[k])], k * 10_000, mirrored);
        }
        Assert.True(plain.Count > 20);
        Assert.Equal(plain.Count, mirrored.Count);
        for (int k = 0; k < plain.Count; k++)
        {
            Assert.Equal(1 - plain.Events[k].Polarity, mirrored.Events[k].Polarity);
            Assert.InRange(plain.Events[k].TimeUs - mirrored.Events[k].TimeUs, -1, 1);
        }
    }

    [Fact]
    public void Step_ReversedRamp_MirrorsCounts()
    {
        int up = Scene.Ramp(EventCameraOptions.Ideal, 3.3, 5.25, 9, 90_000).Length, down = Scene.Ramp(EventCameraOptions.Ideal, 5.25, 3.3, 9, 90_000).Length;
        Assert.Equal(up, down);
        Assert.Equal(15 * 9, up);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("noisy")]
    public void Step_AnyScene_EventsAreOrderedAndInside(string preset)
    {
        var camera = new EventCameraModel(33, 21, EventCameraOptions.Preset(preset), 3);
        var packet = new EventPacket(1 << 16);
        var frame = new float[33 * 21];
        for (int k = 0; k < 200; k++)
        {
            Scene.Fill(frame, 33, 0.07 * k);
            packet.Reset(0, 0);
            camera.Step(frame, k * 3000, packet);
            long last = (k - 1) * 3000L;
            foreach (var e in packet.Events)
            {
                Assert.InRange(e.TimeUs, Math.Max(last, (k - 1) * 3000L + 1), k * 3000L);
                Assert.True(e.X < 33 && e.Y < 21);
                last = e.TimeUs;
            }
        }
        Assert.True(camera.SignalEvents > 1000);
    }

    [Fact]
    public void Step_MovingEdge_FiresAlongAPlaneOfItsSpeed()
    {
        // An edge from Y = 40 to Y = 200 (ln 5 = 1.609: 8 events) moves at 37 px/s; pixels are area-sampled, frames 2 ms apart.
        const int Width = 48, Height = 6;
        const double Speed = 37;
        var camera = new EventCameraModel(Width, Height, EventCameraOptions.Ideal, 1);
        var packet = new EventPacket(1 << 16);
        var frame = new float[Width * Height];
        for (int k = 0; k <= 700; k++)
        {
            double edge = 2 + Speed * 0.002 * k;
            for (int i = 0; i < frame.Length; i++) frame[i] = (float)((40 + 160 * Math.Clamp(edge - i % Width, 0, 1)) / 255);
            camera.Step(frame, k * 2000, packet);
        }
        double st = 0, sx = 0, stt = 0, stx = 0;
        int n = 0;
        for (int x = 4; x < 40; x++)
        {
            for (int y = 0; y < Height; y++)
            {
                var own = packet.Events.ToArray().Where(e => e.X == x && e.Y == y).ToArray();
                Assert.InRange(own.Length, 7, 9);
                Assert.True(own[^1].TimeUs - own[0].TimeUs <= 1e6 / Speed + 2000, "events within the time the edge needs for one pixel");
                foreach (var e in own)
                {
                    (st, sx, stt, stx, n) = (st + e.TimeUs * 1e-6, sx + x, stt + e.TimeUs * 1e-6 * e.TimeUs * 1e-6, stx + e.TimeUs * 1e-6 * x, n + 1);
                }
            }
        }
        double slope = (n * stx - st * sx) / (n * stt - st * st);
        Assert.InRange(slope / Speed, 0.98, 1.02);
    }

    [Fact]
    public void Step_ThousandSinePeriods_DoesNotDrift()
    {
        var camera = new EventCameraModel(1, 1, EventCameraOptions.Ideal with { ThresholdOn = 0.5, ThresholdOff = 0.5 }, 1);
        var packet = new EventPacket(1 << 16);
        float first = 0;
        for (int k = 0; k <= 1000 * 20; k++)
        {
            camera.Step([Scene.Intensity(4 + 0.3 * DeterministicMath.Sin(2 * Math.PI * (k % 20) / 20))], k * 1000, packet);
            // The first period finds its own reference; every later one must repeat it.
            if (k == 20) first = camera.Difference[0];
        }
        Assert.InRange(camera.Difference[0] - first, -1e-3, 1e-3);
    }

    private static int Count(ReadOnlySpan<Event> events, int pixel, int polarity)
    {
        int n = 0;
        foreach (var e in events) n += e.Y * 4 + e.X == pixel && e.Polarity == polarity ? 1 : 0;
        return n;
    }
}
