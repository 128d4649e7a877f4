using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class SpikeStreamTests
{
    private const int StepUs = 1000, Steps = 30;

    [Fact]
    public void TryStep_AnyBatches_GiveTheStepsOfTheWholeRecording()
    {
        var random = new RandomStream(71);
        Event[] events = Recording(random);
        // By hand: the events of each step together.
        var network = SpikingNetwork.Compile(DeterminismTests.Convolutions().Graph());
        var input = new SpikeInput(16, 12);
        var expected = new List<ulong>();
        for (int t = 0; t < Steps; t++)
        {
            input.Clear();
            input.Add([.. events.Where(e => e.TimeUs / StepUs == t)]);
            network.Step(input);
            expected.Add(DeterminismTests.Hash(network));
        }
        Assert.True(expected.Distinct().Count() == Steps);
        for (int run = 0; run < 20; run++)
        {
            var other = SpikingNetwork.Compile(DeterminismTests.Convolutions().Graph());
            var stream = new SpikeStream(other, new SpikeInput(16, 12), StepUs);
            stream.Begin(0);
            var hashes = new List<ulong>();
            int at = 0;
            for (long now = 0; now < Steps * StepUs;)
            {
                // Packets from less than a step to several steps long.
                now = Math.Min(now + 1 + random.NextInt32(run % 2 == 0 ? 300 : 4000), Steps * StepUs);
                int end = at;
                while (end < events.Length && events[end].TimeUs < now) end++;
                ReadOnlySpan<Event> packet = events.AsSpan(at, end - at);
                while (stream.TryStep(ref packet, now)) hashes.Add(DeterminismTests.Hash(other));
                Assert.Equal(0, packet.Length);
                at = end;
            }
            Assert.Equal(expected, hashes);
            Assert.Equal((0L, (long)Steps * StepUs), (stream.Late, stream.StepBeginUs));
        }
    }

    [Fact]
    public void TryStep_EventsOfClosedSteps_AreCountedAndLeftOut()
    {
        var network = SpikingNetwork.Compile(DeterminismTests.Convolutions().Graph());
        var stream = new SpikeStream(network, new SpikeInput(16, 12), StepUs);
        stream.Begin(5000);
        ReadOnlySpan<Event> events = [new Event(100, 1, 1, 0), new Event(4999, 1, 1, 0), new Event(5000, 1, 1, 0), new Event(6000, 1, 1, 0)];
        Assert.False(stream.TryStep(ref events, 5999));
        // The one of the next step is not taken yet.
        Assert.Equal((1, 2L, 0L), (events.Length, stream.Late, network.Steps));
        Assert.True(stream.TryStep(ref events, 6000));
        Assert.Equal((1, 1L, 6000L), (events.Length, network.Steps, stream.StepBeginUs));
        Assert.Equal(1, network.Counters(0).SynapticOperations > 0 ? 1 : 0);
        Assert.False(stream.TryStep(ref events, 6000));
        Assert.Equal(0, events.Length);
        stream.Begin(0);
        Assert.Equal((0L, 0L, 0L), (stream.Late, stream.StepBeginUs, network.Steps));
    }

    [Fact]
    public void Thaw_InTheMiddleOfAStep_ContinuesBitForBit()
    {
        var random = new RandomStream(72);
        Event[] events = Recording(random);
        foreach (bool isBinary in (bool[])[false, true])
        {
            SpikingNetwork a = SpikingNetwork.Compile(DeterminismTests.Convolutions().Graph()), b = SpikingNetwork.Compile(DeterminismTests.Convolutions().Graph());
            SpikeStream first = new(a, new SpikeInput(16, 12, isBinary: isBinary), StepUs), second = new(b, new SpikeInput(16, 12, isBinary: isBinary), StepUs);
            ReadOnlySpan<Event> early = events.AsSpan(0, events.Length / 2), late = events.AsSpan(events.Length / 2);
            while (first.TryStep(ref early, early.Length == 0 ? 0 : late[0].TimeUs))
            {
            }
            Assert.NotEqual(late[0].TimeUs, first.StepBeginUs);
            ArrayBufferWriter<byte> network = new(), stream = new();
            a.Freeze(network);
            first.Freeze(stream);
            b.Thaw(network.WrittenSpan);
            second.Thaw(stream.WrittenSpan);
            ReadOnlySpan<Event> again = late;
            while (first.TryStep(ref late, Steps * StepUs))
            {
            }
            while (second.TryStep(ref again, Steps * StepUs))
            {
            }
            Assert.Equal(DeterminismTests.Hash(a), DeterminismTests.Hash(b));
            Assert.Equal((Steps, first.StepBeginUs), (b.Steps, second.StepBeginUs));
            byte[] bytes = stream.WrittenSpan.ToArray();
            for (int n = 0; n < bytes.Length; n += 7) Assert.Throws<InvalidDataException>(() => second.Thaw(bytes.AsSpan(0, n)));
        }
    }

    [Fact]
    public void TryStep_ManySteps_AllocatesNothing()
    {
        Event[] events = Recording(new RandomStream(73));
        var network = SpikingNetwork.Compile(DeterminismTests.Convolutions().Graph());
        var stream = new SpikeStream(network, new SpikeInput(16, 12), StepUs);
        Allocations.AssertNone(() =>
        {
            stream.Begin(0);
            ReadOnlySpan<Event> rest = events;
            while (stream.TryStep(ref rest, Steps * StepUs))
            {
            }
        });
    }

    private static Event[] Recording(RandomStream random)
    {
        long[] times = [.. Enumerable.Range(0, 900).Select(_ => (long)random.NextInt32(Steps * StepUs)).Order()];
        return [.. times.Select(t => new Event(t, (ushort)random.NextInt32(16), (ushort)random.NextInt32(12), (byte)random.NextInt32(2)))];
    }
}
