using System.Runtime.InteropServices;
using EdgeAutonomy.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAutonomy.Runtime.Tests;

public class SpscRingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Constructor_CapacityNotPowerOfTwo_SaysSo(int capacity)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new SpscRing<int>("camera", capacity));
        Assert.Contains("Ring 'camera': capacity must be a power of two", e.Message, StringComparison.Ordinal);
    }

    // Commands: 0..5 write, 6..8 read, 9 peek, 10 clear; long enough that a ring of up to 8 wraps many times.
    [Theory]
    [InlineData(RingFullPolicy.DropNewest)]
    [InlineData(RingFullPolicy.Refuse)]
    public void Operations_AnySequence_BehaveLikeABoundedQueue(RingFullPolicy policy)
    {
        var commands = Gen.Choose(0, 10).ArrayOf(200).ToArbitrary();
        var log2 = Gen.Choose(0, 3).ToArbitrary();
        Prop.ForAll(commands, log2, (steps, bits) => MatchesModel(steps, 1 << bits, policy)).Check(Config.QuickThrowOnFailure);
    }

    private static bool MatchesModel(int[] steps, int capacity, RingFullPolicy policy)
    {
        var ring = new SpscRing<string>("model", capacity, policy);
        var model = new Queue<string>();
        long written = 0, read = 0, dropped = 0;
        int highWater = 0, number = 0;
        foreach (int step in steps)
        {
            if (step <= 5)
            {
                string item = $"item {number++}";
                bool fits = model.Count < capacity;
                if (ring.TryWrite(item) != fits) return false;
                if (fits)
                {
                    model.Enqueue(item);
                    written++;
                }
                else if (policy == RingFullPolicy.DropNewest)
                {
                    dropped++;
                }
                highWater = Math.Max(highWater, model.Count);
            }
            else if (step <= 8)
            {
                bool any = model.TryDequeue(out string? expected);
                if (ring.TryRead(out string item) != any || item != expected) return false;
                if (any) read++;
            }
            else if (step == 9)
            {
                bool any = model.TryPeek(out string? expected);
                if (ring.TryPeek(out string item) != any || item != expected) return false;
            }
            else
            {
                read += model.Count;
                model.Clear();
                ring.Clear();
            }
            if (ring.Written != written || ring.Read != read || ring.Dropped != dropped) return false;
            if (ring.Count != model.Count || ring.HighWater != highWater) return false;
        }
        return true;
    }

    [Fact]
    public void TryWrite_FullRing_CountsExactlyTheLostItems()
    {
        var ring = new SpscRing<int>("drops", 4);
        for (int i = 0; i < 11; i++) ring.TryWrite(i);
        Assert.Equal((4, 7, 4), (ring.Written, ring.Dropped, ring.HighWater));
        for (int i = 0; i < 4; i++)
        {
            Assert.True(ring.TryRead(out int item));
            Assert.Equal(i, item);
        }
        Assert.False(ring.TryRead(out _));
    }

    [Fact]
    public void TryRead_References_AreLetGo()
    {
        var ring = new SpscRing<object>("references", 4);
        var weak = WriteAndRead(ring);
        GC.Collect();
        Assert.False(weak.IsAlive);
        GC.KeepAlive(ring);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference WriteAndRead(SpscRing<object> ring)
        {
            ring.TryWrite(new object());
            ring.TryRead(out object item);
            return new WeakReference(item);
        }
    }

    [Fact]
    public void TwoThreads_RefusedItemsRetried_ArriveCompleteAndInOrder()
    {
        const int Items = 2_000_000;
        var ring = new SpscRing<Checked>("soak", 64, RingFullPolicy.Refuse);
        var writer = new Thread(() =>
        {
            for (long i = 0; i < Items; i++)
            {
                while (!ring.TryWrite(new Checked(i))) Thread.Yield();
            }
        });
        writer.Start();
        long expected = 0, bad = 0;
        while (expected < Items)
        {
            if (!ring.TryRead(out var item))
            {
                Thread.Yield();
                continue;
            }
            if (!item.IsWhole || item.Number != expected) bad++;
            expected++;
        }
        writer.Join();
        Assert.Equal(0, bad);
        Assert.Equal((Items, Items, 0), (ring.Written, ring.Read, ring.Dropped));
        Assert.InRange(ring.HighWater, 1, 64);
    }

    [Fact]
    public void TwoThreads_SlowReader_EveryItemIsReadOrCountedAsDropped()
    {
        const int Items = 500_000;
        var ring = new SpscRing<Checked>("lossy", 16);
        bool done = false;
        var writer = new Thread(() =>
        {
            for (long i = 0; i < Items; i++) ring.TryWrite(new Checked(i));
            Volatile.Write(ref done, true);
        });
        writer.Start();
        long last = -1, read = 0, bad = 0;
        while (true)
        {
            bool finished = Volatile.Read(ref done); // before the look: nothing can come after an empty look that follows "done"
            if (ring.TryRead(out var item))
            {
                if (!item.IsWhole || item.Number <= last) bad++;
                last = item.Number;
                read++;
            }
            else if (finished)
            {
                break;
            }
        }
        writer.Join();
        Assert.Equal(0, bad);
        Assert.Equal(read, ring.Read);
        Assert.Equal(Items, ring.Written + ring.Dropped);
        Assert.Equal(ring.Written, ring.Read);
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var ring = new SpscRing<Checked>("quiet", 8);
        Allocations.AssertNone(() =>
        {
            for (long i = 0; i < 12; i++) ring.TryWrite(new Checked(i));
            ring.TryPeek(out _);
            while (ring.TryRead(out _)) { }
            _ = ring.Count + ring.Fill + ring.Dropped;
        });
    }

    [Fact]
    public void Cursors_WriterAndReader_Are128BytesApart()
    {
        long EndOf(string field) => Marshal.OffsetOf<RingCursors>(field) + sizeof(long);
        Assert.True(Marshal.OffsetOf<RingCursors>(nameof(RingCursors.Tail)) >= 128);
        Assert.True(Marshal.OffsetOf<RingCursors>(nameof(RingCursors.Head)) - EndOf(nameof(RingCursors.HighWater)) >= 128);
        Assert.True(Marshal.SizeOf<RingCursors>() - EndOf(nameof(RingCursors.CachedTail)) >= 128);
        Assert.True(Marshal.OffsetOf<MailboxState>(nameof(MailboxState.Back)) - Marshal.OffsetOf<MailboxState>(nameof(MailboxState.Middle)) - sizeof(int) >= 128);
        Assert.True(Marshal.OffsetOf<MailboxState>(nameof(MailboxState.Front)) - Marshal.OffsetOf<MailboxState>(nameof(MailboxState.Overwritten)) - sizeof(long) >= 128);
        Assert.True(Marshal.SizeOf<MailboxState>() - Marshal.OffsetOf<MailboxState>(nameof(MailboxState.Taken)) - sizeof(long) >= 128);
    }

    // Three words that must come from one write: a torn copy does not fit together.
    private readonly record struct Checked(long Number, long Twice, long Inverse)
    {
        public Checked(long number) : this(number, 2 * number, ~number) { }

        public bool IsWhole => Twice == 2 * Number && Inverse == ~Number;
    }
}
