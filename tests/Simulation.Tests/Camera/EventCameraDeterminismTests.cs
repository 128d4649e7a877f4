using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

/// <summary>Same bits from the same seed, vector or scalar, whole or thawed: property 15 and the contract of the camera.</summary>
public sealed class EventCameraDeterminismTests
{
    [Theory]
    [InlineData("ideal", LogResponse.LinLog)]
    [InlineData("default", LogResponse.LinLog)]
    [InlineData("noisy", LogResponse.Epsilon)]
    [InlineData("clean", LogResponse.Epsilon)]
    public void Step_VectorAndScalar_AgreeBitForBit(string preset, LogResponse response)
    {
        var options = EventCameraOptions.Preset(preset) with { Response = response };
        var vector = Scene.Run(new EventCameraModel(37, 29, options, 4, PixelOrder.Rows, scalar: false), 120, 2300);
        var scalar = Scene.Run(new EventCameraModel(37, 29, options, 4, PixelOrder.Rows, scalar: true), 120, 2300);
        Assert.True(vector.Events.Length > 1000);
        Assert.Equal(scalar.Events, vector.Events);
        Assert.Equal(scalar.Hash, vector.Hash);
    }

    [Fact]
    public void FloatMath_VectorAndScalar_AgreeAndAreAccurate()
    {
        var random = new RandomStream(1);
        int lanes = System.Numerics.Vector<float>.Count;
        var values = new float[lanes];
        for (int k = 0; k < 20_000; k++)
        {
            for (int i = 0; i < lanes; i++) values[i] = (float)DeterministicMath.Exp(random.NextDouble(-9, 6));
            var logs = FloatMath.Log(new System.Numerics.Vector<float>(values));
            var decays = FloatMath.Decay(new System.Numerics.Vector<float>(values));
            for (int i = 0; i < lanes; i++)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(FloatMath.Log(values[i])), BitConverter.SingleToInt32Bits(logs[i]));
                Assert.Equal(BitConverter.SingleToInt32Bits(FloatMath.Decay(values[i])), BitConverter.SingleToInt32Bits(decays[i]));
                // 2 ulp of a value below 16 are 1.9e-6; near ln 1 = 0 the absolute error is what counts.
                Assert.InRange(logs[i] - Math.Log(values[i]), -2e-6, 2e-6);
                // 3e-7 by the polynomial, and the rounding of the argument up to 80: 80·6e-8 = 5e-6.
                if (values[i] < 80) Assert.InRange(decays[i] / Math.Exp(-values[i]), 1 - 6e-6, 1 + 6e-6);
            }
        }
    }

    [Fact]
    public void Step_SameSeed_GivesSameEventsAndOtherSeedOthers()
    {
        var options = EventCameraOptions.Noisy;
        var a = Scene.Run(new EventCameraModel(32, 32, options, 11), 60, 2000);
        var b = Scene.Run(new EventCameraModel(32, 32, options, 11), 60, 2000);
        var c = Scene.Run(new EventCameraModel(32, 32, options, 12), 60, 2000);
        Assert.Equal(a.Hash, b.Hash);
        Assert.NotEqual(a.Hash, c.Hash);
    }

    [Fact]
    public void Step_ColumnOrder_GivesTheSameEventsAsRowOrder()
    {
        var rows = new EventCameraModel(20, 12, EventCameraOptions.Ideal, 1);
        var columns = new EventCameraModel(20, 12, EventCameraOptions.Ideal, 1, PixelOrder.Columns);
        var (a, b) = (new EventPacket(1 << 16), new EventPacket(1 << 16));
        float[] frame = new float[240], turned = new float[240];
        for (int k = 0; k < 60; k++)
        {
            Scene.Fill(frame, 20, 0.1 * k);
            for (int i = 0; i < 240; i++) turned[i % 20 * 12 + i / 20] = frame[i];
            rows.Step(frame, k * 1000, a);
            columns.Step(turned, k * 1000, b);
        }
        Assert.True(a.Count > 500);
        static (long, int, int, int)[] Order(EventPacket p) => p.Events.ToArray().Select(e => (e.TimeUs, (int)e.X, (int)e.Y, (int)e.Polarity)).Order().ToArray();
        Assert.Equal(Order(a), Order(b));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("noisy")]
    public void Thaw_InTheMiddle_ContinuesBitForBit(string preset)
    {
        var options = EventCameraOptions.Preset(preset);
        var original = new EventCameraModel(31, 17, options, 6);
        original.SetThresholdScale(1.3f);
        Scene.Run(original, 70, 2000);
        var state = new ArrayBufferWriter<byte>();
        original.Freeze(state);
        var thawed = new EventCameraModel(31, 17, options, 6);
        thawed.Thaw(state.WrittenSpan);
        var a = Scene.Run(original, 70, 2000, first: 70);
        var b = Scene.Run(thawed, 70, 2000, first: 70);
        Assert.True(a.Events.Length > 100);
        Assert.Equal(a.Events, b.Events);
        Assert.Equal(a.Hash, b.Hash);
    }

    [Fact]
    public void Thaw_AnyTruncation_IsRefused()
    {
        var camera = new EventCameraModel(3, 2, EventCameraOptions.Default, 1);
        Scene.Run(camera, 3, 1000);
        var state = new ArrayBufferWriter<byte>();
        camera.Freeze(state);
        for (int n = 0; n < state.WrittenCount; n += 7) Assert.Throws<InvalidDataException>(() => new EventCameraModel(3, 2, EventCameraOptions.Default, 1).Thaw(state.WrittenSpan[..n]));
        Assert.Throws<InvalidDataException>(() => new EventCameraModel(4, 2, EventCameraOptions.Default, 1).Thaw(state.WrittenSpan));
    }

    [Fact]
    public void Region_PixelsThatComeBack_StartAnew()
    {
        var camera = new EventCameraModel(16, 16, EventCameraOptions.Ideal, 1);
        var packet = new EventPacket(1 << 14);
        camera.Step(Scene.Flat(256, 0.2f), 0, packet);
        camera.Region = new PixelRegion(4, 4, 8, 5);
        camera.Step(Scene.Flat(256, 0.8f), 1000, packet);
        Assert.Equal(8 * 5 * 6, packet.Count); // ln 4 = 1.386: 6 thresholds of 0.2
        foreach (var e in packet.Events) Assert.True(camera.Region.Contains(e.X, e.Y));
        camera.Region = default;
        packet.Reset(0, 0);
        camera.Step(Scene.Flat(256, 0.8f), 2000, packet);
        Assert.Equal(0, packet.Count); // no burst from the pixels that did not see the change
        camera.Step(Scene.Flat(256, 0.3f), 3000, packet);
        Assert.Contains(packet.Events.ToArray(), e => e.X == 0 && e.Y == 0);
    }

    [Fact]
    public void ThresholdScale_Doubled_HalvesTheEvents()
    {
        var camera = new EventCameraModel(4, 4, EventCameraOptions.Ideal, 1);
        var packet = new EventPacket(1000);
        camera.SetThresholdScale(2);
        camera.Step(Scene.Flat(16, Scene.Intensity(3.5)), 0, packet);
        camera.Step(Scene.Flat(16, Scene.Intensity(5.17)), 1000, packet);
        Assert.Equal(16 * 4, packet.Count);
    }

    [Fact]
    public void Step_FullPacket_CountsWhatIsLost()
    {
        var camera = new EventCameraModel(4, 4, EventCameraOptions.Ideal, 1);
        var packet = new EventPacket(10);
        camera.Step(Scene.Flat(16, 0.2f), 0, packet);
        camera.Step(Scene.Flat(16, 0.8f), 1000, packet);
        Assert.Equal(10, packet.Count);
        Assert.Equal(16 * 6 - 10, packet.Dropped);
        Assert.Equal(16 * 6 - 10, camera.Dropped);
    }

    [Fact]
    public void Hold_ClosedWindow_PutsLaterEventsBehindIt()
    {
        var camera = new EventCameraModel(1, 1, EventCameraOptions.Ideal, 1);
        var packet = new EventPacket(100);
        camera.Step([0.2f], 0, packet);
        camera.Hold(700);
        camera.Step([0.8f], 1000, packet);
        Assert.Equal(6, packet.Count);
        foreach (var e in packet.Events) Assert.InRange(e.TimeUs, 701, 1000);
        Assert.Throws<ArgumentException>(() => camera.Step([0.8f], 1000, packet));
    }

    [Fact]
    public void Step_Running_DoesNotAllocate()
    {
        var camera = new EventCameraModel(64, 64, EventCameraOptions.Noisy, 1);
        Scene.Run(camera, 20, 2000);
        var packet = new EventPacket(1 << 16);
        var frame = new float[64 * 64];
        Scene.Fill(frame, 64, 7);
        camera.Step(frame, 100_000, packet);
        int k = 0;
        Assert.Equal(0, Allocations.Least(4, _ =>
        {
            for (int end = k + 49; k < end;)
            {
                Scene.Fill(frame, 64, 7 + 0.1 * ++k);
                camera.Step(frame, 100_000 + k * 2000, packet);
            }
        }));
    }
}
