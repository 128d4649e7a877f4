using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public sealed class FleetWorkerTests
{
    [Theory]
    [InlineData(TaskClass.Exclusive)]
    [InlineData(TaskClass.Idempotent)]
    public void Step_OneTask_GoesThroughItsPhasesAndDoesItOnce(TaskClass type)
    {
        using var bench = new WorkerBench { Arrives = false }.With(WorkerBench.Task("a", type));
        bench.AwaitPhase(FleetPhase.Driving);
        Assert.Equal((1, 1f), (bench.Body.Goals[^1].Id, (float)bench.Body.Goals[^1].X));
        bench.Run(2);
        Assert.Equal(FleetPhase.Driving, bench.Worker.Phase);
        bench.Body.Arrive();
        bench.AwaitPhase(FleetPhase.Working);
        Assert.Equal("a", bench.Node.UnderWay);
        Assert.False(bench.Shared.WasDone("a"));
        // Time at work counts from when it stands.
        bench.Body.IsAtRest = false;
        bench.Run(2);
        Assert.Equal(FleetPhase.Working, bench.Worker.Phase);
        bench.Body.IsAtRest = true;
        bench.Await(() => bench.Board.Find("a") is { State: TaskState.Done, By: "r1" }, "the board has noted it");
        bench.Run(5);
        Assert.Equal((FleetPhase.Idle, 1, 0, 0), (bench.Worker.Phase, bench.Worker.Done, bench.Worker.GivenUp, bench.Shared.DoneTwice));
        Assert.Null(bench.Worker.Task);
    }

    [Fact]
    public void Step_ExclusiveTask_WaitsForTheLeaseAtItsPlace()
    {
        using var bench = new WorkerBench().With(WorkerBench.Task("a"));
        bench.AwaitPhase(FleetPhase.Waiting);
        // Nobody votes before the longest lease of an earlier start has run out.
        Assert.Equal(StartVerdict.NoLease, bench.Node.MayStart("a", bench.Now));
        bench.AwaitPhase(FleetPhase.Working);
        Assert.True(bench.Now >= Stamp.Zero + FleetJobs.Lease.Longest);
        bench.AwaitPhase(FleetPhase.Committing);
        Assert.False(bench.Shared.WasDone("a"));
        bench.Await(() => bench.Shared.WasDone("a"), "the commit is granted");
    }

    [Fact]
    public void Step_LeaseLostAtWork_GivesUpBeforeTheAct()
    {
        using var bench = new WorkerBench().With(WorkerBench.Task("a") with { Seconds = 20 });
        bench.AwaitPhase(FleetPhase.Working);
        int stops = bench.Body.Stops;
        bench.Cut(40);
        bench.Await(() => bench.Worker.GivenUp == 1, "the task is given up");
        Assert.Contains("Task a was given up: the lease was lost.", bench.Said);
        Assert.False(bench.Shared.WasDone("a"));
        Assert.True(bench.Body.Stops > stops);
    }

    [Fact]
    public void Step_CutOffWhileCommitting_DoesNothingItCannotUndo()
    {
        using var bench = new WorkerBench().With(WorkerBench.Task("a"));
        bench.AwaitPhase(FleetPhase.Working);
        bench.Cut(30);
        bench.Await(() => bench.Worker.GivenUp == 1, "the lease runs out unanswered");
        Assert.False(bench.Shared.WasDone("a"));
        Assert.Contains("Task a was given up: the lease was lost.", bench.Said);
        // Whole again the fleet goes on: the same robot or another one, once.
        bench.Await(() => bench.Board.Find("a")!.State != TaskState.Open || bench.Shared.WasDone("a"), "somebody decides", 120);
        Assert.Equal(0, bench.Shared.DoneTwice);
    }

    [Fact]
    public void Step_GateRefuses_GivesUp()
    {
        var gate = new RefusingEffects();
        using var bench = new WorkerBench(gate).With(WorkerBench.Task("a"));
        bench.Await(() => bench.Worker.GivenUp == 1, "the task is given up");
        Assert.Contains("Task a was given up: the fencing gate refused it.", bench.Said);
        Assert.NotEqual(0UL, gate.Token);
        Assert.Equal(TaskState.Open, bench.Board.Find("a")!.State);
    }

    [Fact]
    public void Step_PlaceNotReached_GivesUpInTime()
    {
        using var bench = new WorkerBench { Arrives = false }.With(WorkerBench.Task("a"));
        bench.AwaitPhase(FleetPhase.Driving);
        var from = bench.Now;
        bench.Await(() => bench.Worker.GivenUp == 1, "the task is given up");
        // 30 s, and 5 s for the one metre.
        Assert.InRange((bench.Now - from).Seconds, 35, 35.2);
        Assert.Contains("Task a was given up: its place was not reached in time.", bench.Said);
        Assert.Equal(Unassigned.GivenUp, bench.Node.WhyUnassigned("a", bench.Now));
    }

    [Fact]
    public void Step_GoalTakenAway_IsSetAgain()
    {
        using var bench = new WorkerBench { Arrives = false }.With(WorkerBench.Task("a"));
        bench.AwaitPhase(FleetPhase.Driving);
        bench.Body.Stop();
        bench.Run(0.1);
        Assert.Equal(2, bench.Body.Goals.Count);
        Assert.Equal(2, bench.Body.Goal.Id);
    }

    [Fact]
    public void Step_IdleWhereAnotherHasToWork_DrivesBackToWhereItStarted()
    {
        using var bench = new WorkerBench().With(WorkerBench.Task("a", x: 5), WorkerBench.Task("b", x: 5.4));
        bench.Await(() => bench.Node.AssignmentLength == 2, "both are its own");
        bench.Outbid("b");
        bench.Await(() => bench.Worker.Done == 1, "the first is done");
        bench.Await(() => bench.Body.Position.X == 0, "it is back where it started");
        Assert.Equal(FleetPhase.Idle, bench.Worker.Phase);
    }

    [Fact]
    public void Step_TaskTakenByAnotherWhileDriving_StopsOrTurnsToTheNext()
    {
        using var bench = new WorkerBench { Arrives = false }.With(WorkerBench.Task("a"), WorkerBench.Task("b", x: 5));
        bench.Await(() => bench.Worker is { Phase: FleetPhase.Driving, Task.Id: "a" } && bench.Node.AssignmentLength == 2, "it drives to the first");
        bench.Outbid("a");
        bench.Await(() => bench.Worker.Task?.Id == "b", "it turns to the second");
        Assert.Equal(5, bench.Body.Goal.X);
        bench.Outbid("b");
        bench.Await(() => bench.Worker.Phase == FleetPhase.Idle, "nothing is left");
        Assert.False(bench.Body.HasGoal);
        Assert.Equal((0, 0), (bench.Worker.Done, bench.Worker.GivenUp));
    }

    [Fact]
    public void Step_TaskCancelledWhileDriving_StopsThere()
    {
        using var bench = new WorkerBench { Arrives = false }.With(WorkerBench.Task("a"));
        bench.AwaitPhase(FleetPhase.Driving);
        bench.Board.Cancel("a", "not wanted any more");
        bench.AwaitPhase(FleetPhase.Idle);
        Assert.False(bench.Body.HasGoal);
    }

    [Fact]
    public void Step_BrokerAway_DoesIdempotentTasksAlone()
    {
        using var bench = new WorkerBench().With(WorkerBench.Task("a", TaskClass.Idempotent), WorkerBench.Task("b", x: 2));
        bench.Await(() => bench.Node.AssignmentLength == 2, "it knows both");
        bench.Cut(30);
        bench.Run(20);
        Assert.True(bench.Shared.WasDone("a"));
        Assert.False(bench.Shared.WasDone("b"));
        Assert.Equal(1, bench.Worker.Done);
        bench.Await(() => bench.Board.Unfinished == 0, "whole again, all is done", 120);
        Assert.Equal(0, bench.Shared.DoneTwice);
    }

    [Fact]
    public void Step_LeaseDoesNotCome_TurnsToWhatNeedsNoneAndBackAgain()
    {
        using var bench = new WorkerBench().With(WorkerBench.Task("a"), WorkerBench.Task("b", TaskClass.Idempotent, x: 4));
        bench.Await(() => bench.Node.AssignmentLength == 2, "it knows both");
        Assert.Equal("a", bench.Node.Assignment(0).Id);
        bench.Cut(60);
        bench.Run(9);
        Assert.Equal((FleetPhase.Waiting, "a"), (bench.Worker.Phase, bench.Worker.Task?.Id));
        bench.Run(10);
        Assert.True(bench.Shared.WasDone("b"));
        Assert.False(bench.Shared.WasDone("a"));
        bench.Await(() => bench.Board.Unfinished == 0, "whole again, all is done", 120);
        Assert.Equal((0, 2), (bench.Shared.DoneTwice, bench.Worker.Done));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Step_AfterAKillBetweenActAndReport_LooksWhetherItWasDone(bool done)
    {
        var dying = new DyingEffects { Does = done };
        using var bench = new WorkerBench(dying).With(WorkerBench.Task("a"));
        dying.Dies = true;
        Assert.Throws<InvalidOperationException>(() => bench.Run(60));
        bench.Kill();
        Assert.NotEmpty(bench.Store.Keys("commit/"));
        Assert.Equal(done, dying.WasDone("a"));
        dying.Dies = false;
        bench.Start();
        bench.Await(() => bench.Board.Find("a")!.State == TaskState.Done, "the task comes to its end", 120);
        Assert.Contains($"Task a was interrupted by a restart; {(done ? "it was done" : "it was not done")}.", bench.Said);
        Assert.Equal(1, dying.Times);
        // Not done: opened anew under another revision.
        Assert.Equal(done ? 0u : 1u, bench.Board.Find("a")!.Revision);
    }

    private sealed class RefusingEffects : ITaskEffects
    {
        public ulong Token { get; private set; }

        public bool TryDo(string task, ulong token)
        {
            Token = token;
            return false;
        }

        public bool WasDone(string task) => false;
    }

    /// <summary>Ends the program in the middle of the act.</summary>
    private sealed class DyingEffects : ITaskEffects
    {
        public bool Dies { get; set; }

        public bool Does { get; init; }

        public int Times { get; private set; }

        public bool TryDo(string task, ulong token)
        {
            if (!Dies || Does) Times++;
            return Dies ? throw new InvalidOperationException("killed") : true;
        }

        public bool WasDone(string task) => Times > 0;
    }
}
