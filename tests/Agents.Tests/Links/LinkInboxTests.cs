using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>What an inbox keeps and what it loses.</summary>
public class LinkInboxTests
{
    private readonly LinkMessage _message = new();

    [Fact]
    public void Put_SameTopicTwice_LatestKeepsTheNewestInItsPlace()
    {
        var inbox = new LinkInbox(16);
        Put(inbox, InboxQueue.Latest, "a", "1");
        Put(inbox, InboxQueue.Latest, "b", "2");
        Put(inbox, InboxQueue.Latest, "a", "3");
        Assert.Equal(["a=3", "b=2"], Drain(inbox));
        Assert.Equal((3, 1, 0), (inbox.Received, inbox.Replaced, inbox.Dropped));
    }

    [Fact]
    public void Put_MoreTopicsThanFit_LatestLosesTheOldest()
    {
        var inbox = new LinkInbox(8);
        for (int i = 0; i < 3; i++) Assert.Equal(i < 2, Put(inbox, InboxQueue.Latest, $"t{i}", "x"));
        Assert.Equal(["t1=x", "t2=x"], Drain(inbox));
        Assert.Equal(1, inbox.DroppedIn(InboxQueue.Latest));
    }

    [Fact]
    public void Put_FullOfCommandsWithoutWait_LosesTheNewest()
    {
        var inbox = new LinkInbox(8, commandWaitMs: 0);
        for (int i = 0; i < 6; i++) Assert.Equal(i < 4, Put(inbox, InboxQueue.Commands, "c", $"{i}"));
        Assert.Equal(["c=0", "c=1", "c=2", "c=3"], Drain(inbox));
        Assert.Equal((2, 2), (inbox.DroppedIn(InboxQueue.Commands), inbox.Dropped));
    }

    [Fact]
    public void Put_FullOfCommandsAndReaderTakes_WaitsAndKeepsAll()
    {
        // A wait far longer than any scheduling delay: the test ends as soon as the reader makes room.
        var inbox = new LinkInbox(8, commandWaitMs: 60_000);
        for (int i = 0; i < 4; i++) Put(inbox, InboxQueue.Commands, "c", $"{i}");
        var writer = new Thread(() => Put(inbox, InboxQueue.Commands, "c", "4"));
        writer.Start();
        // Until the writer waits inside the inbox, nothing shows that it would have had to.
        Assert.True(SpinWait.SpinUntil(() => inbox.Received == 5 && writer.ThreadState.HasFlag(ThreadState.WaitSleepJoin), 30_000));
        var got = new List<string>();
        while (got.Count < 5 && inbox.Wait(TimeSpan.FromSeconds(30))) got.AddRange(Drain(inbox));
        writer.Join();
        Assert.Equal(["c=0", "c=1", "c=2", "c=3", "c=4"], got);
        Assert.Equal(0, inbox.Dropped);
    }

    [Fact]
    public void Put_FullOfBulk_LosesTheOldest()
    {
        var inbox = new LinkInbox(16);
        for (int i = 0; i < 6; i++) Put(inbox, InboxQueue.Bulk, "b", $"{i}");
        Assert.Equal(["b=2", "b=3", "b=4", "b=5"], Drain(inbox));
        Assert.Equal(2, inbox.DroppedIn(InboxQueue.Bulk));
    }

    [Fact]
    public void TryTake_AllQueues_CommandsFirstAndBulkLast()
    {
        var inbox = new LinkInbox(16);
        Put(inbox, InboxQueue.Bulk, "b", "1");
        Put(inbox, InboxQueue.Latest, "l", "2");
        Put(inbox, InboxQueue.Commands, "c", "3");
        Assert.Equal(["c=3", "l=2", "b=1"], Drain(inbox));
    }

    [Fact]
    public void Put_BulkFlood_LeavesRoomForCommands()
    {
        var inbox = new LinkInbox(16);
        for (int i = 0; i < 1000; i++) Put(inbox, InboxQueue.Bulk, "b", "x");
        Assert.True(Put(inbox, InboxQueue.Commands, "c", "1"));
        Assert.Equal("c=1", Drain(inbox)[0]);
    }

    [Fact]
    public void TryTake_Empty_LeavesTheMessageAsItWas()
    {
        var inbox = new LinkInbox(16);
        Put(inbox, InboxQueue.Commands, "c", "1");
        Assert.True(inbox.TryTake(_message));
        Assert.False(inbox.TryTake(_message));
        Assert.Equal("c", Encoding.UTF8.GetString(_message.Topic));
        Assert.False(inbox.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void Put_RandomTraffic_LatestIsAsAModelSays()
    {
        // 200 topics in a table for 64: probing, removal and wrap-around all happen.
        var random = new RandomStream(5);
        var inbox = new LinkInbox(256);
        var model = new List<(string Topic, string Payload)>();
        for (int i = 0; i < 50_000; i++)
        {
            if (random.NextInt32(3) > 0)
            {
                var (topic, payload) = ($"r{random.NextInt32(200)}/beacon", $"{i}");
                Put(inbox, InboxQueue.Latest, topic, payload);
                int at = model.FindIndex(m => m.Topic == topic);
                if (at >= 0) model[at] = (topic, payload);
                else
                {
                    if (model.Count == 64) model.RemoveAt(0);
                    model.Add((topic, payload));
                }
            }
            else if (inbox.TryTake(_message))
            {
                Assert.Equal(model[0], (Encoding.UTF8.GetString(_message.Topic), Encoding.UTF8.GetString(_message.Payload)));
                model.RemoveAt(0);
            }
            Assert.Equal(model.Count, inbox.Count);
        }
    }

    [Fact]
    public void PutAndTake_Warm_AllocateNothing()
    {
        var inbox = new LinkInbox(64);
        byte[] topic = Encoding.UTF8.GetBytes("ea/v1/site/r/r17/beacon"), payload = new byte[300];
        EdgeAutonomy.Tests.Allocations.AssertNone(() =>
        {
            inbox.Put(InboxQueue.Latest, topic, payload, false, 0, 1);
            inbox.Put(InboxQueue.Latest, topic, payload, false, 0, 2);
            inbox.Put(InboxQueue.Commands, topic, payload, false, 0, 3);
            inbox.Put(InboxQueue.Bulk, topic, payload, false, 0, 4);
            while (inbox.TryTake(_message))
            {
            }
        });
    }

    private static bool Put(LinkInbox inbox, InboxQueue queue, string topic, string payload) =>
        inbox.Put(queue, Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload), false, 0, 0);

    private static List<string> Drain(LinkInbox inbox)
    {
        var got = new List<string>();
        var message = new LinkMessage();
        while (inbox.TryTake(message)) got.Add($"{Encoding.UTF8.GetString(message.Topic)}={Encoding.UTF8.GetString(message.Payload)}");
        return got;
    }
}
