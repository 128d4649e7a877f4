using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies.Tests;

public class GoToGoalReplayTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(72)]
    public void Decide_SameInputsTwice_SameBits(int beams) => Assert.Equal(Run(beams, 4), Run(beams, 4));

    [Fact]
    public void Decide_OtherInputs_OtherBits() => Assert.NotEqual(Run(72, 4), Run(72, 5));

    [Theory]
    [InlineData(3)]
    [InlineData(250)]
    [InlineData(777)]
    [InlineData(1501)]
    public void Thaw_AtAnyCycle_GoesOnIdentically(int at)
    {
        // Odd cycle numbers fall into the middle of a plan, so the search under way is frozen as well.
        var arena = Arena.Random(11, pillars: 4, movers: 3);
        GoToGoalPolicy first = new(), second = new();
        var random = new RandomStream(1);
        var periods = new RandomStream(2);
        var last = arena.Now;
        for (int c = 0; c < at + 600; c++)
        {
            arena.Sense();
            var percept = arena.Percept;
            var context = Drive.Context((ulong)c, arena.Now, arena.Now - last, random);
            var decision = Decision<Twist2>.None;
            first.Decide(percept, ref decision, context);
            if (c == at)
            {
                var writer = new ArrayBufferWriter<byte>();
                first.Freeze(writer);
                second.Thaw(writer.WrittenSpan);
                Assert.Equal(Hash(first), Hash(second));
            }
            else if (c > at)
            {
                var again = Decision<Twist2>.None;
                second.Decide(percept, ref again, context);
                Assert.Equal(decision.Action, again.Action);
                Assert.Equal(decision.Request.Sectors, again.Request.Sectors);
                Assert.Equal(decision.PeriodLimit, again.PeriodLimit);
                Assert.Equal(BitConverter.SingleToInt32Bits(decision.StepError), BitConverter.SingleToInt32Bits(again.StepError));
                Assert.Equal(Hash(first), Hash(second));
            }
            last = arena.Now;
            arena.Step(decision.Action, decision.Request, Duration.FromMilliseconds(1 << periods.NextInt32(5)));
        }
    }

    [Fact]
    public void Thaw_WrongLength_SaysSo()
    {
        var policy = new GoToGoalPolicy();
        var writer = new ArrayBufferWriter<byte>();
        policy.Freeze(writer);
        var e = Assert.Throws<InvalidDataException>(() => policy.Thaw(writer.WrittenSpan[..^1]));
        Assert.Contains("ends 1 bytes early", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InvalidDataException>(() => policy.Thaw([.. writer.WrittenSpan, 0]));
        Assert.Contains("1 bytes are left", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => policy.Thaw([]));
    }

    [Fact]
    public void Thaw_DamagedState_IsRefusedOrRuns()
    {
        var arena = Arena.Random(3, pillars: 3, movers: 1);
        var policy = new GoToGoalPolicy();
        new Drive(arena, policy).For(3);
        var writer = new ArrayBufferWriter<byte>();
        policy.Freeze(writer);
        var random = new RandomStream(77);
        int refused = 0;
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = writer.WrittenSpan.ToArray();
            for (int k = 0; k < 40; k++) damaged[random.NextInt32(damaged.Length)] = (byte)random.NextUInt64();
            var victim = new GoToGoalPolicy();
            try
            {
                victim.Thaw(damaged);
            }
            catch (InvalidDataException)
            {
                refused++;
                continue;
            }
            for (ulong c = 0; c < 40; c++)
            {
                var percept = arena.Percept;
                var decision = Decision<Twist2>.None;
                victim.Decide(percept, ref decision, Drive.Context(c, arena.Now + Duration.FromMilliseconds((long)c * 8), Duration.FromMilliseconds(8), new RandomStream(1)));
                Assert.True(float.IsFinite(decision.Action.Linear) && float.IsFinite(decision.Action.Angular));
            }
        }
        Assert.True(refused > 0);
    }

    private static ulong Hash(GoToGoalPolicy policy)
    {
        var hasher = new StateHasher(0);
        policy.AddTo(ref hasher);
        return hasher.Value;
    }

    private static ulong Run(int beams, ulong seed)
    {
        var arena = Arena.Random(seed, pillars: 4, movers: 2, beams);
        (arena.RangeNoise, arena.ContactNoise) = (0.01f, 0.1f);
        var policy = new GoToGoalPolicy();
        ulong hash = 0;
        new Drive(arena, policy)
        {
            AfterDecision = d =>
            {
                var hasher = new StateHasher(hash);
                d.Decision.Action.AddTo(ref hasher);
                d.Decision.Request.AddTo(ref hasher);
                hasher.Add(d.Decision.PeriodLimit.Nanoseconds);
                hasher.Add(d.Decision.StepError);
                hasher.Add(Hash(policy));
                hash = hasher.Value;
            },
        }.For(8);
        return hash;
    }
}
