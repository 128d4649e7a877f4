using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime.Tests;

public class SectorMaskTests
{
    [Fact]
    public void All_EverySector_IsSetAndNothingElse()
    {
        Assert.Equal(360, SectorMask.All.Population);
        var built = default(SectorMask);
        for (int k = 0; k < SectorMask.Count; k++) built.Add(k);
        Assert.Equal(SectorMask.All, built); // equality covers the 24 spare bits: they must be zero in both
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(359, 359)]
    [InlineData(360, 0)]
    [InlineData(-1, 359)]
    [InlineData(-361, 359)]
    [InlineData(725, 5)]
    public void Add_AnyWholeDegree_WrapsIntoTheCircle(int degree, int sector)
    {
        var mask = default(SectorMask);
        mask.Add(degree);
        for (int k = 0; k < SectorMask.Count; k++) Assert.Equal(k == sector, mask.Contains(k));
        Assert.True(mask.Contains(degree));
        Assert.Equal(1, mask.Population);
    }

    [Theory]
    [InlineData(350, 20, 20)]
    [InlineData(10, 0, 0)]
    [InlineData(10, -5, 0)]
    [InlineData(10, 100_000, 360)]
    public void AddRange_AcrossNorth_SetsTheStatedNumber(int first, int count, int population)
    {
        var mask = default(SectorMask);
        mask.AddRange(first, count);
        Assert.Equal(population, mask.Population);
        for (int i = 0; i < Math.Min(count, 360); i++) Assert.True(mask.Contains(first + i));
    }

    [Fact]
    public void Or_TwoMasks_IsTheUnion()
    {
        SectorMask a = default, b = default;
        a.AddRange(0, 90);
        b.AddRange(45, 90);
        Assert.Equal(135, (a | b).Population);
        Assert.Equal(90, a.Population); // the operands stay
    }

    [Fact]
    public void AddTo_OneSectorMore_ChangesTheHash()
    {
        var seen = new HashSet<ulong>();
        var mask = default(SectorMask);
        for (int k = -1; k < SectorMask.Count; k++)
        {
            if (k >= 0) mask.Add(k);
            var hasher = new StateHasher(0);
            mask.AddTo(ref hasher);
            Assert.True(seen.Add(hasher.Value));
        }
    }

    [Fact]
    public void Size_Struct_HasNoPadding() => Assert.Equal(6 * sizeof(ulong), Unsafe.SizeOf<SectorMask>());
}
