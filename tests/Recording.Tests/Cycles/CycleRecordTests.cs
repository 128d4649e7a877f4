using System.Buffers.Binary;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

public class CycleRecordTests
{
    [Fact]
    public void Write_RealCycles_EveryFieldComesBack()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var plan = LoopPlan.Draw(seed);
            var sink = new Compare();
            new ReplayRig(plan) { Sinks = [sink] }.Run(60);
            Assert.Equal(60, sink.Compared);
        }
    }

    // A record of a scripted cycle, byte for byte: the format cannot change without this test, and with it RunInfo.FormatVersion.
    [Fact]
    public void Write_ScriptedCycle_IsTheGoldenRecord()
    {
        byte[] record = Golden();
        string[] expected =
        [
            "0100 9000 00 01 00 04", // version, header bytes, rung, clock, flags, stages
            "0200000000000000", "00127A0000000000", // cycle 2 at 8 ms
            "00000000 02 00 0000", // microstep, period index, slots, reason
            "00093D0000000000", "0000000000000000", // dt 4 ms, lateness
            "C0BDF0FFFFFFFFFF", "00000000000000 00", // valid from -1 ms to 0
            HashOf(record, 64), // the run's hash
            "0000803F", "0000003F", "00000000", "00000000", "00000000", // trust, coverage, energies
            "0000", "0000", "0000000000000000", "0000000000000000", // rung reason, measured bits, missed, doubled
            "00000000", "07000000", "03000000", "00000000", // skipped slots, items, dropped, queue fill
            "00093D0000000000", "0000000000000000", // planned dt, reserved
            "00000000 0A000000 14000000 1E000000 28000000", // boundaries
            "00000000", "0000000000000000", "0100010001000100", // outcomes, codes, quanta
            HashOf(record, 184), HashOf(record, 192), HashOf(record, 200), HashOf(record, 208),
            "0100 0000 10000000", "0000000000000040 0000000000000840", // sample
            "0200 0100 10000000", "0000000000000040 0000000000001040", // percept
            "0300 0200 69000000", "0000803E 0000003F", Request, "FFFFFFFFFFFFFF1F", "FF", "0000807F", "0000C0FF", "00000000000000", // decision
        ];
        string start = string.Concat(expected).Replace(" ", "");
        Assert.Equal(start, Convert.ToHexString(record)[..start.Length]);
        // The rest in words: request, report, what was applied, the inbox.
        var parsed = CycleRecord.Parse(record);
        Assert.True(parsed.TrySection(SectionKind.Request, out var request));
        Assert.True(parsed.TrySection(SectionKind.Sensed, out var sensed));
        Assert.True(parsed.TrySection(SectionKind.Applied, out var applied));
        Assert.True(parsed.TrySection(SectionKind.Inputs, out var inputs));
        Assert.False(parsed.TrySection(SectionKind.PeriodValues, out _));
        Assert.Equal((80, 104, 97), (request.Length, sensed.Length, inputs.Length));
        Assert.Equal("0000803E0000003F", Convert.ToHexString(applied));
        Assert.Equal("05 0000000000000000".Replace(" ", ""), Convert.ToHexString(inputs[..9]));
        Assert.Equal(0, record.Length & 7);
    }

    private static string Request => "0000000000000000" + string.Concat(Enumerable.Repeat("FFFFFFFFFFFFFFFF", 5)) + "FFFFFFFFFF000000" + "00000000 00000000 00000000 0000 0000 0000000000000000";

    [Fact]
    public void Parse_AnyTruncation_IsInvalidDataOrAShorterRecord()
    {
        byte[] record = Golden();
        int readable = 0;
        for (int cut = 0; cut < record.Length; cut++)
        {
            if (Reads(record.AsSpan(0, cut))) readable++;
        }
        // Sections end at multiples of eight: a cut between two of them leaves a whole record of fewer sections.
        Assert.Equal(7, readable);
    }

    [Fact]
    public void Parse_AnyCorruption_IsInvalidDataOrReadable()
    {
        byte[] record = Golden();
        var random = RandomStream.For(1, "corruption");
        int readable = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] bad = [.. record];
            for (int k = random.NextInt32(4); k >= 0; k--) bad[random.NextInt32(i % 2 == 0 ? bad.Length : 8)] = random.NextInt32(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.NextUInt64() };
            if (Reads(bad)) readable++;
        }
        Assert.InRange(readable, 1000, 3999);
    }

    [Theory]
    [InlineData(0, 2, "its version is 2; this program reads version 1")]
    [InlineData(2, 136, "its header claims 136 bytes")]
    [InlineData(2, 145, "its header claims 145 bytes")]
    [InlineData(7, 3, "it claims 3 stages")]
    [InlineData(7, 65, "it claims 65 stages")]
    public void Parse_WrongHead_SaysWhat(int at, byte value, string sentence)
    {
        byte[] record = Golden();
        record[at] = value;
        var error = Assert.Throws<InvalidDataException>(() => CycleRecord.Parse(record));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SectionLongerThanTheRecord_IsRefused()
    {
        byte[] record = Golden();
        foreach (uint length in (uint[])[17, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF9, uint.MaxValue])
        {
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(216 + 4), length);
            var error = Record.Exception(() => Reads(record));
            Assert.True(error is null, $"length {length}: {error}");
        }
    }

    [Fact]
    public void Parse_HeaderOfALaterVersion_IsReadByItsStatedLength()
    {
        // A header may grow at its end: what follows moves, and nothing else.
        byte[] record = Golden();
        byte[] grown = [.. record[..144], .. new byte[16], .. record[144..]];
        grown[2] = 160;
        CycleRecord a = CycleRecord.Parse(record), b = CycleRecord.Parse(grown);
        Assert.Equal(a.StageHash(3), b.StageHash(3));
        Assert.Equal(a.BoundaryNs(4), b.BoundaryNs(4));
        Assert.Equal(a.Section<Twist2>(SectionKind.Applied), b.Section<Twist2>(SectionKind.Applied));
    }

    [Fact]
    public void Section_AbsentOrOfAnotherSize_IsInvalidData()
    {
        Assert.Throws<InvalidDataException>(() => CycleRecord.Parse(Golden()).Section<float>(SectionKind.PeriodValues));
        Assert.Throws<InvalidDataException>(() => CycleRecord.Parse(Golden()).Section<double>(SectionKind.Sample));
        Assert.Throws<ArgumentOutOfRangeException>(() => CycleRecord.Parse(Golden()).Status(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => CycleRecord.Parse(Golden()).BoundaryNs(5));
    }

    private static bool Reads(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var record = CycleRecord.Parse(bytes);
            _ = (record.CycleId, record.Tag, record.Dt, record.Lateness, record.Rung, record.Clock, record.Flags, record.Measured, record.Energy.TotalMicrojoule, record.StateHash);
            for (int i = 0; i < record.StageCount; i++) _ = (record.Status(i), record.Quanta(i), record.StageHash(i), record.BoundaryNs(i + 1));
            for (int kind = 0; kind < 20; kind++) record.TrySection((SectionKind)kind, out _);
            new ReplayFeed("test").Load(bytes);
            new CycleComparer(Description(record.StageCount)).Compare(record, CycleRecord.Parse(Golden()));
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static LoopDescription Description(int stages) =>
        new("test", [.. Enumerable.Range(0, stages).Select(i => $"stage {i}")], PeriodGrid.Default.Shortest, PeriodGrid.Default.Count, nameof(Reading), nameof(Reading), nameof(Twist2), RecordedClock.Sim);

    private static string HashOf(byte[] record, int at) => Convert.ToHexString(record, at, 8);

    private static byte[] Golden()
    {
        var sink = new ReplayRig.Catch { Clock = RecordedClock.Sim };
        var loop = new ControlLoop<Reading, Reading, Twist2>(
            new LoopOptions { Name = "golden", Seed = 1, MeasuredDecisions = false },
            new LoopStages<Reading, Reading, Twist2>
            {
                Sensor = new GoldenSensor(), Perceive = PerceiverChain<Reading, Reading>.Of(new GoldenPerceiver()), Policy = new GoldenPolicy(), Actuator = new WildActuator(new FaultDice(0, 0)),
                Rules = new TwistRules { MaxLinearChange = 1000, MaxAngularChange = 1000 }, Pacer = new FixedPacer(2), Sample = default, Percept = default, Sinks = [sink],
            },
            new SimClock(), new ScriptedMeasure { DefaultStep = 10 });
        loop.Start();
        loop.RunOnce();
        loop.RunOnce();
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.PeerLost, Value = 0, Request = SensingRequest.None });
        loop.RunOnce();
        return sink.Buffer.Written.ToArray();
    }

    private sealed class GoldenSensor : ISensor<Reading>
    {
        public string Name => "sense";

        public StageStatus Sense(in SensingRequest request, ref Reading sample, ref SensorReport report, in CycleContext context)
        {
            sample = new Reading(context.CycleId, 3);
            (report.ValidFrom, report.ValidTo, report.Items, report.Dropped) = (context.Now - Duration.FromMilliseconds(1), context.Now, 7, 3);
            report.Applied = new SensorApplied { Sectors = request.Sectors, EventThreshold = 1, Coverage = 0.5f };
            return StageStatus.Ok;
        }
    }

    private sealed class GoldenPerceiver : IPerceiver<Reading, Reading>
    {
        public string Name => "perceive";

        public StageStatus Perceive(in Reading sample, ref Reading percept, in CycleContext context)
        {
            percept = new Reading(sample.X, 4);
            return StageStatus.Ok;
        }
    }

    private sealed class GoldenPolicy : IPolicy<Reading, Twist2>
    {
        public string Name => "decide";

        public StageStatus Decide(in Reading percept, ref Decision<Twist2> decision, in CycleContext context)
        {
            decision.Action = new Twist2(0.25f, 0.5f);
            return StageStatus.Ok;
        }
    }

    /// <summary>Reads back what was written of each cycle and compares it with the cycle itself.</summary>
    private sealed class Compare : ICycleSink
    {
        private readonly CycleBuffer _buffer = new();

        public int Compared { get; private set; }

        public void OnCycle(Cycle of)
        {
            var cycle = (TypedCycle<Reading, Reading, Twist2>)of;
            CycleRecordWriter.Write(cycle, RecordedClock.Real, _buffer);
            var record = CycleRecord.Parse(_buffer.Written);
            Assert.Equal((cycle.Id, cycle.Tag, cycle.Dt, cycle.DtPlanned, cycle.Lateness), (record.CycleId, record.Tag, record.Dt, record.DtPlanned, record.Lateness));
            Assert.Equal((cycle.Rung, cycle.RungReason, cycle.Flags, cycle.PeriodIndex, cycle.PeriodReason), (record.Rung, record.RungReason, record.Flags, record.PeriodIndex, record.PeriodReason));
            Assert.Equal((cycle.StateHash, cycle.Report.Trust, cycle.Report.Applied.Coverage, cycle.Report.Items, cycle.Report.Dropped), (record.StateHash, record.Trust, record.Coverage, record.Items, record.Dropped));
            Assert.Equal(cycle.Energy, record.Energy);
            Assert.Equal(RecordedClock.Real, record.Clock);
            Assert.Equivalent(cycle.Measured, record.Measured, strict: true);
            Assert.Equal(cycle.Statuses.Length, record.StageCount);
            for (int i = 0; i < record.StageCount; i++)
                Assert.Equal((cycle.Statuses[i], cycle.Quanta[i], cycle.StageHashes[i], cycle.BoundariesNs[i + 1]), (record.Status(i), (ushort)record.Quanta(i), record.StageHash(i), record.BoundaryNs(i + 1)));
            Assert.Equal(cycle.Statuses[0].HasOutput, record.TrySection(SectionKind.Sample, out _));
            if (cycle.Statuses[0].HasOutput) Assert.Equal(cycle.Sample, record.Section<Reading>(SectionKind.Sample));
            Assert.Equal(cycle.Statuses[^3].HasOutput, record.TrySection(SectionKind.Percept, out _));
            if (cycle.Statuses[^3].HasOutput) Assert.Equal(cycle.Percept, record.Section<Reading>(SectionKind.Percept));
            Assert.True(record.TrySection(SectionKind.Decision, out var decision));
            var back = Decision<Twist2>.None;
            back.Thaw(decision);
            Assert.Equivalent(cycle.Decision, back, strict: true);
            Assert.Equivalent(cycle.Request, record.Section<SensingRequest>(SectionKind.Request), strict: true);
            Assert.Equivalent(cycle.Sensed, record.Section<SensorReport>(SectionKind.Sensed), strict: true);
            Assert.Equal(cycle.Applied, record.Section<Twist2>(SectionKind.Applied));
            Assert.Equal(cycle.InputCount > 0, record.TrySection(SectionKind.Inputs, out var inputs));
            Assert.Equal(cycle.InputCount * LoopInput.FrozenBytes, inputs.Length);
            Assert.Equal(cycle.PeriodValues.Any(v => v != 0), record.TrySection(SectionKind.PeriodValues, out var values));
            if (values.Length > 0) Assert.Equal(cycle.PeriodValues, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(values).ToArray());
            var feed = new ReplayFeed("test");
            feed.Load(_buffer.Written);
            Assert.Equal(cycle.InputCount, feed.Inputs.Length);
            for (int i = 0; i < cycle.InputCount; i++) Assert.Equal((cycle.Inputs[i].Kind, cycle.Inputs[i].Value, cycle.Inputs[i].Arrived), (feed.Inputs[i].Kind, feed.Inputs[i].Value, feed.Inputs[i].Arrived));
            Compared++;
        }
    }
}
