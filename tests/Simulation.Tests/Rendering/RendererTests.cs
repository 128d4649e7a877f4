using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

public sealed class RendererTests
{
    private const int Side = 64;

    private static (ColumnRenderer Renderer, World World) Make(Scenario scenario)
    {
        scenario = scenario with { Camera = new CameraSpec { Width = Side, Height = Side } };
        var world = new World(scenario);
        var floor = new FloorTexture(scenario.FloorBrightness, scenario.FloorContrast, scenario.Seed);
        return (new ColumnRenderer(scenario.Camera, scenario.WallHeight, (float)scenario.SkyBrightness, floor, world.Map.Walls.Length, world.Bodies.Length), world);
    }

    private static float[] Draw(ColumnRenderer renderer, World world, double x, double y, double heading)
    {
        var frame = new float[Side * Side];
        renderer.Draw(frame, x, y, DeterministicMath.Cos(heading), DeterministicMath.Sin(heading), world.Map.Walls, world.Bodies, world.ObstacleCount, 0, Side);
        return frame;
    }

    [Fact]
    public void Draw_WideAndScalar_AgreeBitForBit()
    {
        var (renderer, world) = Make(ScenarioCatalog.Create("crowd", 3, 2));
        var random = new RandomStream(1);
        for (int k = 0; k < 40; k++)
        {
            double x = random.NextDouble(0.3, 9.7), y = random.NextDouble(0.3, 7.7), heading = random.NextDouble(-3, 3);
            renderer.Wide = true;
            var wide = Draw(renderer, world, x, y, heading);
            renderer.Wide = false;
            Assert.Equal(Draw(renderer, world, x, y, heading).Select(BitConverter.SingleToInt32Bits), wide.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Draw_PlainRoom_HasItsEdgesWhereGeometryPutsThem()
    {
        var plain = new Surface(TextureKind.Plain, 0, 0.5);
        var room = Drive.Room(6, 4, new StartSpec(1, 2, 0)) with { FloorContrast = 0 };
        room = room with { Walls = [.. room.Walls.Select(w => w with { Surface = plain })] };
        var (renderer, world) = Make(room);
        var frame = Draw(renderer, world, 2, 2, 0);
        // Wall 4 m ahead: rows from 32 - 32·0.6/4 = 27.2 to 32 + 32·0.2/4 = 33.6; pixels show their covered share.
        var column = frame.AsSpan(32 * Side, Side);
        float wall = column[30];
        Assert.InRange(column[26], 0.9f - 1e-4f, 0.9f + 1e-4f);
        Assert.InRange(column[27], 0.2f * 0.9f + 0.8f * wall - 1e-3f, 0.2f * 0.9f + 0.8f * wall + 1e-3f);
        Assert.InRange(column[33], 0.6f * wall + 0.4f * 0.4f - 1e-3f, 0.6f * wall + 0.4f * 0.4f + 1e-3f);
        Assert.InRange(column[34], 0.399f, 0.401f);
        for (int row = 28; row < 33; row++) Assert.InRange(column[row], wall - 1e-4f, wall + 1e-4f);
    }

    [Theory]
    [InlineData("default", 1)]
    [InlineData("default", 2)]
    [InlineData("crowd", 1)]
    public void Draw_SmallMotion_ChangesTheImageSmoothly(string name, ulong seed)
    {
        // The property that spares bursts: half the motion makes about half the change, everywhere, edges and bodies included.
        var (renderer, world) = Make(ScenarioCatalog.Create(name, seed));
        var random = new RandomStream(seed);
        int places = 0;
        while (places < 25)
        {
            double x = random.NextDouble(0.5, 9.5), y = random.NextDouble(0.5, 7.5), heading = random.NextDouble(-3, 3);
            if (world.Map.Clearance(x, y) < 0.4 || Enumerable.Range(0, world.ObstacleCount).Any(i => world.Bodies[i].Nearest(x, y, out _, out _) < 0.3)) continue;
            places++;
            const double Step = 0.0004; // radians: at most 0.03 px
            float[] a = Draw(renderer, world, x, y, heading), b = Draw(renderer, world, x, y, heading + Step);
            float worst = 0;
            for (int i = 0; i < a.Length; i++) worst = Math.Max(worst, Math.Abs(a[i] - b[i]));
            // 0.03 px of the strongest edge (0.9 against 0.1) is 0.024; a popping column or sample would change by a quarter of 0.8 or more.
            Assert.True(worst < 0.06, $"{name} {seed} at ({x:F2}, {y:F2}) heading {heading:F2}: a pixel changes by {worst:F3}");
        }
    }

    [Fact]
    public void Draw_AnyView_IsFiniteAndWithinReflectance()
    {
        var (renderer, world) = Make(ScenarioCatalog.Create("crowd", 9, 2));
        var random = new RandomStream(2);
        for (int k = 0; k < 300; k++)
        {
            foreach (float value in Draw(renderer, world, random.NextDouble(0.02, 9.98), random.NextDouble(0.02, 7.98), random.NextDouble(-3.2, 3.2))) Assert.InRange(value, 0f, 1f);
        }
    }

    [Fact]
    public void Average_AnyBox_EqualsSummingTexels()
    {
        var texture = new WallTexture(new Surface(TextureKind.Bricks, 0.8), 1);
        var one = new float[WallTexture.Stride];
        var column = new double[WallTexture.Period, WallTexture.Rows];
        for (int u = 0; u < WallTexture.Period; u++)
        {
            texture.Average(u, u + 1, 1, one);
            for (int v = 0; v < WallTexture.Rows; v++) column[u, v] = one[v + 1] - one[v];
        }
        var random = new RandomStream(5);
        for (int k = 0; k < 500; k++)
        {
            double u0 = random.NextDouble(-700, 700), width = k % 3 == 0 ? random.NextDouble(0.01, 1) : random.NextDouble(1, 200);
            texture.Average(u0, u0 + width, 1, one);
            double sum = 0;
            for (double u = Math.Floor(u0); u < u0 + width; u++)
            {
                int at = (int)(((u % 256) + 256) % 256);
                double share = Math.Min(u + 1, u0 + width) - Math.Max(u, u0);
                for (int v = 0; v < WallTexture.Rows; v++) sum += share * column[at, v];
            }
            Assert.InRange(one[WallTexture.Rows] / (sum / width), 1 - 1e-4, 1 + 1e-4);
        }
    }

    [Fact]
    public void CoarseAtan2_AnyPoint_IsWithinItsError()
    {
        for (double a = -3.14; a < 3.14; a += 0.01) Assert.InRange(FloatMath.CoarseAtan2(0.7 * Math.Sin(a), 0.7 * Math.Cos(a)) - a, -6e-4, 6e-4);
    }
}
