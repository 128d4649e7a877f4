using System.Text;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors.Tests;

public sealed class EventFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("events").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(EventFormat.Evt2, "a.raw")]
    [InlineData(EventFormat.Evt3, "a.raw")]
    [InlineData(EventFormat.Nmnist, "a.bs2")]
    [InlineData(EventFormat.Nmnist, "a.bin")]
    public void Open_FileWrittenByTheWriter_GivesTheSameEvents(EventFormat format, string name)
    {
        var events = Streams.Random(new RandomStream(4), 34, 34, 40_000, 100, 20);
        string path = Path.Combine(_folder, name);
        using (var writer = EventFile.Create(path, format, 34, 34))
        {
            writer.Write(events.AsSpan(0, 777));
            writer.Write(events.AsSpan(777));
            Assert.Equal(events.Length, writer.EventCount);
        }
        foreach (int buffer in (int[])[16, 17, 4096, 1 << 20])
        {
            using var reader = EventFile.Open(path, new EventFileOptions { BufferBytes = buffer });
            Assert.Equal((format, 34, 34), (reader.Info.Format, reader.Info.Width, reader.Info.Height));
            Assert.Equal(events, ExpectedSums.ReadAll(reader));
            Assert.Equal(0, reader.Read(new Event[1]));
            reader.Rewind();
            Assert.Equal(events, ExpectedSums.ReadAll(reader));
        }
    }

    [Fact]
    public void Open_MissingFile_SaysSo()
    {
        var error = Assert.Throws<FileNotFoundException>(() => EventFile.Open(Path.Combine(_folder, "no.raw")));
        Assert.Contains("no.raw", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Folder_SaysSo() => Assert.Contains("folder", Refused(_folder), StringComparison.Ordinal);

    [Fact]
    public void Open_EmptyFile_SaysSo() => Assert.Contains("empty (0 bytes)", Refused(Make("a.raw", [])), StringComparison.Ordinal);

    [Fact]
    public void Read_HeaderOnly_IsAValidRecordingOfNoEvents()
    {
        var sums = EventFileStatistics.Of(Make("a.raw", RawHeader.Write(EventFormat.Evt3, 1280, 720)));
        Assert.Equal((0L, 0L, 0L, 0.0), (sums.Events, sums.TFirstUs, sums.Violations.Total, sums.EventsPerSecond));
    }

    [Theory]
    [InlineData(EventFormat.Evt2, 4)]
    [InlineData(EventFormat.Evt3, 2)]
    [InlineData(EventFormat.Nmnist, 5)]
    public void Read_FileCutInsideAWord_GivesTheWholeEventsAndCountsTheTail(EventFormat format, int wordBytes)
    {
        var events = Streams.Random(new RandomStream(4), 34, 34, 1000, 100, 20);
        string path = Path.Combine(_folder, "a.bs2");
        using (var writer = EventFile.Create(path, format, 34, 34)) writer.Write(events);
        byte[] bytes = File.ReadAllBytes(path);
        for (int cut = 1; cut < wordBytes; cut++)
        {
            File.WriteAllBytes(path, bytes.AsSpan(0, bytes.Length - cut));
            using var reader = EventFile.Open(path);
            var read = ExpectedSums.ReadAll(reader);
            Assert.Equal(events.Take(read.Count), read);
            Assert.InRange(read.Count, 960, 999);
            Assert.Equal(1, reader.Decoder.Counters[DecoderViolation.TruncatedTail]);
        }
    }

    [Fact]
    public void Open_RandomBytes_SaysWhatToGive()
    {
        var random = new RandomStream(8);
        byte[] bytes = [.. Enumerable.Range(0, 999).Select(_ => (byte)random.NextUInt64())];
        foreach (string name in (string[])["a.raw", "a.bin", "a"]) Assert.Contains("format, width and height", Refused(Make(name, bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RandomBytesWithOptions_CountsViolationsAndEnds()
    {
        var random = new RandomStream(8);
        string path = Make("a.bin", [.. Enumerable.Range(0, 100_000).Select(_ => (byte)random.NextUInt64())]);
        foreach (var format in (EventFormat[])[EventFormat.Evt2, EventFormat.Evt3, EventFormat.Nmnist])
        {
            var sums = EventFileStatistics.Of(path, new EventFileOptions { Format = format, Width = 100, Height = 100 });
            Assert.True(sums.Violations.Total > 100);
            Assert.True(sums.Dropped > 0);
        }
    }

    [Theory]
    [InlineData("89504E470D0A1A0A", "PNG")]
    [InlineData("504B030414000000", "zip")]
    [InlineData("1F8B080000000000", "gzip")]
    [InlineData("FFD8FFE000104A46", "JPEG")]
    [InlineData("934E554D50590100", "NumPy")]
    public void Open_FileOfAnotherKind_NamesIt(string hex, string kind) =>
        Assert.Contains(kind, Refused(Make("a.raw", Convert.FromHexString(hex))), StringComparison.Ordinal);

    [Theory]
    [InlineData("#!AER-DAT4.0\r\n", "AEDAT4")]
    [InlineData("#!AER-DAT3.1\r\n", "AEDAT3")]
    [InlineData("#!AER-DAT2.0\r\n", "AEDAT2")]
    [InlineData("Event Stream\u0002\u0000\u0000", "Event Stream")]
    [InlineData("\u0089HDF\r\n\u001a\n", "HDF5")]
    [InlineData("\u0089MCAP0\r\n", "MCAP")]
    [InlineData("SQLite format 3\0", "SQLite")]
    [InlineData("% Data file containing events.\n% Version 2\n\f\b", "DAT")]
    [InlineData("% format EVT21;height=720;width=1280\n% end\n", "EVT2.1")]
    [InlineData("% format HISTO3D;height=720;width=1280\n% end\n", "HISTO3D")]
    public void Open_FormatWithoutADecoder_NamesIt(string start, string name)
    {
        string path = Make("a.raw", Encoding.Latin1.GetBytes(start));
        Assert.Contains(name, Assert.Throws<NotSupportedException>(() => EventFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OptionsContradictTheHeader_AreRefused()
    {
        string path = Make("a.raw", RawHeader.Write(EventFormat.Evt3, 1280, 720));
        Assert.Contains("1280x720", Refused(path, new EventFileOptions { Width = 640, Height = 480 }), StringComparison.Ordinal);
        Assert.Contains("EVT3", Refused(path, new EventFileOptions { Format = EventFormat.Evt2 }), StringComparison.Ordinal);
        EventFile.Open(path, new EventFileOptions { Format = EventFormat.Evt3, Width = 1280, Height = 720 }).Dispose();
    }

    [Fact]
    public void Open_OptionsAgainstWhatIsOnlyAssumed_Win()
    {
        string path = Make("a.raw", "% system_ID 48\n% end\n"u8.ToArray());
        var info = EventFile.Inspect(path, new EventFileOptions { Format = EventFormat.Evt2, Width = 640, Height = 480 });
        Assert.Equal((EventFormat.Evt2, 640, 480), (info.Format, info.Width, info.Height));
    }

    [Fact]
    public void Read_MonotonicClamp_NeverStepsBackAndKeepsTheCount()
    {
        Event[] events = [new(100, 1, 1, 1), new(90, 2, 2, 0), new(95, 3, 3, 0), new(101, 4, 4, 1)];
        string path = Path.Combine(_folder, "a.raw");
        using (var writer = EventFile.Create(path, EventFormat.Evt2, 34, 34)) writer.Write(events);
        using var reader = EventFile.Open(path, new EventFileOptions { MonotonicClamp = true });
        Assert.Equal([100, 100, 100, 101], ExpectedSums.ReadAll(reader).Select(e => e.TimeUs));
        Assert.Equal(1, reader.Decoder.Counters[DecoderViolation.BackwardsTime]);
    }

    [Theory]
    [InlineData(34, 0)]
    [InlineData(0, 34)]
    public void Write_EventOutsideTheSensor_IsRefusedAndTheOnesBeforeAreKept(int x, int y)
    {
        foreach (var format in (EventFormat[])[EventFormat.Evt2, EventFormat.Evt3, EventFormat.Nmnist])
        {
            var encoder = EventFormats.CreateEncoder(format, 34, 34);
            var writer = new System.Buffers.ArrayBufferWriter<byte>();
            Event[] events = [new(5, 1, 1, 1), new(6, (ushort)x, (ushort)y, 1)];
            Assert.Contains("34x34", Assert.Throws<ArgumentException>(() => encoder.Encode(events, writer)).Message, StringComparison.Ordinal);
            var decoder = EventFormats.CreateDecoder(format, new DecoderOptions(34, 34));
            Assert.Equal([events[0]], DecoderRun.Whole(decoder, writer.WrittenSpan).Events);
        }
    }

    private string Make(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string Refused(string path, EventFileOptions? options = null) => Assert.Throws<InvalidDataException>(() => EventFile.Open(path, options)).Message;
}
