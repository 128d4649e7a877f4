using System.Buffers;

namespace EdgeAutonomy.Learning.Tests.Attribution;

public class AttributorTests
{
    public static TheoryData<string> Names => ["terminal", "uniform", "spa", "spa+residual", "spa linear", "rudder", "rrd", "rrd unbiased", "potential of spa", "potential of rrd", "penalised"];

    private static IReturnAttributor Make(string name, ulong seed = 1) => name switch
    {
        "terminal" => new TerminalAttributor(),
        "uniform" => new UniformAttributor(),
        "spa" => new SpaAttributor(Episodes.Shape, new SpaOptions { Hidden = [8] }, seed),
        "spa+residual" => new SpaAttributor(Episodes.Shape, new SpaOptions { Hidden = [8], Residual = true }, seed),
        "spa linear" => new SpaAttributor(Episodes.Shape, new SpaOptions { Hidden = [], LeastSquares = true }, seed),
        "rudder" => new RudderAttributor(Episodes.Shape, new RudderOptions { Cells = 5 }, seed),
        "rrd" => new RrdAttributor(Episodes.Shape, new RrdOptions { Draws = 8, Hidden = [8] }, seed),
        "rrd unbiased" => new RrdAttributor(Episodes.Shape, new RrdOptions { Draws = 8, Hidden = [8], Unbiased = true }, seed),
        "potential of spa" => new PotentialAttributor(new SpaAttributor(Episodes.Shape, new SpaOptions { Hidden = [8] }, seed), 0.99),
        "potential of rrd" => new PotentialAttributor(new RrdAttributor(Episodes.Shape, new RrdOptions { Draws = 8, Hidden = [8] }, seed), 1),
        _ => new PenalisedAttributor(new UniformAttributor(), new GroundingPenalty { Beta = 0.002, Limit = 60, Success = 0.5, Ungrounded = 0.3 }),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Attribute_AnyEpisode_GivesFiniteNumbersThatRepeat(string name)
    {
        var data = Episodes.Many(20, 3);
        IReturnAttributor a = Make(name), b = Make(name);
        a.Fit(data, new FitOptions(15, 4, 7));
        b.Fit(data, new FitOptions(15, 4, 7));
        for (int length = 1; length <= 60; length++)
        {
            var t = Episodes.Random(length, (ulong)length, terminated: length % 7 != 0);
            float[] x = new float[length], y = new float[length];
            a.Attribute(t, x);
            b.Attribute(t.WithoutCandidates(), y);
            Assert.Equal(x, y);
            Assert.All(x, v => Assert.True(float.IsFinite(v)));
        }
        Assert.Throws<ArgumentException>(() => a.Attribute(new Trajectory(Episodes.Shape), []));
        Assert.Throws<ArgumentException>(() => a.Attribute(Episodes.Random(3, 1), new float[2]));
        Assert.Throws<ArgumentException>(() => a.Fit([], FitOptions.First(1)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Attribute_CausalOne_DoesNotSeeTheOutcome(string name)
    {
        var a = Make(name);
        a.Fit(Episodes.Many(20, 3), new FitOptions(15, 4, 7));
        // The same steps with another outcome: seeds are searched until both outcomes are there.
        var won = Enumerable.Range(1, 50).Select(s => Episodes.Random(9, (ulong)s)).First(t => t.Return == 1);
        var lost = Replay(won, 0);
        float[] x = new float[9], y = new float[9];
        a.Attribute(won, x);
        a.Attribute(lost, y);
        // A control beside it: what is declared to use the outcome does use it.
        Assert.Equal(a.IsCausal, x.SequenceEqual(y));
    }

    [Theory]
    [InlineData("terminal")]
    [InlineData("uniform")]
    [InlineData("spa+residual")]
    [InlineData("rudder")]
    [InlineData("potential of rrd")]
    public void Attribute_EquivalentOne_AddsUpToTheReturn(string name)
    {
        var a = Make(name);
        a.Fit(Episodes.Many(20, 3), new FitOptions(15, 4, 7));
        foreach (var t in Episodes.Many(30, 5))
        {
            var x = new float[t.Length];
            a.Attribute(t, x);
            // 60 float32 numbers of magnitude below 2, each rounded once: 60 · 2 · 2^-24.
            Assert.Equal(t.Return, x.Sum(v => (double)v), 1e-5);
        }
    }

    [Fact]
    public void Attribute_SpaWithoutResidual_DoesNotAddUp()
    {
        var a = Make("spa");
        a.Fit(Episodes.Many(20, 3), new FitOptions(15, 4, 7));
        Assert.Contains(Episodes.Many(30, 5), t =>
        {
            var x = new float[t.Length];
            a.Attribute(t, x);
            return Math.Abs(x.Sum() - t.Return) > 0.01;
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Thaw_AfterFreeze_GoesOnBitForBit(string name)
    {
        var data = Episodes.Many(20, 3);
        IReturnAttributor a = Make(name), b = Make(name, seed: 99);
        a.Fit(data, new FitOptions(5, 4, 7));
        var bytes = new ArrayBufferWriter<byte>();
        a.Freeze(bytes);
        b.Thaw(bytes.WrittenSpan);
        Assert.Equal(a.Version, b.Version);
        a.Fit(data, new FitOptions(5, 4, 8));
        b.Fit(data, new FitOptions(5, 4, 8));
        var t = Episodes.Random(17, 4);
        float[] x = new float[17], y = new float[17];
        a.Attribute(t, x);
        b.Attribute(t, y);
        Assert.Equal(x, y);
        if (bytes.WrittenCount > 0) Assert.Throws<InvalidDataException>(() => b.Thaw(bytes.WrittenSpan[..^1]));
    }

    [Theory]
    [InlineData("spa")]
    [InlineData("rudder")]
    [InlineData("rrd")]
    public void Attribute_FromManyThreads_GivesTheSame(string name)
    {
        var data = Episodes.Many(20, 3);
        var a = Make(name);
        a.Fit(data, new FitOptions(5, 4, 7));
        float[][] expected = [.. data.Select(Run)];
        Parallel.For(0, 200, i => Assert.Equal(expected[i % data.Count], Run(data[i % data.Count])));
        float[] Run(Trajectory t)
        {
            var x = new float[t.Length];
            a.Attribute(t, x);
            return x;
        }
    }

    [Fact]
    public void Trajectory_FilledWrongly_Refuses()
    {
        var view = new EdgeAutonomy.Agents.MissionView(Episodes.Shape);
        view.Resize(2);
        var t = new Trajectory(Episodes.Shape);
        Assert.Throws<InvalidOperationException>(() => t.Receive(default));
        Assert.Throws<ArgumentException>(() => t.Observe(view, 2, 0));
        Assert.Throws<ArgumentException>(() => t.Observe(view, 0, 0, label: 2));
        t.Observe(view, 1, 0);
        Assert.Throws<ArgumentException>(() => t.Receive(new(float.NaN, true, false, false, false)));
    }

    [Fact]
    public void Buffer_Full_ForgetsTheOldestAndFreezes()
    {
        var buffer = new TrajectoryBuffer(Episodes.Shape, capacity: 3);
        for (ulong i = 1; i <= 5; i++) buffer.Add(Episodes.Random(4, i));
        Assert.Equal([3, 4, 5], buffer.Select(t => t.Number).Order());
        Assert.All(buffer, t => Assert.True(t.Candidates.IsEmpty));
        var bytes = new ArrayBufferWriter<byte>();
        buffer.Freeze(bytes);
        var other = new TrajectoryBuffer(Episodes.Shape, capacity: 3);
        other.Thaw(bytes.WrittenSpan);
        buffer.Add(Episodes.Random(4, 6));
        other.Add(Episodes.Random(4, 6));
        Assert.Equal(buffer.Select(t => t.Number), other.Select(t => t.Number));
        Assert.Equal(buffer[1].States.ToArray(), other[1].States.ToArray());
        for (int cut = 0; cut < bytes.WrittenCount; cut += 7) Assert.Throws<InvalidDataException>(() => new TrajectoryBuffer(Episodes.Shape, capacity: 3).Thaw(bytes.WrittenSpan[..cut]));
    }

    private static Trajectory Replay(Trajectory from, float result)
    {
        var t = new Trajectory(from.Shape);
        var view = new EdgeAutonomy.Agents.MissionView(from.Shape);
        for (int i = 0; i < from.Length; i++)
        {
            view.Resize(from.CountOf(i));
            from.States.Slice(i * 3, 3).CopyTo(view.State);
            from.Events.Slice(i * 2, 2).CopyTo(view.Event);
            from.Candidates.Slice(from.Starts[i] * 4, view.Count * 4).CopyTo(view.Candidates);
            t.Observe(view, from.Chosen[i], from.LogProbabilities[i]);
            t.Receive(new(i == from.Length - 1 ? result : 0, from.Grounded[i], i == from.Length - 1, false, result > 0));
        }
        from.FinalState.CopyTo(view.State, 0);
        from.FinalEvent.CopyTo(view.Event, 0);
        t.End(view);
        return t;
    }
}
