using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class LatestValueTests
{
    [Fact]
    public void TryTake_NothingPublished_ReturnsFalse()
    {
        var mailbox = new LatestValue<int>("empty");
        Assert.False(mailbox.TryTake(out int value));
        Assert.Equal(0, value);
        Assert.False(mailbox.HasFresh);
    }

    [Fact]
    public void TryTake_SeveralPublished_GivesTheNewestOnceAndCountsTheRest()
    {
        var mailbox = new LatestValue<int>("counts");
        for (int i = 1; i <= 5; i++) mailbox.Publish(i);
        Assert.True(mailbox.HasFresh);
        Assert.True(mailbox.TryTake(out int value));
        Assert.Equal(5, value);
        Assert.False(mailbox.TryTake(out value));
        Assert.Equal(5, value);
        Assert.Equal((5, 1, 4), (mailbox.Published, mailbox.Taken, mailbox.Overwritten));
    }

    [Fact]
    public void Statistics_AnyQueue_SpeaksTheSameLanguage()
    {
        var mailbox = new LatestValue<int>("mail");
        var ring = new SpscRing<int>("ring", 2);
        for (int i = 0; i < 3; i++)
        {
            mailbox.Publish(i);
            ring.TryWrite(i);
        }
        mailbox.TryTake();
        ring.TryRead(out _);
        var rows = new IQueueStatistics[] { mailbox, ring }.Select(q => (q.Name, q.Capacity, q.Written, q.Read, q.Dropped, q.HighWater));
        Assert.Equal([("mail", 1, 3, 1, 2, 1), ("ring", 2, 2, 1, 1, 2)], rows);
    }

    [Fact]
    public void Front_WriterGoesOn_StaysTheValueTaken()
    {
        var mailbox = new LatestValue<int>("held");
        mailbox.Publish(7);
        Assert.True(mailbox.TryTake());
        for (int i = 0; i < 10; i++) mailbox.Publish(100 + i);
        Assert.Equal(7, mailbox.Front);
    }

    [Fact]
    public void Back_Objects_AreReusedAndNeverShared()
    {
        var mailbox = new LatestValue<int[]>("objects", () => new int[4]);
        var seen = new HashSet<int[]>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < 100; i++)
        {
            Assert.NotSame(mailbox.Front, mailbox.Back);
            seen.Add(mailbox.Back);
            Array.Fill(mailbox.Back, i);
            mailbox.Publish();
            if (i % 3 == 0) Assert.True(mailbox.TryTake());
            if (i % 3 == 0) Assert.All(mailbox.Front, x => Assert.Equal(i, x));
        }
        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public void TwoThreads_LargePayload_NeverTearsAndNeverGoesBack()
    {
        const long Values = 1_000_000;
        var mailbox = new LatestValue<Payload>("soak");
        var writer = new Thread(() =>
        {
            for (long i = 1; i <= Values; i++)
            {
                ref var back = ref mailbox.Back;
                for (int k = 0; k < Payload.Words; k++) back[k] = i * 0x5851F42D4C957F2D + k;
                back[0] = i;
                mailbox.Publish();
            }
        });
        writer.Start();
        long last = 0, torn = 0, backwards = 0;
        while (last < Values)
        {
            if (!mailbox.TryTake()) continue;
            ref var front = ref mailbox.Front;
            long number = front[0];
            for (int k = 1; k < Payload.Words; k++)
            {
                if (front[k] != number * 0x5851F42D4C957F2D + k) torn++;
            }
            if (number <= last) backwards++;
            last = number;
        }
        writer.Join();
        Assert.Equal((0, 0), (torn, backwards));
        Assert.Equal(Values, mailbox.Published);
        Assert.Equal(Values, mailbox.Taken + mailbox.Overwritten);
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var mailbox = new LatestValue<Payload>("quiet");
        Allocations.AssertNone(() =>
        {
            mailbox.Back[3] = 5;
            mailbox.Publish();
            mailbox.Publish();
            mailbox.TryTake(out _);
        });
    }

    [System.Runtime.CompilerServices.InlineArray(Words)]
    private struct Payload
    {
        public const int Words = 32;
        private long _first;
    }
}
