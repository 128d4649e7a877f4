using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class DotieDetectorTests
{
    [Theory]
    [InlineData(5, false)] // 0.20 · 5 is exactly the threshold, and the comparison is strict
    [InlineData(6, true)]
    public void Detect_IsolatedPixelFromRest_SpikesFromSixEventsOn(int events, bool spikes)
    {
        var dotie = new DotieDetector(32, 32);
        dotie.Detect(Packet(0, 2000, Repeat(events, 10, 10)), default);
        Assert.Equal(spikes, dotie.Spikes[10, 10]);
        Assert.Equal(0.2f * events, dotie.Potentials[10 * dotie.PotentialStride + 10], 6); // one product, one rounding
        Assert.Equal(0.15f * events, dotie.Potentials[9 * dotie.PotentialStride + 11], 6);
    }

    [Theory]
    [InlineData(3, false)] // rest level 0.6 / 0.7 = 0.857
    [InlineData(4, true)] // rest level 0.8 / 0.7 = 1.143
    public void Detect_IsolatedPixelSustained_SpikesFromFourEventsPerBinOn(int events, bool spikes)
    {
        var dotie = new DotieDetector(32, 32);
        bool any = false;
        for (int bin = 0; bin < 30; bin++)
        {
            dotie.Detect(Packet(bin * 2000, 2000, Repeat(events, 10, 10, bin * 2000)), default);
            any |= dotie.Spikes[10, 10];
        }
        Assert.Equal(spikes, any);
    }

    [Fact]
    public void Detect_FourEventsPerBin_FollowsHandComputedPotential()
    {
        // U: 0.8, 1.04 spike, 0.3·0.04 + 0.8 = 0.812, 1.0436 spike, 0.81308, …
        var dotie = new DotieDetector(32, 32);
        float[] expected = [0.8f, 1.04f, 0.812f, 1.0436f, 0.81308f];
        for (int bin = 0; bin < expected.Length; bin++)
        {
            dotie.Detect(Packet(bin * 2000, 2000, Repeat(4, 10, 10, bin * 2000)), default);
            Assert.Equal(expected[bin], dotie.Potentials[10 * dotie.PotentialStride + 10], 5);
            Assert.Equal(bin % 2 == 1, dotie.Spikes[10, 10]);
        }
    }

    [Fact]
    public void Detect_UniformCount_GivesSumOfKernel()
    {
        var dotie = new DotieDetector(8, 8);
        var events = new List<Event>();
        for (ushort y = 0; y < 8; y++) for (ushort x = 0; x < 8; x++) events.Add(new Event(0, x, y, 1));
        dotie.Detect(Packet(0, 2000, events), default);
        Assert.Equal(1.4f, dotie.Potentials[4 * dotie.PotentialStride + 4], 6);
        Assert.Equal(0.2f + 3 * 0.15f, dotie.Potentials[0], 6); // zero padding at the corner
    }

    [Theory]
    [InlineData(40, 30)]
    [InlineData(64, 17)]
    [InlineData(130, 20)]
    public void Detect_RandomStream_MatchesScalarReference(int width, int height)
    {
        var random = new RandomStream(7);
        var dotie = new DotieDetector(width, height);
        var reference = new DotieReference(width, height);
        int spikes = 0;
        for (int bin = 0; bin < 40; bin++)
        {
            var events = new List<Event>();
            var counts = new int[height, width];
            if (bin % 20 < 14)
            {
                for (int i = 0; i < width * height / 3; i++)
                {
                    int x = random.NextInt32(width), y = random.NextInt32(height / 2);
                    events.Add(new Event(bin * 2000 + i % 2000, (ushort)x, (ushort)y, (byte)(i & 1)));
                    counts[y, x]++;
                }
            }
            events.Sort((a, b) => a.TimeUs.CompareTo(b.TimeUs));
            dotie.Detect(Packet(bin * 2000, 2000, events), default);
            reference.Step(counts);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    // Single precision over a geometric memory (1/(1−0.3)), and the floor that sets a resting potential to zero.
                    Assert.InRange(dotie.Potentials[y * dotie.PotentialStride + x] - reference.U[y, x], -2e-6, 2e-6);
                    Assert.Equal(reference.Spikes[y, x], dotie.Spikes[x, y]);
                    if (reference.Spikes[y, x]) spikes++;
                }
            }
        }
        Assert.True(spikes > 1000, $"only {spikes} spikes: the comparison is empty");
    }

    [Fact]
    public void Reference_OtherUpdateOrder_IsAnotherNetwork()
    {
        DotieReference ours = new(1, 1), other = new(1, 1);
        int differences = 0;
        for (int bin = 0; bin < 20; bin++)
        {
            ours.Step(new[,] { { 6 } });
            other.StepOtherOrder(new[,] { { 6 } });
            if (ours.Spikes[0, 0] != other.Spikes[0, 0]) differences++;
        }
        Assert.True(differences > 0);
    }

    [Fact]
    public void Detect_MoreThan255EventsOnAPixel_SaturatesInsteadOfWrapping()
    {
        var dotie = new DotieDetector(16, 16);
        dotie.Detect(Packet(0, 2000, Repeat(300, 5, 5)), default);
        Assert.Equal(255 * 0.2f, dotie.Potentials[5 * dotie.PotentialStride + 5], 3);
    }

    [Fact]
    public void Detect_EventsOutsideSensor_IgnoresAndCountsThem()
    {
        var dotie = new DotieDetector(16, 16);
        dotie.Detect(Packet(0, 2000, [new Event(1, 16, 3, 1), new Event(2, 3, 16, 1), new Event(3, 65535, 65535, 0), new Event(4, 15, 15, 0)]), default);
        Assert.Equal(3, dotie.IgnoredEvents);
        Assert.Equal(0.2f, dotie.Potentials[15 * dotie.PotentialStride + 15], 6);
    }

    [Fact]
    public void Detect_EmptyPackets_FindsNothingAndComesToRest()
    {
        var dotie = new DotieDetector(64, 64);
        dotie.Detect(Packet(0, 2000, Repeat(200, 20, 20)), default);
        for (int bin = 1; bin < 250; bin++) dotie.Detect(Packet(bin * 2000, 2000, []), default);
        Assert.Equal(0, dotie.BoxCount);
        Assert.Equal(0, dotie.SpikeCount);
        Assert.False(dotie.Potentials.ContainsAnyExcept(0f));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void Detect_MovingSquareAtAnyPeriod_GivesTheSameBoxUpToOneBin(int periodMs)
    {
        var boxes = RunSquare(periodMs);
        var nominal = RunSquare(2);
        foreach (var (time, box) in boxes)
        {
            // The square moves one pixel per millisecond: one bin of 2 ms is 2 pixels, and the newest edge pixel one more.
            var at = nominal[time];
            Assert.InRange(box.Left, at.Left - 3, at.Left + 3);
            Assert.InRange(box.Right, at.Right - 3, at.Right + 3);
            Assert.InRange(box.Top, at.Top - 3, at.Top + 3);
            Assert.InRange(box.Bottom, at.Bottom - 3, at.Bottom + 3);
        }
        Assert.True(boxes.Count >= (48 - 8) / Math.Max(periodMs, 2) - 1, $"{boxes.Count} boxes");
    }

    [Theory]
    [InlineData(250)]
    [InlineData(500)]
    [InlineData(1000)]
    public void LifStep_ShortBins_KeepTheRestLevelOfTheEventRate(int binUs)
    {
        var options = new DotieOptions();
        LifStep nominal = LifStep.For(2000, options), shorter = LifStep.For(binUs, options);
        double rest = 4.0 * 4 * nominal.Current / (1 - nominal.Beta), restShort = 4.0 * binUs / 2000 * 4 * shorter.Current / (1 - shorter.Beta);
        Assert.Equal(rest, restShort, 5); // six roundings to single precision
        // Two half steps leak as one whole step.
        LifStep half = LifStep.For(binUs / 2, options);
        Assert.Equal(shorter.Beta, half.Beta * half.Beta, 6);
    }

    [Fact]
    public void LifStep_VeryShortBin_GainTendsToOnePointSevenTwo()
    {
        Assert.Equal(1.72, LifStep.For(1, new DotieOptions()).Current / 0.05, 2);
        Assert.Equal(0.3f, LifStep.For(2000, new DotieOptions()).Beta);
    }

    [Fact]
    public void Detect_LongPacket_EqualsItsBinsOneByOne()
    {
        DotieDetector whole = new(64, 64), parts = new(64, 64);
        var random = new RandomStream(3);
        var events = new List<Event>();
        for (int t = 0; t < 16000; t += 4) events.Add(new Event(t, (ushort)(20 + random.NextInt32(12)), (ushort)(20 + random.NextInt32(12)), 1));
        whole.Detect(Packet(0, 16000, events), default);
        for (int bin = 0; bin < 8; bin++)
        {
            int from = bin * 2000;
            parts.Detect(Packet(from, 2000, events.FindAll(e => e.TimeUs >= from && e.TimeUs < from + 2000)), default);
        }
        Assert.True(whole.Potentials.SequenceEqual(parts.Potentials));
        Assert.True(whole.Boxes.SequenceEqual(parts.Boxes));
        Assert.Equal(Hash(whole), Hash(parts));
    }

    [Fact]
    public void Detect_GapBetweenPackets_CountsAsSilence()
    {
        DotieDetector gap = new(32, 32), silent = new(32, 32);
        gap.Detect(Packet(0, 2000, Repeat(5, 8, 8)), default);
        gap.Detect(Packet(4000, 2000, []), default);
        silent.Detect(Packet(0, 2000, Repeat(5, 8, 8)), default);
        silent.Detect(Packet(2000, 2000, []), default);
        silent.Detect(Packet(4000, 2000, []), default);
        Assert.Equal(silent.Potentials[8 * 64 + 8], gap.Potentials[8 * 64 + 8], 7);
    }

    [Fact]
    public void Detect_SkippingRestingBlocks_IsBitIdenticalToTheDensePath()
    {
        DotieDetector sparse = new(200, 60), dense = new(200, 60) { SkipsRest = false };
        var random = new RandomStream(11);
        for (int bin = 0; bin < 120; bin++)
        {
            var events = new List<Event>();
            int n = bin % 40 < 15 ? 300 : 0, cx = random.NextInt32(200), cy = random.NextInt32(60);
            for (int i = 0; i < n; i++) events.Add(new Event(bin * 1000L + i, (ushort)Math.Clamp(cx + random.NextInt32(20), 0, 199), (ushort)Math.Clamp(cy + random.NextInt32(20), 0, 59), 1));
            sparse.Detect(Packet(bin * 1000, 1000, events), default);
            dense.Detect(Packet(bin * 1000, 1000, events), default);
            Assert.True(sparse.Potentials.SequenceEqual(dense.Potentials));
            Assert.True(sparse.Boxes.SequenceEqual(dense.Boxes));
            Assert.Equal(Hash(dense), Hash(sparse));
        }
    }

    [Fact]
    public void Detect_AfterWarmUp_AllocatesNothing()
    {
        var dotie = new DotieDetector(128, 128);
        var packets = Square(4, 12);
        foreach (var p in packets) dotie.Detect(p, default);
        Assert.Equal(0, Allocations.Least(4, _ =>
        {
            foreach (var p in packets) dotie.Detect(p, default);
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Thaw_FrozenState_ContinuesIdentically(int periodMs)
    {
        var packets = Square(periodMs, 48);
        DotieDetector first = new(128, 128), second = new(128, 128);
        int half = packets.Count / 2;
        for (int i = 0; i < half; i++) first.Detect(packets[i], default);
        var buffer = new ArrayBufferWriter<byte>();
        first.Freeze(buffer);
        second.Thaw(buffer.WrittenSpan);
        Assert.Equal(Hash(first), Hash(second));
        for (int i = half; i < packets.Count; i++)
        {
            first.Detect(packets[i], default);
            second.Detect(packets[i], default);
            Assert.True(first.Boxes.SequenceEqual(second.Boxes));
            Assert.Equal(Hash(first), Hash(second));
        }
        Assert.True(first.BoxCount > 0);
    }

    [Fact]
    public void Thaw_DamagedState_IsRefused()
    {
        var buffer = new ArrayBufferWriter<byte>();
        new DotieDetector(32, 32).Freeze(buffer);
        var bytes = buffer.WrittenSpan.ToArray();
        Assert.Throws<InvalidDataException>(() => new DotieDetector(32, 32).Thaw(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<InvalidDataException>(() => new DotieDetector(64, 32).Thaw(bytes));
        Assert.Throws<InvalidDataException>(() => new DotieDetector(32, 32).Thaw([.. bytes, 0]));
    }

    [Fact]
    public void Detect_SlowSquare_GivesNoBox()
    {
        // A tenth of the speed: a tenth of the events per bin, below the selectivity of the layer.
        var dotie = new DotieDetector(128, 128);
        foreach (var p in Square(2, 200, pixelsPerMs: 0.1)) dotie.Detect(p, default);
        Assert.Equal(0, dotie.BoxCount);
    }

    [Theory]
    [InlineData(nameof(DotieOptions.KernelSize), "must be odd")]
    [InlineData(nameof(DotieOptions.Leak), "(0, 1)")]
    public void Constructor_OptionOutsideRange_SaysWhichAndTheRule(string option, string rule)
    {
        var options = option == nameof(DotieOptions.Leak) ? new DotieOptions { Leak = float.NaN } : new DotieOptions { KernelSize = 12 };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new DotieDetector(32, 32, options));
        Assert.Contains($"DotieOptions:{option}", error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    internal static ulong Hash(IPayload payload)
    {
        var hasher = new StateHasher(0);
        payload.AddTo(ref hasher);
        return hasher.Value;
    }

    internal static EventPacket Packet(long startUs, long lengthUs, IReadOnlyCollection<Event> events)
    {
        var packet = new EventPacket(Math.Max(1, events.Count));
        packet.Reset(startUs, startUs + lengthUs);
        foreach (var e in events) packet.Append(e);
        return packet;
    }

    private static List<Event> Repeat(int count, ushort x, ushort y, long startUs = 0)
    {
        var events = new List<Event>();
        for (int i = 0; i < count; i++) events.Add(new Event(startUs + i, x, y, (byte)(i & 1)));
        return events;
    }

    private static Dictionary<long, PixelBox> RunSquare(int periodMs)
    {
        var dotie = new DotieDetector(128, 128);
        var found = new Dictionary<long, PixelBox>();
        foreach (var packet in Square(periodMs, 48))
        {
            dotie.Detect(packet, default);
            if (dotie.BoxCount == 1 && packet.EndUs % 2000 == 0 && packet.EndUs > 8000) found[packet.EndUs] = dotie.Boxes[0];
        }
        return found;
    }

    /// <summary>A textured square of 30 pixels moving right by one pixel per millisecond; every pixel column of its texture fires as it passes.</summary>
    private static List<EventPacket> Square(int periodMs, int milliseconds, double pixelsPerMs = 1)
    {
        var random = new RandomStream(5);
        var texture = new bool[30];
        for (int i = 0; i < 30; i++) texture[i] = i is 0 or 29 || random.NextInt32(2) == 0;
        var events = new List<Event>();
        int steps = 0;
        for (double t = 0; t < milliseconds * 1000; t += 1000 / pixelsPerMs, steps++)
        {
            for (int i = 0; i < 30; i++)
            {
                if (!texture[i]) continue;
                for (int y = 40; y < 70; y++)
                {
                    for (int k = 0; k < 2; k++) events.Add(new Event((long)t + (y * 7 + k * 431) % 1000, (ushort)(30 + i + steps), (ushort)y, (byte)k));
                }
            }
        }
        events.Sort((a, b) => a.TimeUs.CompareTo(b.TimeUs));
        var packets = new List<EventPacket>();
        for (int ms = 0; ms < milliseconds; ms += periodMs)
        {
            long from = ms * 1000L, to = from + periodMs * 1000L;
            packets.Add(Packet(from, periodMs * 1000L, events.FindAll(e => e.TimeUs >= from && e.TimeUs < to)));
        }
        return packets;
    }
}
