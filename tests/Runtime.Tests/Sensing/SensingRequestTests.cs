namespace EdgeAutonomy.Runtime.Tests;

public class SensingRequestTests
{
    [Fact]
    public void None_IsInactiveAndAsksForEverything()
    {
        Assert.False(SensingRequest.None.IsActive);
        Assert.Equal(SectorMask.All, SensingRequest.None.Sectors);
        Assert.True(SensingRequest.None.Region.IsAll);
    }

    [Fact]
    public void AddTo_EveryField_ChangesTheHash()
    {
        var variants = new SensingRequest[]
        {
            SensingRequest.None,
            SensingRequest.None with { Region = new PixelRegion(1, 0, 0, 0) },
            SensingRequest.None with { Region = new PixelRegion(0, 1, 0, 0) },
            SensingRequest.None with { Region = new PixelRegion(0, 0, 1, 0) },
            SensingRequest.None with { Region = new PixelRegion(0, 0, 0, 1) },
            SensingRequest.None with { Sectors = default },
            SensingRequest.None with { RateHz = 1 },
            SensingRequest.None with { EventThreshold = 1 },
            SensingRequest.None with { PowerCapMilliwatt = 1 },
            SensingRequest.None with { Origin = RequestOrigin.Policy },
            SensingRequest.None with { Reason = RequestReason.Clear },
            SensingRequest.None with { ExpiresCycle = 1 },
        };
        Assert.Equal(variants.Length, variants.Select(Hash).Distinct().Count());

        static ulong Hash(SensingRequest request)
        {
            var hasher = new StateHasher(0);
            request.AddTo(ref hasher);
            return hasher.Value;
        }
    }

    [Theory]
    [InlineData(9, 20, false)]
    [InlineData(10, 20, true)]
    [InlineData(13, 24, true)]
    [InlineData(14, 24, false)]
    [InlineData(13, 25, false)]
    [InlineData(-1, 20, false)]
    public void Contains_PixelRegion_IncludesItsFirstAndExcludesItsEnd(int x, int y, bool inside)
    {
        Assert.Equal(inside, new PixelRegion(10, 20, 4, 5).Contains(x, y));
        Assert.True(default(PixelRegion).Contains(x, y));
    }
}
