using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class MessageRingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(96)]
    [InlineData(1000)]
    public void Constructor_SizeNotPowerOfTwoFrom64_SaysSo(int bytes)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new MessageRing("loop/records", bytes));
        Assert.Contains("Ring 'loop/records': its size must be a power of two", e.Message, StringComparison.Ordinal);
    }

    // The model is a queue of whole messages with the place of each on an endless tape, of which the ring holds the last bytes.
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(1024)]
    public void Operations_RandomLengthsOverManyLaps_BehaveLikeAQueue(int capacity)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = RandomStream.For(seed, "ring");
            var ring = new MessageRing("model", capacity);
            var model = new Queue<(int Kind, byte[] Bytes, long End)>();
            long head = 0, tail = 0, most = 0, written = 0, read = 0, refused = 0;
            for (int step = 0; step < 2000; step++)
            {
                if (random.NextInt32(5) < 3)
                {
                    byte[] bytes = Message((int)written, random.NextInt32(ring.MaxMessage + 1));
                    int kind = random.NextInt32(1000), size = 8 + (bytes.Length + 7 & ~7);
                    long left = capacity - tail % capacity, start = size <= left ? tail : tail + left;
                    bool fits = start + size - head <= capacity;
                    Assert.Equal(fits, ring.TryWrite(kind, bytes));
                    if (!fits)
                    {
                        refused++;
                        continue;
                    }
                    tail = start + size;
                    model.Enqueue((kind, bytes, tail));
                    written++;
                    most = Math.Max(most, tail - head);
                }
                else
                {
                    bool any = ring.TryPeek(out int kind, out var message);
                    Assert.Equal(model.TryDequeue(out var expected), any);
                    Assert.Equal(!any, ring.IsEmpty);
                    if (!any) continue;
                    Assert.Equal(expected.Kind, kind);
                    Assert.Equal(expected.Bytes, message.ToArray());
                    Assert.True(ring.TryPeek(out _, out var again) && again.SequenceEqual(message)); // a look takes nothing
                    ring.Advance();
                    head = expected.End;
                    read++;
                }
            }
            Assert.Equal(most, ring.HighWater);
            Assert.Equal((written, read, 0), (ring.Written, ring.Read, ring.Dropped));
            Assert.True(written * 16 > 3 * capacity && refused > 0, "too little happened to show anything");
        }
    }

    [Fact]
    public void TryWrite_LongerThanHalfTheRing_IsRefusedAndNothingChanges()
    {
        var ring = new MessageRing("long", 256);
        Assert.Equal(120, ring.MaxMessage);
        Assert.False(ring.TryWrite(1, new byte[121]));
        Assert.True(ring.IsEmpty);
        Assert.Equal((0, 0, 0), (ring.Written, ring.Dropped, ring.HighWater));
        // The longest message fits wherever the lap stands, as long as nothing waits.
        for (int i = 0; i < 100; i++)
        {
            Assert.True(ring.TryWrite(2, new byte[i % 7 * 8]));
            Read(ring);
            Assert.True(ring.TryWrite(3, Message(i, 120)));
            Assert.Equal(Message(i, 120), Read(ring));
        }
    }

    [Fact]
    public void TryWrite_Full_IsRefusedAndWhatWaitsStays()
    {
        var ring = new MessageRing("full", 128);
        for (int i = 0; i < 4; i++) Assert.True(ring.TryWrite(i, Message(i, 24)));
        Assert.Equal(128, ring.HighWater);
        for (int i = 0; i < 3; i++) Assert.False(ring.TryWrite(9, []));
        Assert.Equal(4, ring.Written);
        for (int i = 0; i < 4; i++) Assert.Equal(Message(i, 24), Read(ring));
        Assert.True(ring.IsEmpty);
        Assert.True(ring.TryWrite(9, []));
    }

    [Fact]
    public void TryWrite_DoesNotFitBeforeTheEnd_LiesInOnePieceBehindIt()
    {
        var ring = new MessageRing("wrap", 128);
        ring.TryWrite(1, Message(1, 48));
        ring.TryWrite(2, Message(2, 24)); // 56 + 32 = 88 bytes; 40 are left in this lap
        Read(ring);
        Read(ring);
        Assert.True(ring.TryWrite(3, Message(3, 40))); // 48 bytes: starts the next lap
        Assert.True(ring.TryPeek(out int kind, out var message));
        Assert.Equal(3, kind);
        Assert.Equal(Message(3, 40), message.ToArray());
        Assert.Equal((2, 3), (ring.Read, ring.Written)); // the padding is no message
    }

    [Fact]
    public void HighWater_ReaderKeepsUp_IsWhatReallyWaited()
    {
        var ring = new MessageRing("calm", 1024);
        for (int i = 0; i < 500; i++)
        {
            ring.TryWrite(1, Message(i, 24));
            Read(ring);
        }
        // One message of 32 bytes waited at a time, and at most the end of a lap with it.
        Assert.InRange(ring.HighWater, 32, 64);
    }

    [Fact]
    public void TryWrite_NegativeKind_IsRefusedLoudly() => Assert.Throws<ArgumentOutOfRangeException>(() => new MessageRing("kinds", 64).TryWrite(-1, []));

    [Fact]
    public void CountDropped_Twice_AddsMessagesAndBytes()
    {
        var ring = new MessageRing("drops", 64);
        ring.CountDropped(10);
        ring.CountDropped(32);
        Assert.Equal((2, 42), (ring.Dropped, ring.DroppedBytes));
    }

    [Fact]
    public void TwoThreads_RefusedMessagesRetried_ArriveWholeAndInOrder()
    {
        const int Messages = 300_000;
        var ring = new MessageRing("soak", 1024);
        var writer = new Thread(() =>
        {
            var buffer = new byte[256];
            for (int i = 0; i < Messages; i++)
            {
                int length = (int)(i * 2654435761L % 250);
                Fill(buffer.AsSpan(0, length), i);
                while (!ring.TryWrite(i & 0xFFFF, buffer.AsSpan(0, length))) Thread.Yield();
            }
        });
        writer.Start();
        int bad = 0;
        for (int i = 0; i < Messages;)
        {
            if (!ring.TryPeek(out int kind, out var message))
            {
                Thread.Yield();
                continue;
            }
            bool whole = kind == (i & 0xFFFF) && message.Length == i * 2654435761L % 250;
            for (int k = 0; whole && k < message.Length; k++) whole = message[k] == (byte)(i + k);
            if (!whole) bad++;
            ring.Advance();
            i++;
        }
        writer.Join();
        Assert.Equal(0, bad);
        Assert.Equal((Messages, Messages), (ring.Written, ring.Read));
        Assert.True(ring.IsEmpty);
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var ring = new MessageRing("quiet", 256);
        byte[] message = Message(1, 40);
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                if (!ring.TryWrite(i, message)) ring.CountDropped(message.Length);
            }
            while (ring.TryPeek(out _, out _)) ring.Advance();
        });
    }

    private static byte[] Message(int number, int length)
    {
        var bytes = new byte[length];
        Fill(bytes, number);
        return bytes;
    }

    private static void Fill(Span<byte> bytes, int number)
    {
        for (int k = 0; k < bytes.Length; k++) bytes[k] = (byte)(number + k);
    }

    private static byte[] Read(MessageRing ring)
    {
        Assert.True(ring.TryPeek(out _, out var message));
        byte[] bytes = message.ToArray();
        ring.Advance();
        return bytes;
    }
}
