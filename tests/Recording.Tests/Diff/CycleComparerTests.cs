using System.Buffers;
using System.Buffers.Binary;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

public class CycleComparerTests
{
    // Every byte of a header and of the stages either takes part in the comparison and is named, or is a measurement.
    [Theory]
    [InlineData(CycleRecord.RungAt, "loop", "rung", "Nominal", "Strained")]
    [InlineData(CycleRecord.CycleIdAt, "loop", "cycle number", "4", "5")]
    [InlineData(CycleRecord.TagAt, "loop", "logical time", "0.016000 s", "0.016000 s")]
    [InlineData(CycleRecord.DtAt, "loop", "time since the cycle before", "4 ms", "4 ms")]
    [InlineData(CycleRecord.StateHashAt, "loop", "state hash (ladder, governor or an earlier cycle)", null, null)]
    [InlineData(CycleRecord.RungReasonAt, "loop", "reason of the rung", "None", "Queue")]
    [InlineData(CycleRecord.PeriodIndexAt, "loop", "next period", "4 ms", "8 ms")]
    [InlineData(CycleRecord.PeriodReasonAt, "loop", "reason of the period", null, null)]
    [InlineData(CycleRecord.MissedAt, "loop", "stages that missed their budget (bits)", "0000000000000000", "0000000000000001")]
    [InlineData(CycleRecord.DoubledAt, "loop", "stages that took twice their budget (bits)", "0000000000000000", "0000000000000001")]
    [InlineData(CycleRecord.SkippedSlotsAt, "loop", "skipped slots", "0", "1")]
    [InlineData(164, "sense", "status", "Ok", "NoOutput")]
    [InlineData(176, "sense", "quanta", "1", "0")]
    [InlineData(192, "walk", "hash of output and state, with equal output", null, null)]
    [InlineData(CycleRecord.LatenessAt, null, null, null, null)]
    [InlineData(148, null, null, null, null)] // a boundary
    [InlineData(CycleRecord.ClockAt, null, null, null, null)] // a replay has another
    public void Compare_OneFieldChanged_IsNamedWithBothValues(int at, string? stage, string? field, string? first, string? second)
    {
        byte[] a = Record(), b = [.. a];
        b[at] ^= 1;
        if (at is CycleRecord.PeriodIndexAt) b[at] = 3;
        if (at is CycleRecord.RungReasonAt) b[at] = (byte)RungReason.Queue;
        var difference = Compare(a, b);
        Assert.Equal((stage, field), (difference?.Stage, difference?.Field));
        if (first is null) return;
        Assert.Equal((first, second), (difference!.A, difference.B));
        Assert.Equal(("a", 4UL), (difference.Loop, difference.CycleId));
    }

    [Theory]
    [InlineData(1, "missed deadline")]
    [InlineData(2, "short of slack")]
    [InlineData(4, "stop by the watchdog")]
    [InlineData(8, "guard stopped from outside")]
    public void Compare_MeasuredBit_IsNamedWithBothValues(byte bit, string field)
    {
        byte[] a = Record(), b = [.. a];
        b[CycleRecord.MeasuredAt] ^= bit;
        var difference = Compare(a, b)!;
        Assert.Equal((field, "False", "True"), (difference.Field, difference.A, difference.B));
    }

    [Theory]
    [InlineData(SectionKind.Sample, "sense", "sample: byte 0")]
    [InlineData(SectionKind.Percept, "walk", "percept: byte 0")]
    [InlineData(SectionKind.Decision, "decide", "proposed action: Linear (m/s)")]
    [InlineData(SectionKind.Request, "sense", "sensing request: byte 0")]
    [InlineData(SectionKind.Sensed, "sense", "sensor's report: byte 0")]
    [InlineData(SectionKind.Applied, "act", "action: Linear (m/s)")]
    public void Compare_OneSectionChanged_IsNamedWithItsStage(SectionKind kind, string stage, string field)
    {
        byte[] a = Record(), b = [.. a];
        b[Find(b, kind)] ^= 1;
        var difference = Compare(a, b)!;
        Assert.Equal((stage, field), (difference.Stage, difference.Field));
        Assert.NotEqual(difference.A, difference.B);
        // The cause first: a difference downstream does not hide it.
        b[CycleRecord.StateHashAt] ^= 1;
        b[Find(b, SectionKind.Applied) + 4] ^= 1;
        Assert.Equal(stage, Compare(a, b)!.Stage);
        // A section that one record does not have.
        BinaryPrimitives.WriteUInt16LittleEndian(b.AsSpan(Find(b, kind) - 8), 999);
        Assert.Equal(stage, Compare(a, b)!.Stage);
    }

    [Fact]
    public void Compare_MoreStagesThanTheChannelNames_IsInvalidData()
    {
        var loop = new LoopDescription("a", ["sense", "walk", "decide"], PeriodGrid.Default.Shortest, 6, "Reading", "Reading", "Twist2", RecordedClock.Sim);
        Assert.Throws<InvalidDataException>(() => new CycleComparer(loop).Compare(CycleRecord.Parse(Record()), CycleRecord.Parse(Record())));
    }

    [Fact]
    public void Compare_EqualRecords_AllocatesNothing()
    {
        byte[] a = Record(), b = [.. a];
        var comparer = new CycleComparer(Loop);
        EdgeAutonomy.Tests.Allocations.AssertNone(() => Assert.Null(comparer.Compare(CycleRecord.Parse(a), CycleRecord.Parse(b))));
    }

    // What a person reads of two payloads: the field, its unit, both values.
    [Fact]
    public void Find_Payloads_NamesTheFirstFieldThatDiffers()
    {
        RoverSample a = new(8, 2), b = new(8, 2);
        void Both(Action<RoverSample> change)
        {
            change(a);
            change(b);
        }
        Both(s => s.Scan.Ranges[0] = s.Scan.Ranges[1] = 1);
        Both(s => s.Events.Append(new Event(5, 1, 2, 1)));
        a.Events.Append(new Event(9, 3, 4, 0));
        b.Events.Append(new Event(9, 3, 5, 0));
        Assert.Equal(("Events[1] (t x y p)", "9 3 4 0", "9 3 5 0"), Find(a, b));
        b.Events.CopyFrom(a.Events);
        b.Scan.Ranges[1] = float.NaN;
        Assert.Equal(("Scan.Ranges[1] (m)", "1", "NaN"), Find(a, b));
        b.Scan.Ranges[1] = 1;
        b.Events.Append(new Event(9, 3, 5, 0));
        Assert.Equal(("Events.Count", "2", "3"), Find(a, b));
        b.Events.CopyFrom(a.Events);
        b.Odometry = b.Odometry with { Velocity = new Twist2(2, 0) };
        Assert.StartsWith("Odometry", Find(a, b).Field, StringComparison.Ordinal);
        b.Odometry = a.Odometry;
        Assert.Equal(Frozen(a), Frozen(b));

        Percept p = new(2, 2), q = new(2, 2);
        q.Sectors[1].TimeToContact = 0.5f;
        Assert.Equal(("Sectors[1].TimeToContact (s)", "0", "0.5"), Find(p, q));
        q.Sectors[1].TimeToContact = 0;
        q.AddBox(new PixelBox(1, 2, 3, 4, 5));
        Assert.Equal(("BoxCount", "0", "1"), Find(p, q));
        // A field that has no words of its own: the bytes say where.
        q.ClearBoxes();
        q.Sectors[0].Bearing = 1;
        Assert.StartsWith("byte ", Find(p, q).Field, StringComparison.Ordinal);
        // What cannot be read is different all the same.
        Assert.StartsWith("byte ", PayloadDifference.Find("RoverSample(8,2)", new byte[10], [1, .. new byte[9]]).Field, StringComparison.Ordinal);
        Assert.Equal(("length", "2 bytes", "3 bytes"), PayloadDifference.Find("nonsense(", new byte[2], new byte[3]));
    }

    [Theory]
    [InlineData("RoverSample(64,12)", true)]
    [InlineData("EventPacket(1)", true)]
    [InlineData("Percept(6,0)", true)]
    [InlineData("Twist2", true)]
    [InlineData("RoverSample(0,12)", false)]
    [InlineData("RoverSample(-1,12)", false)]
    [InlineData("RoverSample(64)", false)]
    [InlineData("RoverSample(64,12", false)]
    [InlineData("EventPacket(2147483647)", false)]
    [InlineData("EventPacket(99999999999)", false)]
    [InlineData("EventPacket( 5)", false)]
    [InlineData("Percept(2000000,1)", false)]
    [InlineData("Percept", false)]
    [InlineData("Twist2()", false)]
    [InlineData("(", false)]
    [InlineData("", false)]
    public void Create_Shape_IsMadeOrRefused(string shape, bool known)
    {
        object? made = PayloadShape.Create(shape);
        Assert.Equal(known, made is not null);
        if (made is RoverSample rover) Assert.Equal(shape, PayloadShape.Of(rover));
        if (made is EventPacket packet) Assert.Equal(shape, PayloadShape.Of(packet));
        if (made is Percept percept) Assert.Equal(shape, PayloadShape.Of(percept));
    }

    private static LoopDescription Loop { get; } = new RecordedRig("a", 1 << 16).Lane.Loop;

    private static CycleDifference? Compare(byte[] a, byte[] b) => new CycleComparer(Loop).Compare(CycleRecord.Parse(a), CycleRecord.Parse(b));

    private static byte[] Record()
    {
        var rig = new RecordedRig("a", 1 << 16);
        rig.Run(5);
        return rig.Take()[^1].Bytes;
    }

    private static int Find(byte[] record, SectionKind kind)
    {
        for (int at = 216; at < record.Length;)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(at)) == (ushort)kind) return at + 8;
            at += 8 + (BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(at + 4)) + 7 & ~7);
        }
        throw new InvalidOperationException($"no section {kind}");
    }

    private static (string Field, string A, string B) Find<T>(T a, T b) where T : IFreezable => PayloadDifference.Find(PayloadShape.Of(a), Frozen(a), Frozen(b));

    private static byte[] Frozen(IFreezable payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        payload.Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
