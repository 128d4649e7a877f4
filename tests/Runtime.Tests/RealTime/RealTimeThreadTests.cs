namespace EdgeAutonomy.Runtime.Tests;

public class RealTimeThreadTests
{
    private sealed class FakeSystem : IRealTimeSystem
    {
        public List<string> Calls { get; } = [];

        public bool IsSupported { get; init; } = true;

        public int ProcessorCount => 4;

        public int FifoError { get; init; }

        public int AffinityError { get; init; }

        public int SlackError { get; init; }

        public int LockError { get; init; }

        public long? Budget { get; init; } = -1;

        public int SetFifo(int priority) => Log($"fifo {priority}", FifoError);

        public int SetAffinity(ReadOnlySpan<ulong> mask) => Log($"affinity {mask[0]:X} {mask[1]:X} of {mask.Length}", AffinityError);

        public int SetTimerSlack(long nanoseconds) => Log($"slack {nanoseconds}", SlackError);

        public int LockMemory() => Log("lock", LockError);

        public long? RealTimeBudgetMicroseconds() => Budget;

        private int Log(string call, int error)
        {
            Calls.Add(call);
            return error;
        }
    }

    private static readonly RealTimeOptions Everything = new() { Scheduler = RealTimeScheduler.Fifo, Priority = 70, Affinity = [1, 3, 64], LockMemory = true };

    [Fact]
    public void Apply_EverythingPermitted_MakesEverySettingAndFindsNothing()
    {
        var system = new FakeSystem();
        Assert.Empty(RealTimeThread.Apply(Everything, system));
        Assert.Equal(["affinity A 1 of 16", "fifo 70", "slack 1", "lock"], system.Calls);
    }

    [Fact]
    public void Apply_Defaults_OnlyLowersTheTimerSlack()
    {
        var system = new FakeSystem();
        Assert.Empty(RealTimeThread.Apply(new RealTimeOptions(), system));
        Assert.Equal(["slack 1"], system.Calls);
    }

    [Fact]
    public void Apply_EverythingRefused_ReportsEachWithKeyErrorAndRemedyAndGoesOn()
    {
        var system = new FakeSystem { FifoError = 1, AffinityError = 22, SlackError = 1, LockError = 12 };
        var findings = RealTimeThread.Apply(Everything, system);
        Assert.Equal(
            [("RealTime:Affinity", true, 22), ("RealTime:Scheduler", true, 1), ("RealTime", false, 1), ("RealTime:LockMemory", true, 12)],
            findings.Select(f => (f.Setting, f.IsFailure, f.ErrorNumber)));
        Assert.Contains("CAP_SYS_NICE", findings[1].Remedy, StringComparison.Ordinal);
        Assert.Contains("LimitMEMLOCK", findings[3].Remedy, StringComparison.Ordinal);
        Assert.All(findings, f => Assert.NotEmpty(f.Remedy));
    }

    [Fact]
    public void Apply_StrictAndRefused_ThrowsWithAllFailures()
    {
        var system = new FakeSystem { FifoError = 1, LockError = 1 };
        var e = Assert.Throws<InvalidOperationException>(() => RealTimeThread.Apply(Everything with { OnError = RealTimeErrorPolicy.Strict }, system));
        Assert.Contains("RealTime:Scheduler: SCHED_FIFO 70 was refused (error 1)", e.Message, StringComparison.Ordinal);
        Assert.Contains("RealTime:LockMemory", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_StrictWithAdviceOnly_DoesNotThrow()
    {
        var findings = RealTimeThread.Apply(Everything with { OnError = RealTimeErrorPolicy.Strict }, new FakeSystem { Budget = 950_000 });
        Assert.False(Assert.Single(findings).IsFailure);
        Assert.Contains("950000", findings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Apply_PriorityOutOfRange_IsAFinding(int priority)
    {
        var system = new FakeSystem();
        var finding = Assert.Single(RealTimeThread.Apply(Everything with { Priority = priority, Affinity = [] }, system));
        Assert.Equal($"RealTime:Priority: Priority is {priority}; must be in [1, 99].", finding.ToString());
        Assert.DoesNotContain(system.Calls, c => c.StartsWith("fifo", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void Apply_ProcessorOutOfRange_IsAFinding(int processor)
    {
        var system = new FakeSystem();
        var finding = Assert.Single(RealTimeThread.Apply(new RealTimeOptions { Affinity = [0, processor] }, system));
        Assert.Equal("RealTime:Affinity", finding.Setting);
        Assert.Equal(["slack 1"], system.Calls);
    }

    [Fact]
    public void Apply_OtherSystem_SaysSoAndFailsOnlyWhenSomethingWasAskedFor()
    {
        var system = new FakeSystem { IsSupported = false };
        Assert.False(Assert.Single(RealTimeThread.Apply(new RealTimeOptions(), system)).IsFailure);
        Assert.True(Assert.Single(RealTimeThread.Apply(Everything, system)).IsFailure);
        Assert.Empty(system.Calls);
    }

    // On a thread of its own, so that no other test inherits the priority. Whether FIFO is permitted depends on the machine; both answers
    // must come back as data.
    [SkippableFact]
    public void Apply_OnTheMachine_AnswersWithFindingsInsteadOfThrowing()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The real-time calls exist on Linux only.");
        IReadOnlyList<RealTimeFinding>? findings = null;
        var thread = new Thread(() => findings = RealTimeThread.Apply(new RealTimeOptions { Scheduler = RealTimeScheduler.Fifo, Priority = 1, Affinity = [0] }));
        thread.Start();
        thread.Join();
        Assert.NotNull(findings);
        Assert.All(findings.Where(f => f.IsFailure), f => Assert.NotEqual(0, f.ErrorNumber));
        var refused = new LinuxRealTimeSystem().SetAffinity(new ulong[16]); // an empty set: EINVAL on every Linux, which proves that errors arrive
        Assert.Equal(22, refused);
    }
}
