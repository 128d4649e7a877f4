using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests;

public class PayloadStateTests
{
    public static TheoryData<string> Kinds => new("EventPacket", "RangeScan", "RoverSample", "Percept");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Thaw_WhatWasFrozen_HasTheSameHashAndFreezesToTheSameBytes(string kind)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var payload = Make(kind, seed);
            byte[] state = Frozen(payload);
            var back = Make(kind, seed + 100); // full of something else
            Assert.NotEqual(Hash(payload), Hash(back));
            ((IFreezable)back).Thaw(state);
            Assert.Equal(Hash(payload), Hash(back));
            Assert.Equal(state, Frozen(back));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Thaw_AnyTruncationOrSurplus_IsInvalidData(string kind)
    {
        byte[] state = Frozen(Make(kind, 3));
        for (int cut = 0; cut < state.Length; cut++) Assert.Throws<InvalidDataException>(() => ((IFreezable)Make(kind, 4)).Thaw(state.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => ((IFreezable)Make(kind, 4)).Thaw([.. state, 0]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Thaw_AnyCorruption_IsInvalidDataOrReadable(string kind)
    {
        byte[] state = Frozen(Make(kind, 3));
        var random = RandomStream.For(1, kind);
        var target = Make(kind, 4);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bad = [.. state];
            for (int k = random.NextInt32(3); k >= 0; k--) bad[random.NextInt32(bad.Length)] = (byte)random.NextUInt64();
            try
            {
                ((IFreezable)target).Thaw(bad);
                Hash(target);
            }
            catch (InvalidDataException)
            {
                // The documented refusal.
            }
        }
    }

    [Fact]
    public void Thaw_IntoAnotherCapacity_IsRefused()
    {
        Assert.Throws<InvalidDataException>(() => new EventPacket(10).Thaw(Frozen(Make("EventPacket", 1))));
        Assert.Throws<InvalidDataException>(() => new RangeScan(11).Thaw(Frozen(Make("RangeScan", 1))));
        Assert.Throws<InvalidDataException>(() => new RoverSample(64, 11).Thaw(Frozen(Make("RoverSample", 1))));
        Assert.Throws<InvalidDataException>(() => new RoverSample(10, 12).Thaw(Frozen(Make("RoverSample", 1))));
        Assert.Throws<InvalidDataException>(() => new Percept(5, 8).Thaw(Frozen(Make("Percept", 1))));
        Assert.Throws<InvalidDataException>(() => new Percept(6, 2).Thaw(Frozen(Make("Percept", 1))));
        // A packet with more room than events were there is another matter: it holds them all.
        var large = new EventPacket(1000);
        large.Thaw(Frozen(Make("EventPacket", 1)));
        Assert.Equal(Hash(Make("EventPacket", 1)), Hash(large));
    }

    [Fact]
    public void Thaw_Decision_GivesEveryFieldBackAndRefusesTruncations()
    {
        var decision = new Decision<Twist2>
        {
            Action = new Twist2(1.5f, -2), Request = SensingRequest.None with { RateHz = 3, ExpiresCycle = 9, Origin = (RequestOrigin)1 },
            PeriodLimit = new Duration(7), PeriodIndex = -3, TimeToContact = 0.25f, StepError = float.NaN,
        };
        var buffer = new ArrayBufferWriter<byte>();
        decision.Freeze(new StateWriter(buffer));
        byte[] state = buffer.WrittenSpan.ToArray();
        var back = Decision<Twist2>.None;
        back.Thaw(state);
        buffer.ResetWrittenCount();
        back.Freeze(new StateWriter(buffer));
        Assert.Equal(state, buffer.WrittenSpan.ToArray());
        Assert.Equal((decision.Action, decision.PeriodLimit, decision.PeriodIndex, decision.TimeToContact, 9UL), (back.Action, back.PeriodLimit, back.PeriodIndex, back.TimeToContact, back.Request.ExpiresCycle));
        for (int cut = 0; cut < state.Length; cut++) Assert.Throws<InvalidDataException>(() => default(Decision<Twist2>).Thaw(state.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => default(Decision<Twist2>).Thaw([.. state, 1]));
    }

    [Fact]
    public void Thaw_LoopInput_GivesEveryFieldBackAndTakesItsStatedBytes()
    {
        var input = new LoopInput { Kind = LoopInputKind.Sensing, Value = -0.5, Request = SensingRequest.None with { RateHz = 3 }, Arrived = new Stamp(77) };
        var buffer = new ArrayBufferWriter<byte>();
        input.Freeze(new StateWriter(buffer));
        byte[] state = buffer.WrittenSpan.ToArray();
        Assert.Equal(LoopInput.FrozenBytes, state.Length);
        var reader = new StateReader(state, "Input");
        var back = LoopInput.Thaw(ref reader);
        reader.End();
        Assert.Equal((input.Kind, input.Value, 3f, input.Arrived), (back.Kind, back.Value, back.Request.RateHz, back.Arrived));
        for (int cut = 0; cut < state.Length; cut++)
        {
            Assert.Throws<InvalidDataException>(() =>
            {
                var short1 = new StateReader(state.AsSpan(0, cut), "Input");
                LoopInput.Thaw(ref short1);
            });
        }
    }

    // A byte between fields has no value of its own: recorded, it makes two equal runs differ.
    [Theory]
    [InlineData(typeof(Twist2))]
    [InlineData(typeof(Odometry))]
    [InlineData(typeof(SectorEstimate))]
    [InlineData(typeof(PixelBox))]
    [InlineData(typeof(SensingRequest))]
    [InlineData(typeof(SensorReport))]
    [InlineData(typeof(LoopMemory))]
    public void RecordedStruct_Layout_HasNoPadding(Type type) => Assert.Equal(SizeOf(type), FieldBytes(type));

    [Fact]
    public void FieldBytes_StructWithPadding_ShowsIt() => Assert.NotEqual(SizeOf(typeof(Padded)), FieldBytes(typeof(Padded)));

    [Fact]
    public void Freeze_RoverSampleFromDirtyMemory_WritesTheSameBytes()
    {
        RoverSample clean = new(4, 2), dirty = new(4, 2);
        clean.Imu = new ImuSample(new Stamp(5), 1, 2, 3);
        var bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref dirty.Imu, 1));
        bytes.Fill(0xEE);
        clean.Imu.Deconstruct(out var time, out float x, out float y, out float w);
        MemoryMarshal.Write(bytes, in time);
        MemoryMarshal.Write(bytes[8..], in x);
        MemoryMarshal.Write(bytes[12..], in y);
        MemoryMarshal.Write(bytes[16..], in w);
        Assert.Equal(clean.Imu, dirty.Imu);
        Assert.Equal(Hash(clean), Hash(dirty));
        Assert.Equal(Frozen(clean), Frozen(dirty));
    }

    private static object Make(string kind, ulong seed)
    {
        var random = RandomStream.For(seed, kind);
        switch (kind)
        {
            case "EventPacket": return Fill(new EventPacket(64), random);
            case "RangeScan": return Fill(new RangeScan(12), random);
            case "RoverSample":
                var sample = new RoverSample(64, 12)
                {
                    Imu = new ImuSample(Stamp(random), random.NextSingle(), random.NextSingle(), random.NextSingle()),
                    Odometry = new Odometry(Stamp(random), new Pose2(random.NextDouble(), random.NextDouble(), random.NextDouble()), new Twist2(random.NextSingle(), 1)),
                    Goal = new Goal(random.NextInt32(9), random.NextDouble(), random.NextDouble(), random.NextSingle()),
                };
                Fill(sample.Events, random);
                Fill(sample.Scan, random);
                return sample;
            default:
                var percept = new Percept(6, 8)
                {
                    Odometry = new Odometry(Stamp(random), new Pose2(random.NextDouble(), 2, 3), new Twist2(4, 5)), AngularVelocity = random.NextSingle(), EventCount = random.NextInt32(1000),
                    Goal = new Goal(1, random.NextDouble(), 2, 3),
                };
                foreach (ref var s in percept.Sectors.AsSpan()) s = new SectorEstimate { Bearing = random.NextSingle(), TimeToContact = float.PositiveInfinity, Confidence = random.NextSingle(), Range = float.NaN, EventRate = random.NextSingle() };
                // A sector's bearing is its place: equal in all percepts of one perceiver, and no part of the hash.
                for (int i = 0; i < 6; i++) percept.Sectors[i].Bearing = i;
                for (int i = random.NextInt32(12); i > 0; i--) percept.AddBox(new PixelBox((ushort)i, 2, (ushort)random.NextInt32(99), 4, 5));
                return percept;
        }
    }

    private static EventPacket Fill(EventPacket packet, RandomStream random)
    {
        long start = random.NextInt32(1_000_000);
        packet.Reset(start, start + 4000);
        (packet.Width, packet.Height) = (640, 480);
        for (int i = 5 + random.NextInt32(70); i > 0; i--) packet.Append(new Event(start += random.NextInt32(200), (ushort)random.NextInt32(640), (ushort)random.NextInt32(5000), (byte)random.NextInt32(2)));
        return packet;
    }

    private static RangeScan Fill(RangeScan scan, RandomStream random)
    {
        (scan.Time, scan.FirstBearing, scan.BearingStep, scan.MaxRange) = (Stamp(random), -1, 0.1f, 8);
        for (int i = 0; i < scan.Ranges.Length; i++) scan.Ranges[i] = random.NextInt32(4) == 0 ? float.NaN : random.NextSingle();
        return scan;
    }

    private static Stamp Stamp(RandomStream random) => new((long)random.NextUInt64());

    private static byte[] Frozen(object payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ((IFreezable)payload).Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static ulong Hash(object payload)
    {
        var hasher = new StateHasher(0);
        ((IPayload)payload).AddTo(ref hasher);
        return hasher.Value;
    }

    private static int SizeOf(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int FieldBytes(Type type)
    {
        if (type.IsPrimitive || type.IsEnum) return SizeOf(type);
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        int array = type.GetCustomAttribute<InlineArrayAttribute>()?.Length ?? 1;
        return fields.Sum(f => FieldBytes(f.FieldType)) * array;
    }

    private readonly record struct Padded(long A, byte B);
}
