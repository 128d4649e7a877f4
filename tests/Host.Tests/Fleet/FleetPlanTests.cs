using System.Text;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host.Tests;

public sealed class FleetPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-plan-").FullName;

    private string FilePath => Path.Combine(_folder, "plan.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var plan = Plan();
        plan.Write(FilePath);
        var read = FleetPlan.Read(FilePath);
        Assert.Equal((plan.Seed, plan.Robots, plan.Tasks, plan.Site, plan.WorldPort, plan.Folder, plan.Camera), (read.Seed, read.Robots, read.Tasks, read.Site, read.WorldPort, read.Folder, read.Camera));
        Assert.Equal(plan.Brokers, read.Brokers);
    }

    [Fact]
    public void Read_Missing_Is66()
    {
        var error = Assert.Throws<EdgeException>(() => FleetPlan.Read(FilePath));
        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutAnywhere_Is74()
    {
        Plan().Write(FilePath);
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.Equal(ExitCode.Io, Assert.Throws<EdgeException>(() => FleetPlan.Read(FilePath)).Code);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"Robots\"")]
    [InlineData("{\"Seed\":1,\"Robots\":2,\"Tasks\":3,\"Site\":\"s\",\"Brokers\":null,\"WorldPort\":1,\"Folder\":\"f\"}")]
    [InlineData("{\"Seed\":1,\"Robots\":2,\"Tasks\":3,\"Site\":null,\"Brokers\":[\"mqtt://a\",\"mqtt://b\"],\"WorldPort\":1,\"Folder\":\"f\"}")]
    [InlineData("{\"Seed\":1,\"Robots\":2,\"Tasks\":3,\"Site\":\"s\",\"Brokers\":[\"mqtt://a\",null],\"WorldPort\":1,\"Folder\":\"f\"}")]
    [InlineData("{\"Seed\":1,\"Robots\":2,\"Tasks\":3,\"Site\":\"s\",\"Brokers\":[\"mqtt://a\",\"mqtt://b\"],\"WorldPort\":1,\"Folder\":null}")]
    [InlineData("{\"Seed\":1,\"Robots\":2,\"Tasks\":3,\"Site\":\"s\",\"Brokers\":[\"mqtt://a\",\"mqtt://b\"],\"WorldPort\":99999999,\"Folder\":\"f\"}")]
    [InlineData("{\"Seed\":1,\"Robots\":2,\"Tasks\":3,\"Site\":\"s\",\"Brokers\":[\"mqtt://a\",\"a relative one\"],\"WorldPort\":1,\"Folder\":\"f\"}")]
    [InlineData("{\"Seed\":1,\"Robots\":2000000000,\"Tasks\":3,\"Site\":\"s\",\"Brokers\":[],\"WorldPort\":1,\"Folder\":\"f\"}")]
    [InlineData("{\"Seed\":1,\"Robots\":1,\"Tasks\":-1,\"Site\":\"s\",\"Brokers\":[\"mqtt://a\"],\"WorldPort\":1,\"Folder\":\"f\"}")]
    [InlineData("{\"Seed\":1,\"Robots\":1,\"Tasks\":1,\"Site\":\"a/b\",\"Brokers\":[\"mqtt://a\"],\"WorldPort\":1,\"Folder\":\"f\"}")]
    public void Read_Hostile_Is74AndNamesTheFile(string text)
    {
        File.WriteAllText(FilePath, text);
        var error = Assert.Throws<EdgeException>(() => FleetPlan.Read(FilePath));
        Assert.Equal(ExitCode.Io, error.Code);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooLarge_IsNotRead()
    {
        File.WriteAllBytes(FilePath, Encoding.ASCII.GetBytes(new string(' ', (1 << 20) + 1)));
        Assert.Contains("at most", Assert.Throws<EdgeException>(() => FleetPlan.Read(FilePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_OfTheMost_AreDistinct() => Assert.Equal(YardScenario.MaxRobots, (Plan() with { Robots = YardScenario.MaxRobots }).Names().Distinct().Count());

    private FleetPlan Plan() => new()
    {
        Seed = 7, Robots = 2, Tasks = 3, Site = "s", WorldPort = 4000, Folder = _folder, Camera = true, Brokers = [new Uri("mqtt://127.0.0.1:1"), new Uri("mqtt://127.0.0.1:2")],
    };
}
