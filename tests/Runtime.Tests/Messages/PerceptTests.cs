using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests;

public class PerceptTests
{
    private static ulong Hash(IPayload payload)
    {
        var hasher = new StateHasher(0);
        payload.AddTo(ref hasher);
        return hasher.Value;
    }

    [Fact]
    public void AddBox_MoreThanFit_CountsTheRest()
    {
        var percept = new Percept(8, maxBoxes: 2);
        for (int i = 0; i < 5; i++) percept.AddBox(new PixelBox((ushort)i, 0, (ushort)(i + 3), 4, 7));
        Assert.Equal((2, 3), (percept.BoxCount, percept.BoxesDropped));
        Assert.Equal((4, 5), (percept.Boxes[1].Width, percept.Boxes[1].Height));
        percept.ClearBoxes();
        Assert.Equal((0, 0), (percept.BoxCount, percept.BoxesDropped));
    }

    [Fact]
    public void AddTo_EveryKindOfChange_ChangesTheHash()
    {
        var percept = new Percept(4);
        var seen = new HashSet<ulong> { Hash(percept) };
        percept.Sectors[3].Range = 1;
        Assert.True(seen.Add(Hash(percept)));
        percept.Sectors[3].Range = float.NaN; // not known is not zero
        Assert.True(seen.Add(Hash(percept)));
        percept.AddBox(default);
        Assert.True(seen.Add(Hash(percept)));
        percept.EventCount = 1;
        Assert.True(seen.Add(Hash(percept)));
        percept.Goal = new Goal(1, 0, 0, 0);
        Assert.True(seen.Add(Hash(percept)));
        percept.Odometry = new Odometry(new Stamp(5), default, default);
        Assert.True(seen.Add(Hash(percept)));
    }

    [Fact]
    public void RangeScan_Fresh_HoldsNotSensedInEveryBeam()
    {
        var scan = new RangeScan(360) { FirstBearing = -1, BearingStep = 0.5f };
        Assert.All(scan.Ranges, r => Assert.True(float.IsNaN(r)));
        Assert.Equal(0.5f, scan.Bearing(3));
        ulong unsensed = Hash(scan);
        scan.Ranges[7] = 0;
        Assert.NotEqual(unsensed, Hash(scan));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RangeScan(-1));
    }
}
