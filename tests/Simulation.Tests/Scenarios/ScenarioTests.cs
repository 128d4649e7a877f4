using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

public sealed class ScenarioTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("corridor")]
    [InlineData("crowd")]
    [InlineData("empty")]
    public void Create_ManySeeds_IsValidReachableAndVaried(string name)
    {
        var texts = new HashSet<string>();
        for (ulong seed = 0; seed < 25; seed++)
        {
            int robots = 1 + (int)(seed % 4);
            var scenario = ScenarioCatalog.Create(name, seed, robots);
            Assert.Empty(ScenarioRules.Find(scenario));
            Assert.Equal(robots, scenario.Robots.Count);
            Assert.True(texts.Add(ScenarioFile.Write(scenario)), "another seed must give another layout");
            var world = new World(scenario with { Camera = new CameraSpec { Width = 0 } });
            for (int r = 0; r < robots; r++) Assert.True(world.Clearance(r) > 0.2, $"{name} {seed}: robot {r} starts against something");
            foreach (var o in scenario.Obstacles)
            {
                Assert.True(o.Motion == MotionKind.Still || o.Speed <= 0.5);
                Assert.False(o.Ruthless);
            }
            AssertReachable(scenario);
        }
    }

    [Fact]
    public void Create_SameSeed_IsTheSame() =>
        Assert.Equal(ScenarioFile.Write(ScenarioCatalog.Create("default", 7, 2)), ScenarioFile.Write(ScenarioCatalog.Create("default", 7, 2)));

    [Fact]
    public void Create_UnknownName_SaysWhatThereIs() =>
        Assert.Contains("default, corridor, crowd, empty", Assert.Throws<ArgumentException>(() => ScenarioCatalog.Create("maze", 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("default")]
    [InlineData("crowd")]
    public void Movers_AloneForTwoMinutes_StayInsideAndOffTheWalls(string name)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var world = new World(ScenarioCatalog.Create(name, seed) with { Camera = new CameraSpec { Width = 0 } });
            var travelled = new double[world.ObstacleCount];
            var last = Enumerable.Range(0, world.ObstacleCount).Select(world.Obstacle).ToArray();
            for (int s = 1; s <= 240; s++)
            {
                world.AdvanceTo(Stamp.FromSeconds(0.5 * s));
                for (int i = 0; i < world.ObstacleCount; i++)
                {
                    var p = world.Obstacle(i);
                    travelled[i] += Math.Sqrt((p.X - last[i].X) * (p.X - last[i].X) + (p.Y - last[i].Y) * (p.Y - last[i].Y));
                    last[i] = p;
                    if (world.Scenario.Obstacles[i].Motion != MotionKind.Still) Assert.True(world.Map.Clearance(p.X, p.Y) > world.Scenario.Obstacles[i].Radius, $"{name} {seed}: obstacle {i} is in a wall after {0.5 * s} s");
                }
            }
            for (int i = 0; i < world.ObstacleCount; i++) Assert.True(world.Scenario.Obstacles[i].Motion == MotionKind.Still || travelled[i] > 3, $"{name} {seed}: obstacle {i} moved only {travelled[i]:F1} m in two minutes");
        }
    }

    [Theory]
    [InlineData("default")]
    [InlineData("crowd")]
    public void Parse_WhatWriteWrote_IsTheSameScenario(string name)
    {
        var scenario = ScenarioCatalog.Create(name, 5, 3) with { SkyBrightness = 0.77, AutoGoals = false, Scan = new ScanSpec { Beams = 36, FieldDegrees = 270 } };
        string text = ScenarioFile.Write(scenario);
        Assert.Equal(text, ScenarioFile.Write(ScenarioFile.Parse(text)));
        var (a, b) = (new World(scenario), new World(ScenarioFile.Parse(text)));
        _ = Drive.Sensors(a);
        _ = Drive.Sensors(b);
        foreach (var world in new[] { a, b }) world.AdvanceTo(Stamp.FromSeconds(0.5));
        var (ha, hb) = (new StateHasher(0), new StateHasher(0));
        a.AddTo(ref ha);
        b.AddTo(ref hb);
        Assert.Equal(ha.Value, hb.Value);
    }

    [Fact]
    public void Parse_ManyFaults_ListsAllAtOnce()
    {
        const string Text = """
            { "name": "bad", "wallHeigth": 0.8, "seed": -3,
              "walls": [ { "x1": 0, "y1": 0, "x2": "far", "y2": 0 } ],
              "obstacles": [ { "x": 1, "radius": 0.2, "motion": "fly" } ],
              "robots": [ { "x": 1, "y": 1, "z": 2 } ],
              "camera": { "width": 12.5 }, "scan": [] }
            """;
        var faults = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(Text, "bad.json")).Faults;
        string[] paths = [.. faults.Select(f => f.Path).Order(StringComparer.Ordinal)];
        Assert.Equal(["camera.width", "obstacles[0].motion", "obstacles[0].y", "robots[0].z", "scan", "seed", "wallHeigth", "walls[0].x2"], paths);
        Assert.Contains(faults, f => f.Path == "obstacles[0].motion" && f.Value == "\"fly\"" && f.Rule == "must be one of still, loop, bounce");
    }

    [Fact]
    public void Parse_AbsurdValues_AreListedAtOnce()
    {
        const string Text = """
            { "wallHeight": 50, "robots": [ { "x": 1e9, "y": 1 } ], "obstacles": [ { "x": 1, "y": 1, "radius": -2, "speed": 99 } ],
              "rover": { "imuHz": 7 }, "camera": { "preset": "best" } }
            """;
        var faults = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(Text)).Faults;
        string[] paths = [.. faults.Select(f => f.Path).Order(StringComparer.Ordinal)];
        Assert.Equal(["camera.preset", "obstacles[0].radius", "obstacles[0].speed", "robots[0].x", "rover.imuHz", "wallHeight"], paths);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("{\"name\":")]
    [InlineData("{\"walls\":{}}")]
    [InlineData("{\"walls\":[1,null,[]]}")]
    public void Parse_NotAScenario_IsOneClearError(string text) => Assert.NotEmpty(Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(text)).Faults);

    [Fact]
    public void Parse_DamagedText_NeverDoesAnythingElseThanRefuse()
    {
        string good = ScenarioFile.Write(ScenarioCatalog.Create("empty", 1));
        var random = new RandomStream(1);
        for (int k = 0; k < 400; k++)
        {
            char[] text = good.ToCharArray();
            for (int n = 1 + random.NextInt32(3); n > 0; n--) text[random.NextInt32(text.Length)] = (char)(32 + random.NextInt32(90));
            try
            {
                ScenarioFile.Parse(new string(text));
            }
            catch (ScenarioException e)
            {
                Assert.NotEmpty(e.Faults);
            }
        }
    }

    [Fact]
    public void Load_ShippedFiles_AreValid()
    {
        string[] files = Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "scenarios"), "*.json");
        Assert.NotEmpty(files);
        foreach (string file in files) Assert.NotEmpty(new World(ScenarioFile.Load(file)).Robots);
    }

    // An independent check on a coarser grid than the generator's own: breadth first over free places 0.2 m apart.
    private static void AssertReachable(Scenario scenario)
    {
        var still = scenario with { Obstacles = [.. scenario.Obstacles.Where(o => o.Motion == MotionKind.Still)], Camera = new CameraSpec { Width = 0 } };
        var world = new World(still);
        const double Cell = 0.05;
        int columns = (int)(world.Map.MaxX / Cell), rows = (int)(world.Map.MaxY / Cell);
        bool Free(int c) => world.Map.Clearance(c % columns * Cell, c / columns * Cell) > 0.22
            && Enumerable.Range(0, world.ObstacleCount).All(i => world.Bodies[i].Nearest(c % columns * Cell, c / columns * Cell, out _, out _) > 0.22);
        var seen = new bool[columns * rows];
        var queue = new Queue<int>();
        int At(double x, double y) => (int)Math.Round(y / Cell) * columns + (int)Math.Round(x / Cell);
        queue.Enqueue(At(still.Robots[0].X, still.Robots[0].Y));
        while (queue.TryDequeue(out int c))
        {
            if (c < 0 || c >= seen.Length || seen[c] || !Free(c)) continue;
            seen[c] = true;
            foreach (int d in (int[])[1, -1, columns, -columns]) queue.Enqueue(c + d);
        }
        foreach (var s in still.Stations) Assert.True(seen[At(s.X, s.Y)], $"{scenario.Name} {scenario.Seed}: station {s.Name} cannot be reached");
        foreach (var r in still.Robots) Assert.True(seen[At(r.X, r.Y)], $"{scenario.Name} {scenario.Seed}: a robot is cut off");
    }
}
