using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies.Tests;

/// <summary>A network that chooses motion and period together, with everything round it.</summary>
public class JointPolicyTests
{
    private static readonly PeriodGrid Grid = new(Duration.FromMilliseconds(4), 6);
    private static readonly GovernorOptions Governor = new() { GrowDwellCycles = 0 };
    private static readonly GoToGoalOptions Robot = new() { StartRestSecond = 0, MotorTimeConstantSecond = Arena.MotorLag };

    [Fact]
    public void SectorOf_EveryDegree_IsTheSectorOfItsAngle()
    {
        for (int degree = 0; degree < 360; degree++)
        {
            double angle = (degree + 0.5) * Math.PI / 180;
            int expected = (int)Math.Floor((degree + 0.5 + 15) / 30) % 12;
            Assert.Equal(expected, JointObservation.SectorOf((float)(3 * Math.Cos(angle)), (float)(3 * Math.Sin(angle))));
        }
    }

    // A network of random weights chooses as badly as anything can: what it may choose must be safe all the same.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decide_RandomNetworkAmongMovers_NeverBreaksADeadlineNorTouchesWhatStands(ulong seed)
    {
        var driver = new JointDriver(Robot, Grid, Governor);
        using var policy = Policy(driver, seed);
        var arena = Arena.Random(seed, pillars: 4, movers: 3);
        var governor = new PeriodGovernor(Grid, Governor, 0);
        int shortened = 0, periods = 0;
        var drive = new Drive(arena, policy);
        var next = Grid.Shortest;
        while (arena.Now < Stamp.FromSeconds(20) && !arena.Collided)
        {
            drive.Step(next);
            var d = drive.Decision;
            Assert.InRange(d.PeriodIndex, 0, Grid.Count - 1);
            // Below the shortest period nobody can look; above it the proposal is within what the decision can answer for.
            if (d.PeriodIndex > 0) Assert.True(Grid[d.PeriodIndex] <= d.PeriodLimit, $"{Grid[d.PeriodIndex].Milliseconds} ms proposed, {d.PeriodLimit.Milliseconds} ms can be answered for");
            var choice = governor.Apply(new PeriodChoice((byte)d.PeriodIndex, PeriodReason.Learned), new CycleSummary { PeriodLimit = d.PeriodLimit, TimeToContact = d.TimeToContact, Trust = 1, PeriodIndex = governor.Index });
            if (choice.Index < d.PeriodIndex) shortened++;
            periods++;
            next = Grid[choice.Index];
        }
        Assert.False(arena.Collided && !arena.CollisionWith.Contains("disc", StringComparison.OrdinalIgnoreCase), arena.CollisionWith);
        Assert.True(policy.LearnedShare > 0.3, $"the network decided {policy.LearnedShare:P0}");
        // The mask knows the governor's rules: it leaves hardly anything to shorten, and that only after decisions by rules.
        Assert.True(shortened <= periods * (1 - policy.LearnedShare) + 1, $"{shortened} of {periods} periods were shortened");
    }

    [Fact]
    public void Decide_NetworkThatGivesNoNumber_DrivesByRules()
    {
        var driver = new JointDriver(Robot, Grid, Governor);
        var engine = new BreakableEngine(new ManagedEngine(OnnxModel.Read(PolicyNetworks.Perceptron(driver.Schema.Inputs.Count, driver.Schema.Values, 1)), "test"));
        using var policy = new JointPolicy(new LearnedPolicy(Card(driver.Schema), engine), driver);
        var rules = new GoToGoalPolicy(Robot);
        var percept = Ahead(new Arena(1));
        Decision<Twist2> decision = Decision<Twist2>.None, expected = Decision<Twist2>.None;
        var context = Drive.Context(0, Stamp.FromSeconds(1), Duration.FromMilliseconds(4), new RandomStream(1));
        engine.IsBroken = true;
        var status = policy.Decide(percept, ref decision, context);
        rules.Decide(percept, ref expected, context);
        Assert.Equal(StageOutcome.Degraded, status.Outcome);
        Assert.Equal(expected.Action, decision.Action);
        Assert.Equal(0, policy.LearnedShare);
        Assert.True(decision.Action.Linear > 0, "the robot stands");
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(72, 32)]
    public void FallBack_Driving_HoldsShorterWithoutARangeScan(int beams, int longestMs)
    {
        var driver = new JointDriver(Robot, Grid, Governor);
        float[] seen = new float[driver.Schema.Inputs.Count];
        var percept = Ahead(new Arena(1, beams));
        var decision = Decision<Twist2>.None;
        Assert.True(driver.Look(percept, Drive.Context(0, Stamp.FromSeconds(1), Grid.Shortest, new RandomStream(1)), seen));
        // With a scan there is something to choose; without one the rules drive, though each action has its deadline.
        Assert.Equal(beams > 0, driver.HasChoice);
        Assert.Equal(StageOutcome.Ok, driver.FallBack(ref decision).Outcome);
        Assert.True(decision.Action.Linear > 0, "the robot stands");
        Assert.True(decision.PeriodLimit > Duration.FromMilliseconds(32), $"only {decision.PeriodLimit.Milliseconds} ms: the bound under test is not the one that acts");
        Assert.Equal(Duration.FromMilliseconds(longestMs), Grid[decision.PeriodIndex]);
    }

    // What was scanned a second ago is no scan: the driver must notice that it stopped.
    [Fact]
    public void Look_ScanThatStops_LeavesTheDrivingToTheRules()
    {
        var driver = new JointDriver(Robot, Grid, Governor);
        using var policy = Policy(driver, 1);
        var arena = new Arena(1);
        Ahead(arena);
        var drive = new Drive(arena, policy) { NewGoals = false };
        drive.For(0.5);
        Assert.True(policy.LearnedShare > 0.3, $"the network decided {policy.LearnedShare:P0}");
        arena.Percept.Scan = null;
        drive.For(1);
        Assert.False(driver.HasChoice);
        int longest = 0;
        drive.AfterDecision = d => longest = Math.Max(longest, d.Decision.PeriodIndex);
        drive.For(1);
        Assert.False(arena.Collided, arena.CollisionWith);
        Assert.True(Grid[longest] <= Duration.FromMilliseconds(8), $"held for {Grid[longest].Milliseconds} ms");
    }

    [Fact]
    public void Decide_OdometryThatIsNoPlace_Fails()
    {
        var driver = new JointDriver(Robot, Grid, Governor);
        using var policy = Policy(driver, 1);
        var percept = Ahead(new Arena(1));
        percept.Odometry = percept.Odometry with { Pose = new Pose2(double.NaN, 0, 0) };
        var decision = Decision<Twist2>.None;
        Assert.True(policy.Decide(percept, ref decision, Drive.Context(0, Stamp.FromSeconds(1), Duration.FromMilliseconds(4), new RandomStream(1))).IsFailed);
        Assert.Equal(Twist2.Rest, decision.Action);
    }

    [Fact]
    public void Constructor_PolicyOfAnotherRobot_IsRefused()
    {
        var fast = new JointDriver(Robot with { MaxSpeedMetrePerSecond = 2 }, Grid, Governor);
        var slow = new JointDriver(Robot, Grid, Governor);
        Assert.NotEqual(fast.Schema.Hash, slow.Schema.Hash);
        using var learned = new LearnedPolicy(Card(fast.Schema), new ManagedEngine(OnnxModel.Read(PolicyNetworks.Perceptron(fast.Schema.Inputs.Count, fast.Schema.Values, 1)), "test"));
        Assert.Contains("contract", Assert.Throws<InvalidDataException>(() => new JointPolicy(learned, slow)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thaw_InTheMiddleOfADrive_GoesOnBitForBitAndRefusesCutBytes()
    {
        using var b = Policy(new JointDriver(Robot, Grid, Governor), 4);
        using var straight = Policy(new JointDriver(Robot, Grid, Governor), 4);
        var first = new Drive(Arena.Random(4, 3, 2), straight);
        var frozen = new ArrayBufferWriter<byte>();
        first.For(3, 16);
        straight.Freeze(frozen);
        b.Thaw(frozen.WrittenSpan);
        ulong Hash(JointPolicy p)
        {
            var h = new StateHasher();
            p.AddTo(ref h);
            return h.Value;
        }
        Assert.Equal(Hash(straight), Hash(b));
        var (x, y) = (Decision<Twist2>.None, Decision<Twist2>.None);
        for (int i = 0; i < 50; i++)
        {
            var context = Drive.Context((ulong)(1000 + i), Stamp.FromSeconds(3.016 + 0.016 * i), Duration.FromMilliseconds(16), new RandomStream(1));
            straight.Decide(first.Arena.Percept, ref x, context);
            b.Decide(first.Arena.Percept, ref y, context);
            Assert.Equal((x.Action, x.PeriodIndex, x.PeriodLimit), (y.Action, y.PeriodIndex, y.PeriodLimit));
        }
        Assert.Equal(Hash(straight), Hash(b));
        byte[] bytes = frozen.WrittenSpan.ToArray();
        foreach (int length in (ReadOnlySpan<int>)[0, 4, 7, 12, 19, bytes.Length / 2, bytes.Length - 1]) Assert.ThrowsAny<Exception>(() => b.Thaw(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void LearnedPacer_RandomCycles_StaysWithinDeadlineAndGrid()
    {
        var schema = LearnedPacer.SchemaFor(Grid);
        using var pacer = new LearnedPacer(new LearnedPolicy(Card(schema), new ManagedEngine(OnnxModel.Read(PolicyNetworks.Perceptron(schema.Inputs.Count, schema.Values, 3)), "test")), Grid);
        var random = new RandomStream(5);
        var seen = new HashSet<int>();
        float[] values = new float[Grid.Count];
        for (int i = 0; i < 200_000; i++)
        {
            var summary = new CycleSummary
            {
                PeriodIndex = (byte)random.NextInt32(6), StepError = random.NextInt32(4) == 0 ? float.NaN : (float)Math.Exp(4 * random.NextGaussian()), Trust = (float)random.NextDouble(),
                TimeToContact = random.NextInt32(3) == 0 ? float.PositiveInfinity : (float)random.NextDouble(-0.1, 3), PeriodLimit = random.NextInt32(3) == 0 ? Duration.Unlimited : Duration.FromMilliseconds(random.NextDouble(0, 300)),
            };
            var choice = pacer.Next(summary, values);
            Assert.Equal(PeriodReason.Learned, choice.Reason);
            if (choice.Index > 0 && Grid[choice.Index] > LearnedPacer.Deadline(summary, 0.1)) Assert.Fail($"{Grid[choice.Index].Milliseconds} ms with {LearnedPacer.Deadline(summary, 0.1).Milliseconds} ms to the deadline");
            seen.Add(choice.Index);
        }
        Assert.True(seen.Count >= 3, "the network always chooses the same");
        Assert.Contains(values, v => v != 0);
        Assert.Throws<InvalidDataException>(() => new LearnedPacer(new LearnedPolicy(Card(schema), new ManagedEngine(OnnxModel.Read(PolicyNetworks.Perceptron(schema.Inputs.Count, schema.Values, 3)), "test")), PeriodGrid.Default));
    }

    [Fact]
    public void Decide_ManyTimes_AllocatesNothing()
    {
        var driver = new JointDriver(Robot, Grid, Governor);
        using var policy = Policy(driver, 2);
        var arena = Arena.Random(2, 3, 2);
        new Drive(arena, policy).For(3);
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var decision = Decision<Twist2>.None;
            for (int i = 0; i < 200; i++) policy.Decide(arena.Percept, ref decision, new CycleContext { CycleId = (ulong)i, Now = arena.Now + Duration.FromMilliseconds(8 * (i + 1)), Dt = Duration.FromMilliseconds(8) });
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    private static Percept Ahead(Arena arena)
    {
        arena.AddRoom(10, 8);
        (arena.X, arena.Y, arena.Heading) = (2, 4, 0);
        arena.Goal = new Goal(1, 8, 4, 0.3f);
        arena.Sense();
        return arena.Percept;
    }

    private static PolicyCard Card(PolicySchema schema) => new() { Name = "test", Schema = schema };

    private static JointPolicy Policy(JointDriver driver, ulong seed) =>
        new(new LearnedPolicy(Card(driver.Schema), new ManagedEngine(OnnxModel.Read(PolicyNetworks.Perceptron(driver.Schema.Inputs.Count, driver.Schema.Values, seed)), "test")), driver);
}
