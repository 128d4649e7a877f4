using System.Buffers;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests;

public sealed class NeighbourhoodTests
{
    [Fact]
    public void Sample_WithNeighbours_ComesBackAsItWas()
    {
        var sample = Sample(3);
        var back = new RoverSample(16, 4);
        back.Neighbours.Add(Robot(9));
        back.Thaw(Frozen(sample));
        Assert.Equal(sample.Neighbours.Robots.ToArray(), back.Neighbours.Robots.ToArray());
        Assert.Equal((sample.Neighbours.Key, sample.Neighbours.Pose), (back.Neighbours.Key, back.Neighbours.Pose));
        Assert.Equal(Hash(sample), Hash(back));
    }

    [Fact]
    public void Sample_WithoutNeighbours_IsAsItWasBeforeThereWereFleets()
    {
        var alone = Sample(0);
        // Where it stands is told, too, but nobody is there to keep clear of.
        alone.Neighbours.Pose = new Pose2(1, 2, 3);
        byte[] bytes = Frozen(alone);
        Assert.Equal(Frozen(new RoverSample(16, 4)), bytes);
        Assert.Equal(Hash(new RoverSample(16, 4)), Hash(alone));
        var back = Sample(2);
        back.Thaw(bytes);
        Assert.Equal(0, back.Neighbours.Count);
    }

    [Fact]
    public void Hash_DependsOnEveryPart()
    {
        var robot = Robot(1);
        ulong hash = Hash(With(robot));
        foreach (var other in (Neighbour[])[robot with { Key = 8 }, robot with { Time = new Stamp(8) }, robot with { X = 8 }, robot with { Y = 8 }, robot with { VelocityX = 8 }, robot with { VelocityY = 8 }, robot with { Radius = 8 }, robot with { Cooperates = false }])
        {
            Assert.NotEqual(hash, Hash(With(other)));
        }
    }

    [Fact]
    public void Add_NoNumbersOrTooMany_IsRefused()
    {
        var near = new Neighbourhood();
        Assert.False(near.Add(Robot(1) with { X = double.NaN }));
        Assert.False(near.Add(Robot(1) with { VelocityY = float.PositiveInfinity }));
        Assert.False(near.Add(Robot(1) with { Radius = -1 }));
        for (int i = 0; i < Neighbourhood.Capacity; i++) Assert.True(near.Add(Robot(i)));
        Assert.False(near.Add(Robot(99)));
        Assert.Equal(Neighbourhood.Capacity, near.Count);
    }

    [Fact]
    public void Thaw_CutAnywhere_IsRefused()
    {
        byte[] bytes = Frozen(Sample(2));
        int alone = Frozen(new RoverSample(16, 4)).Length;
        for (int length = 0; length < bytes.Length; length++)
        {
            var sample = new RoverSample(16, 4);
            // Where a robot without a fleet ends, a sample is whole.
            if (length == alone) sample.Thaw(bytes.AsSpan(0, length));
            else Assert.Throws<InvalidDataException>(() => sample.Thaw(bytes.AsSpan(0, length)));
        }
    }

    private static Neighbour Robot(int i) => new((ulong)i, new Stamp(100 + i), i, -i, 0.5f, -0.25f, 0.18f, true);

    private static RoverSample With(in Neighbour robot)
    {
        var sample = new RoverSample(16, 4);
        sample.Neighbours.Add(robot);
        return sample;
    }

    private static RoverSample Sample(int robots)
    {
        var sample = new RoverSample(16, 4);
        if (robots > 0) (sample.Neighbours.Key, sample.Neighbours.Pose) = (7, new Pose2(1, 2, 3));
        for (int i = 1; i <= robots; i++) sample.Neighbours.Add(Robot(i));
        return sample;
    }

    private static byte[] Frozen(RoverSample sample)
    {
        var writer = new ArrayBufferWriter<byte>();
        sample.Freeze(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static ulong Hash(RoverSample sample)
    {
        var hasher = new StateHasher(1);
        sample.AddTo(ref hasher);
        return hasher.Value;
    }
}
