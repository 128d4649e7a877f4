using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>What holds for every environment.</summary>
public sealed class EnvironmentTests
{
    public static TheoryData<string> Names => ["cartpole", "cartpole-held", "pendulum", "point", "point-continuous"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_RandomActions_StaysInItsSpaces(string name)
    {
        var e = Make(name);
        var random = new RandomStream(5);
        var (o, a) = Room(e);
        for (ulong seed = 0; seed < 20; seed++)
        {
            e.Reset(seed, o);
            StepResult result;
            int steps = 0;
            do
            {
                Assert.True(e.ObservationSpace.Contains(o), $"{e.Name}: {string.Join(' ', o)}");
                e.ActionSpace.Sample(random, a);
                Assert.True(e.ActionSpace.Contains(a));
                result = e.Step(a, o);
                steps++;
                Assert.True(double.IsFinite(result.Reward));
                if (e is PhysicsEnvironment limited) Assert.Equal(steps == limited.StepLimit, result.Truncated);
            }
            while (!result.Done);
            Assert.True(e.ObservationSpace.Contains(o));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reset_SameSeed_GivesTheSameEpisode_OtherSeedAnother(string name)
    {
        Assert.Equal(Hash(Make(name), 3), Hash(Make(name), 3));
        Assert.NotEqual(Hash(Make(name), 3), Hash(Make(name), 4));
        // The episode before leaves no trace.
        var used = Make(name);
        Hash(used, 9);
        Assert.Equal(Hash(Make(name), 3), Hash(used, 3));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Thaw_InTheMiddle_GoesOnBitForBit(string name)
    {
        IEnvironment a = Make(name), b = Make(name);
        var (o, action) = Room(a);
        var other = new float[o.Length];
        var random = new RandomStream(1);
        a.Reset(2, o);
        for (int i = 0; i < 5; i++) a.Step(action, o);
        var frozen = new ArrayBufferWriter<byte>();
        a.Freeze(frozen);
        b.Thaw(frozen.WrittenSpan);
        StepResult result;
        do
        {
            a.ActionSpace.Sample(random, action);
            result = a.Step(action, o);
            Assert.Equal(result, b.Step(action, other));
            Assert.Equal(o, other);
        }
        while (!result.Done);
        for (int cut = 0; cut < frozen.WrittenCount; cut++) Assert.Throws<InvalidDataException>(() => b.Thaw(frozen.WrittenSpan[..cut]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_WrongUse_IsRefusedWithItsReason(string name)
    {
        var e = Make(name);
        var (o, a) = Room(e);
        Assert.Throws<InvalidOperationException>(() => e.Step(a, o));
        Assert.Throws<ArgumentException>(() => e.Reset(1, new float[o.Length + 1]));
        e.Reset(1, o);
        Assert.Throws<ArgumentException>(() => e.Step(new float[a.Length + 1], o));
        a[0] = float.NaN;
        Assert.Throws<ArgumentException>(() => e.Step(a, o));
        if (e.ActionSpace is not DiscreteSpace choices) return;
        foreach (float wrong in new[] { -1, 0.5f, choices.Count })
        {
            a[0] = wrong;
            Assert.Contains("none of", Assert.Throws<ArgumentException>(() => e.Step(a, o)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_Running_AllocatesNothing(string name)
    {
        var v = new VectorEnvironment(Make(name), Make(name));
        var actions = new float[2 * v.ActionSpace.Width];
        v.Reset(1);
        for (int i = 0; i < 50; i++) v.Step(actions);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++) v.Step(actions);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Step_Truncated_IsNotTerminated()
    {
        var e = new CartPole(stepLimit: 3);
        var o = new float[4];
        e.Start([0, 0, 0, 0], o);
        e.Step([0], o);
        e.Step([1], o);
        Assert.Equal(new StepResult(1, false, true), e.Step([0], o));
    }

    internal static IEnvironment Make(string name) => name switch
    {
        "cartpole" => new CartPole(),
        "cartpole-held" => new HeldEnvironment(new CartPole(), 3, 0.99),
        "pendulum" => new Pendulum(),
        "point" => new PointWorld(),
        _ => new PointWorld(new PointWorldOptions { Continuous = true, Weather = null, TickLimit = 300 }),
    };

    private static (float[] Observation, float[] Action) Room(IEnvironment e) => (new float[e.ObservationSpace.Width], new float[e.ActionSpace.Width]);

    private static ulong Hash(IEnvironment e, ulong seed)
    {
        var (o, a) = Room(e);
        var random = new RandomStream(7);
        var hasher = new StateHasher(1);
        e.Reset(seed, o);
        StepResult result;
        do
        {
            hasher.Add(o);
            e.ActionSpace.Sample(random, a);
            result = e.Step(a, o);
            hasher.Add(result.Reward);
        }
        while (!result.Done);
        return hasher.Value;
    }
}
