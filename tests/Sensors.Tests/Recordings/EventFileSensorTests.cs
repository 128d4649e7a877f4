using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Sensors.Tests;

public sealed class EventFileSensorTests : IDisposable
{
    private const long FirstUs = 11_000_000;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sensor-{Environment.ProcessId}-{Interlocked.Increment(ref s_number)}.raw");
    private readonly Event[] _events = Streams.Random(new RandomStream(2), 200, 100, 40_000, FirstUs, 300);
    private static int s_number;

    public EventFileSensorTests()
    {
        using var writer = EventFile.Create(_path, EventFormat.Evt2, 200, 100);
        writer.Write(_events);
    }

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(PlaybackPace.Recorded, 1.0)]
    [InlineData(PlaybackPace.AsFastAsPossible, 1.0)]
    [InlineData(PlaybackPace.Scaled, 0.25)]
    [InlineData(PlaybackPace.Scaled, 3.0)]
    public void Sense_CycleByCycle_HandsOutEveryEventInItsWindow(PlaybackPace pace, double scale)
    {
        using var sensor = new EventFileSensor(_path, new EventFileSensorOptions { Pace = pace, Scale = scale });
        sensor.Start();
        var packet = new EventPacket(50_000);
        var all = new List<Event>();
        var report = SensorReport.Empty;
        Stamp now = Stamp.FromSeconds(1000);
        Assert.Equal(StageStatus.Ok, Sense(sensor, ref packet, ref report, now));
        Assert.Equal(0, packet.Count);
        for (int cycle = 1; cycle < 100_000 && !sensor.EndOfStream; cycle++)
        {
            Stamp last = now;
            now = last + Duration.FromMilliseconds(7);
            long end = _events[0].TimeUs + (long)Math.Floor(cycle * 7000 * scale);
            Assert.Equal(StageStatus.Ok, Sense(sensor, ref packet, ref report, now));
            Assert.Equal(end, packet.EndUs);
            Assert.All(packet.Events.ToArray(), e => Assert.InRange(e.TimeUs, packet.StartUs, packet.EndUs - 1));
            Assert.Equal((last, now, packet.Count), (report.ValidFrom, report.ValidTo, report.Items));
            all.AddRange(packet.Events);
        }
        Assert.Equal(_events, all);
        Assert.Equal(StageStatus.NoOutput, Sense(sensor, ref packet, ref report, now + Duration.FromMilliseconds(7)));
        Assert.Equal((0L, 0L), (sensor.LateEvents, sensor.DroppedEvents));
    }

    [Fact]
    public void Sense_UnalignedStart_TakesTheClockAsTheRecordingsTime()
    {
        using var sensor = new EventFileSensor(_path, new EventFileSensorOptions { Pace = PlaybackPace.AsFastAsPossible, AlignStart = false });
        sensor.Start();
        var packet = new EventPacket(50_000);
        var report = SensorReport.Empty;
        Sense(sensor, ref packet, ref report, Stamp.FromMicroseconds(FirstUs - 500));
        Assert.Equal(0, packet.Count);
        Sense(sensor, ref packet, ref report, Stamp.FromMicroseconds(FirstUs + 10_000));
        Assert.Equal(_events.TakeWhile(e => e.TimeUs < FirstUs + 10_000), packet.Events.ToArray());
    }

    [Fact]
    public void Sense_RegionRequested_FiltersAndReportsWhatItDid()
    {
        using var sensor = new EventFileSensor(_path);
        sensor.Start();
        var packet = new EventPacket(50_000);
        var report = SensorReport.Empty;
        Sense(sensor, ref packet, ref report, Stamp.Zero);
        var region = new PixelRegion(150, 20, 100, 25);
        var request = SensingRequest.None with { Region = region, EventThreshold = 0.5f };
        Assert.Equal(StageStatus.Ok, sensor.Sense(request, ref packet, ref report, new CycleContext { Now = Stamp.FromSeconds(100) }));
        Assert.Equal(_events.Where(e => region.Contains(e.X, e.Y)), packet.Events.ToArray());
        Assert.Equal((region, 1f), (report.Applied.Region, report.Applied.EventThreshold));
        // 50 of the region's 100 columns lie on the sensor: 50 · 25 of 200 · 100 pixels.
        Assert.Equal(50 * 25 / 20_000f, report.Applied.Coverage);
    }

    [Fact]
    public void Sense_PacketTooSmall_DropsAndCounts()
    {
        using var sensor = new EventFileSensor(_path);
        sensor.Start();
        var packet = new EventPacket(100);
        var report = SensorReport.Empty;
        Sense(sensor, ref packet, ref report, Stamp.Zero);
        Sense(sensor, ref packet, ref report, Stamp.FromSeconds(100));
        Assert.Equal((100, 39_900L, 39_900u, 39_900L), (packet.Count, packet.Dropped, report.Dropped, sensor.DroppedEvents));
        Assert.Equal(_events.Take(100), packet.Events.ToArray());
        Assert.True(sensor.EndOfStream);
    }

    [Fact]
    public void Sense_AfterWarmUp_AllocatesNothing()
    {
        using var sensor = new EventFileSensor(_path);
        sensor.Start();
        var packet = new EventPacket(10_000);
        var report = SensorReport.Empty;
        int i = 0;
        Assert.Equal(0, Allocations.Least(8, _ =>
        {
            for (int end = i + 50; i < end; i++) Sense(sensor, ref packet, ref report, new Stamp(i * 200_000L));
        }));
        Assert.False(sensor.EndOfStream);
    }

    [Fact]
    public void Thaw_FrozenMidway_GoesOnWithTheSamePackets()
    {
        using var sensor = new EventFileSensor(_path);
        using var other = new EventFileSensor(_path);
        sensor.Start();
        other.Start();
        var packet = new EventPacket(10_000);
        var twin = new EventPacket(10_000);
        var report = SensorReport.Empty;
        for (int i = 0; i < 200; i++) Sense(sensor, ref packet, ref report, new Stamp(i * 200_000L));
        var state = new ArrayBufferWriter<byte>();
        sensor.Freeze(state);
        other.Thaw(state.WrittenSpan);
        Assert.Equal(Hash(sensor), Hash(other));
        for (int i = 200; i < 250; i++)
        {
            Assert.Equal(StageStatus.Ok, Sense(sensor, ref packet, ref report, new Stamp(i * 200_000L)));
            Sense(other, ref twin, ref report, new Stamp(i * 200_000L));
            Assert.Equal(packet.Events.ToArray(), twin.Events.ToArray());
            Assert.Equal(Hash(sensor), Hash(other));
        }
        Assert.Throws<InvalidDataException>(() => other.Thaw(new byte[63]));
    }

    [Fact]
    public void Start_MissingFile_Throws() => Assert.Throws<FileNotFoundException>(() => new EventFileSensor(_path + ".no").Start());

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Constructor_BadScale_IsRefused(double scale) =>
        Assert.Throws<ArgumentException>(() => new EventFileSensor(_path, new EventFileSensorOptions { Pace = PlaybackPace.Scaled, Scale = scale }));

    [Fact]
    public void Sense_NotStarted_Fails()
    {
        var packet = new EventPacket(1);
        var report = SensorReport.Empty;
        using var sensor = new EventFileSensor(_path);
        Assert.Equal(StageStatus.Failed(FailureCode.Unavailable), Sense(sensor, ref packet, ref report, Stamp.Zero));
    }

    private static ulong Hash(EventFileSensor sensor)
    {
        var hasher = new StateHasher(0);
        sensor.AddTo(ref hasher);
        return hasher.Value;
    }

    private static StageStatus Sense(EventFileSensor sensor, ref EventPacket packet, ref SensorReport report, Stamp now) =>
        sensor.Sense(SensingRequest.None, ref packet, ref report, new CycleContext { Now = now });
}
