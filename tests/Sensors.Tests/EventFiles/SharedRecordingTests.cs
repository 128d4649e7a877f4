using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Sensors.Tests;

public class SharedRecordingTests
{
    private const string Gen3 = "prophesee/gen3_640x480_evt2_50ms.raw", Gen41 = "prophesee/gen41_1280x720_evt3_9ms.raw",
        GenX320 = "prophesee/genx320_evt2_headerless_left_gesture.bin", Nmnist = "misc/nmnist_original_sample.bin";

    public static TheoryData<string, EventFormat, int, int> Recordings => new()
    {
        { Gen3, EventFormat.Evt2, 640, 480 },
        { Gen41, EventFormat.Evt3, 1280, 720 },
        { GenX320, EventFormat.Evt2, 320, 320 },
        { Nmnist, EventFormat.Nmnist, 34, 34 },
        { "nmnist-small/1.bs2", EventFormat.Nmnist, 34, 34 },
        { "nmnist-small/60001.bs2", EventFormat.Nmnist, 34, 34 },
    };

    [SkippableTheory]
    [MemberData(nameof(Recordings))]
    public void Read_SharedRecording_GivesTheOraclesSums(string file, EventFormat format, int width, int height)
    {
        string path = SharedData.Require("events/" + file);
        var expected = ExpectedSums.Of(file);
        using var reader = EventFile.Open(path, OptionsFor(file));
        Assert.Equal((format, width, height), (reader.Info.Format, reader.Info.Width, reader.Info.Height));
        if (expected.TryGetProperty("header_bytes", out var header)) Assert.Equal(header.GetInt32(), reader.Info.HeaderBytes);
        ExpectedSums.AssertEqual(expected, ExpectedSums.ReadAll(reader));
        Assert.True(reader.EndOfStream);
        Assert.Equal(0, reader.Decoder.Counters.EventsDropped);
        Assert.Equal(0, reader.Decoder.Counters[DecoderViolation.TruncatedTail]);
        if (expected.TryGetProperty("word_types", out var types))
        {
            var payload = File.ReadAllBytes(path).AsSpan(reader.Info.HeaderBytes);
            Assert.Equal(types.EnumerateArray().Select(v => v.GetInt64()), Histogram(payload, format));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Recordings))]
    public void Statistics_SharedRecording_GivesTheOraclesSums(string file, EventFormat format, int width, int height)
    {
        var expected = ExpectedSums.Of(file);
        var sums = EventFileStatistics.Of(SharedData.Require("events/" + file), OptionsFor(file));
        Assert.Equal((format, width, height), (sums.Info!.Format, sums.Info.Width, sums.Info.Height));
        Assert.Equal(expected.GetProperty("events").GetInt64(), sums.Events);
        Assert.Equal(expected.GetProperty("on").GetInt64(), sums.On);
        Assert.Equal(sums.Events - sums.On, sums.Off);
        Assert.Equal(expected.GetProperty("sum_x").GetInt64(), sums.SumX);
        Assert.Equal(expected.GetProperty("sum_y").GetInt64(), sums.SumY);
        Assert.Equal(expected.GetProperty("t_first").GetInt64(), sums.TFirstUs);
        Assert.Equal(expected.GetProperty("t_last").GetInt64(), sums.TLastUs);
        Assert.Equal(0, sums.Dropped);
    }

    [SkippableFact]
    public void Read_AllNmnistSamples_GivesTheOraclesSums()
    {
        string folder = SharedData.Require("events/nmnist-small");
        var expected = ExpectedSums.Of("nmnist-small/*.bs2");
        string[] files = Directory.GetFiles(folder, "*.bs2");
        var buffer = new Event[16384];
        long events = 0, on = 0, x = 0, y = 0, t = 0, fewest = long.MaxValue, most = 0, shortest = long.MaxValue, longest = 0, violations = 0;
        foreach (string file in files)
        {
            using var reader = EventFile.Open(file);
            int n = reader.Read(buffer);
            Assert.Equal(0, reader.Read(buffer));
            var all = buffer.AsSpan(0, n);
            foreach (var e in all)
            {
                on += e.Polarity;
                x += e.X;
                y += e.Y;
                t += e.TimeUs;
            }
            events += n;
            (fewest, most) = (Math.Min(fewest, n), Math.Max(most, n));
            long duration = all[^1].TimeUs - all[0].TimeUs;
            (shortest, longest) = (Math.Min(shortest, duration), Math.Max(longest, duration));
            violations += reader.Decoder.Counters.Total;
        }
        long Expected(string key) => expected.GetProperty(key).GetInt64();
        Assert.Equal(Expected("files"), files.Length);
        Assert.Equal((Expected("events"), Expected("on"), Expected("sum_x"), Expected("sum_y"), Expected("sum_t")), (events, on, x, y, t));
        Assert.Equal((Expected("min_events"), Expected("max_events")), (fewest, most));
        Assert.Equal((Expected("min_duration_us"), Expected("max_duration_us")), (shortest, longest));
        Assert.Equal(0, violations);
    }

    [SkippableTheory]
    [InlineData(Gen3, 1317888)]
    [InlineData(Gen41, 0xB2C << 12)]
    public void Read_ShiftedOrigin_SubtractsTheFirstTimeHigh(string file, long shift)
    {
        string path = SharedData.Require("events/" + file);
        using var reader = EventFile.Open(path, new EventFileOptions { TimeOrigin = TimeOrigin.Shifted });
        var shifted = ExpectedSums.ReadAll(reader);
        Assert.Equal(shift, reader.Decoder.ShiftUs);
        Assert.Equal(ExpectedSums.ReadAll(path).Select(e => e.TimeUs - shift), shifted.Select(e => e.TimeUs));
    }

    [SkippableTheory]
    [InlineData("prophesee/ncars_sample.dat", "DAT")]
    [InlineData("aedat/davis346_lz4_evts_frme_imus_trig.aedat4", "AEDAT4")]
    [InlineData("aedat/v2e_moving-dot_davis346.aedat", "AEDAT2")]
    [InlineData("eventstream/dvs.es", "Event Stream")]
    [InlineData("ros2/test_events_2_0.mcap", "MCAP")]
    [InlineData("ros2/libcaer_rollover_0.db3", "rosbag2")]
    public void Open_FormatWithoutADecoder_NamesIt(string file, string name)
    {
        string path = SharedData.Require("events/" + file);
        var error = Assert.Throws<NotSupportedException>(() => EventFile.Open(path));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_HeaderlessCaptureWithoutOptions_SaysWhichOptionsAreMissing()
    {
        string path = SharedData.Require("events/" + GenX320);
        Assert.Contains("format, width and height", Assert.Throws<InvalidDataException>(() => EventFile.Open(path)).Message, StringComparison.Ordinal);
        var noSize = new EventFileOptions { Format = EventFormat.Evt2 };
        Assert.Contains("sensor size unknown", Assert.Throws<InvalidDataException>(() => EventFile.Open(path, noSize)).Message, StringComparison.Ordinal);
    }

    private static EventFileOptions OptionsFor(string file) =>
        file == GenX320 ? new EventFileOptions { Format = EventFormat.Evt2, Width = 320, Height = 320 } : EventFileOptions.None;

    private static long[] Histogram(ReadOnlySpan<byte> payload, EventFormat format)
    {
        var counts = new long[16];
        if (format == EventFormat.Evt2)
        {
            foreach (uint w in MemoryMarshal.Cast<byte, uint>(payload)) counts[w >> 28]++;
        }
        else
        {
            foreach (ushort w in MemoryMarshal.Cast<byte, ushort>(payload)) counts[w >> 12]++;
        }
        return counts;
    }
}
