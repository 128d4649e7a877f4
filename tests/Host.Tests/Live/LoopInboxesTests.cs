using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class LoopInboxesTests
{
    [Fact]
    public void Submit_ToALoop_ArrivesWithItsTime()
    {
        using var a = new RunningLoop("a");
        using var b = new RunningLoop("b");
        var inboxes = new LoopInboxes([a.Loop, b.Loop], i => Stamp.FromSeconds(i + 1));
        Assert.True(inboxes.Submit("b", LoopInputKind.PeriodCap, 8));
        Assert.False(a.Loop.Inbox.TryRead(out _));
        Assert.True(b.Loop.Inbox.TryRead(out var input));
        Assert.Equal((LoopInputKind.PeriodCap, 8.0, Stamp.FromSeconds(2)), (input.Kind, input.Value, input.Arrived));
        Assert.False(inboxes.Submit("c", LoopInputKind.PeriodCap, 8));
        Assert.True(inboxes.SubmitAll(LoopInputKind.RungFloor, 2));
        Assert.True(a.Loop.Inbox.TryRead(out _) && b.Loop.Inbox.TryRead(out _));
    }

    [Fact]
    public void Submit_ManyThreads_LosesAndInventsNothing()
    {
        using var running = new RunningLoop("a");
        var loop = running.Loop;
        var inboxes = new LoopInboxes([loop], _ => Stamp.Zero);
        const int Threads = 4, Each = 20_000;
        long sent = 0, got = 0, sum = 0, wanted = 0;
        using var begin = new Barrier(Threads + 1);
        var writers = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            begin.SignalAndWait();
            for (int i = 1; i <= Each; i++)
            {
                while (!inboxes.Submit("a", LoopInputKind.PeriodCap, i)) Thread.Yield(); // a full inbox refuses
                Interlocked.Increment(ref sent);
                Interlocked.Add(ref wanted, i);
            }
        })).ToArray();
        foreach (var writer in writers) writer.Start();
        begin.SignalAndWait();
        while (got < Threads * Each)
        {
            if (!loop.Inbox.TryRead(out var input))
            {
                Thread.Yield();
                continue;
            }
            got++;
            sum += (long)input.Value;
        }
        foreach (var writer in writers) writer.Join();
        Assert.Equal((sent, wanted), (got, sum));
        Assert.False(loop.Inbox.TryRead(out _));
    }
}
