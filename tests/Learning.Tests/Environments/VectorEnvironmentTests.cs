using System.Buffers;

namespace EdgeAutonomy.Learning.Tests;

public sealed class VectorEnvironmentTests
{
    [Fact]
    public void Step_EpisodeEnds_KeepsTheFinalObservationAndShowsTheNextFirstOne()
    {
        var v = new VectorEnvironment(new CartPole(), new CartPole());
        v.Reset(7);
        var alone = new CartPole();
        var o = new float[4];
        alone.Reset(VectorEnvironment.EpisodeSeed(7, 1, 0), o);
        Assert.Equal(o, v.Observations[4..].ToArray());
        int steps = 0;
        StepResult result;
        do
        {
            result = alone.Step([1], o);
            v.Step([0, 1]);
            steps++;
            Assert.Equal(result, v.Results[1]);
            Assert.Equal(o, v.FinalObservations[4..].ToArray());
        }
        while (!result.Done);
        Assert.True(result.Terminated);
        Assert.Equal(steps, v.Returns[1]);
        Assert.Equal(steps, v.Lengths[1]);
        alone.Reset(VectorEnvironment.EpisodeSeed(7, 1, 1), o);
        Assert.Equal(o, v.Observations[4..].ToArray());
        Assert.NotEqual(o, v.FinalObservations[4..].ToArray());
        // The step after the end is one of the new episode, not a lost one.
        alone.Step([1], o);
        v.Step([0, 1]);
        Assert.Equal(o, v.Observations[4..].ToArray());
    }

    [Fact]
    public void EpisodeSeed_Any_IsOfTrainingAndOfNoOtherEpisode()
    {
        var seen = new HashSet<ulong>();
        for (int copy = 0; copy < 8; copy++)
        {
            for (long episode = 0; episode < 100; episode++)
            {
                ulong seed = VectorEnvironment.EpisodeSeed(1, copy, episode);
                Assert.True(seed >= 1UL << 63 && seen.Add(seed));
            }
        }
    }

    [Fact]
    public void Thaw_InTheMiddle_GoesOnBitForBit()
    {
        var a = new VectorEnvironment(new CartPole(), new CartPole());
        var b = new VectorEnvironment(new CartPole(), new CartPole());
        a.Reset(3);
        for (int i = 0; i < 25; i++) a.Step([0, 1]);
        var frozen = new ArrayBufferWriter<byte>();
        a.Freeze(frozen);
        b.Thaw(frozen.WrittenSpan);
        for (int i = 0; i < 60; i++)
        {
            a.Step([i % 2, 1]);
            b.Step([i % 2, 1]);
            Assert.Equal(a.Observations.ToArray(), b.Observations.ToArray());
            Assert.Equal(a.Returns.ToArray(), b.Returns.ToArray());
            Assert.Equal(a.Episodes, b.Episodes);
        }
        Assert.True(a.Episodes > 6);
    }

    [Fact]
    public void Constructor_DifferentEnvironments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new VectorEnvironment(new CartPole(), new Pendulum()));
        Assert.Throws<ArgumentException>(() => new VectorEnvironment(new PointWorld(), new PointWorld(new PointWorldOptions { Continuous = true })));
        Assert.Throws<ArgumentException>(() => new VectorEnvironment());
    }
}
