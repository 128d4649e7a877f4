using System.Text.Json.Nodes;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies.Tests;

/// <summary>Policy files: whole ones come back, wrong and unsafe ones are refused with one sentence.</summary>
public sealed class PolicyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-policy").FullName;

    private string Card => Path.Combine(_folder, "rover.policy.json");

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        byte[] network = Write();
        var card = PolicyFile.Read(Card, out byte[] model);
        Assert.Equal(network, model);
        Assert.Equal(PolicyNetworks.Schema.Hash, card.Schema.Hash);
        Assert.Equal(("test", "edge train test --seed 1", 1UL, "none"), (card.Name, card.Command, card.Seed, card.Result));
        using var policy = LearnedPolicy.Load(Card, PolicyNetworks.Schema);
        Assert.Equal("managed", policy.Engine.Name);
        Assert.True(policy.TryChoose(Duration.Unlimited, out _));
    }

    [Fact]
    public void Hash_AnythingOfTheContract_ChangesIt()
    {
        var s = PolicyNetworks.Schema;
        var all = new[]
        {
            s, s with { Robot = "arm" }, s with { Inputs = [s.Inputs[1], s.Inputs[0], s.Inputs[2]] }, s with { Inputs = [s.Inputs[0] with { High = 11 }, s.Inputs[1], s.Inputs[2]] },
            s with { ActionNames = ["linear", "angular_radps"] }, s with { Actions = [[0, 0], [0.5, 0], [0.3, 0.8], [0.3, -0.9]] }, s with { PeriodsUs = [1000, 2000, 4000, 8000, 32000] },
        };
        Assert.Equal(all.Length, all.Select(x => x.Hash).Distinct().Count());
    }

    [Theory]
    [InlineData("robot", "robot 'rover', this one is 'arm'")]
    [InlineData("inputs", "this robot gives [goal_distance_m, goal_bearing_rad, height_m]")]
    [InlineData("range", "input 'clearance_m' from 0 to 5, this robot's goes from 0 to 4")]
    [InlineData("periods", "the loop has 1000, 2000")]
    [InlineData("actions", "this robot has 4")]
    public void Load_TrainedForSomethingElse_SaysWhatDiffers(string what, string part)
    {
        Write();
        var s = PolicyNetworks.Schema;
        var mine = what switch
        {
            "robot" => s with { Robot = "arm" },
            "inputs" => s with { Inputs = [s.Inputs[0], s.Inputs[1], new("height_m", 0, 5)] },
            "range" => s with { Inputs = [s.Inputs[0], s.Inputs[1], new("clearance_m", 0, 4)] },
            "periods" => s with { PeriodsUs = [1000, 2000] },
            _ => s with { Actions = [[0, 0], [0.6, 0], [0.3, 0.8], [0.3, -0.8]] },
        };
        var error = Assert.Throws<InvalidDataException>(() => LearnedPolicy.Load(Card, mine));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(Card, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NetworkCutOrSwapped_IsRefused()
    {
        byte[] network = Write();
        string file = Path.Combine(_folder, "rover.onnx");
        for (int length = 0; length < network.Length; length += 97)
        {
            File.WriteAllBytes(file, network[..length]);
            Assert.Contains("it is cut or another network", Assert.Throws<InvalidDataException>(() => PolicyFile.Read(Card, out _)).Message, StringComparison.Ordinal);
        }
        File.WriteAllBytes(file, PolicyNetworks.Perceptron(3, PolicyNetworks.Schema.Values, 99));
        Assert.Throws<InvalidDataException>(() => PolicyFile.Read(Card, out _));
        File.Delete(file);
        Assert.Throws<FileNotFoundException>(() => PolicyFile.Read(Card, out _));
    }

    [Theory]
    [InlineData("format", "\"edge-exit\"", "format is 'edge-exit'")]
    [InlineData("version", "2", "version is 2")]
    [InlineData("robot", null, "robot is missing")]
    [InlineData("inputs", "[]", "there are 0 inputs")]
    [InlineData("inputs", "[null]", "must not hold null")]
    [InlineData("inputs", "[{\"name\":\"x\",\"low\":1,\"high\":1}]", "must be finite and rise")]
    [InlineData("actions", "[[0,0],[1]]", "action 1 must have 2 finite numbers")]
    [InlineData("periodsUs", "[2000,1000]", "longer than the one before")]
    [InlineData("periodsUs", "[0]", "must be positive")]
    [InlineData("model", "\"../other.onnx\"", "must be the name of a file in the same folder")]
    [InlineData("seed", "9", null)]
    [InlineData("schemaHash", "\"0000000000000000\"", "changed by hand or is damaged")]
    [InlineData("surprise", "1", "surprise")]
    public void Read_CardWithOneWrongProperty_IsOneSentence(string property, string? value, string? part)
    {
        Write();
        var card = JsonNode.Parse(File.ReadAllText(Card))!.AsObject();
        if (value is null) card.Remove(property);
        else card[property] = JsonNode.Parse(value);
        File.WriteAllText(Card, card.ToJsonString());
        if (part is null)
        {
            PolicyFile.Read(Card, out _);
            return;
        }
        var error = Assert.Throws<InvalidDataException>(() => PolicyFile.Read(Card, out _));
        Assert.StartsWith(Card, error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CardCutAtEveryByte_NeverCrashes()
    {
        Write();
        byte[] whole = File.ReadAllBytes(Card);
        for (int length = 0; length < whole.Length - 1; length++)
        {
            File.WriteAllBytes(Card, whole[..length]);
            Assert.Throws<InvalidDataException>(() => PolicyFile.Read(Card, out _));
        }
    }

    [Fact]
    public void Write_WrongNameOrContract_IsRefusedBeforeAnythingIsWritten()
    {
        Assert.Throws<ArgumentException>(() => PolicyFile.Write(Path.Combine(_folder, "rover.json"), PolicyNetworks.Card, [1]));
        Assert.Throws<InvalidDataException>(() => PolicyFile.Write(Card, PolicyNetworks.Card with { Schema = PolicyNetworks.Schema with { PeriodsUs = [] } }, [1]));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private byte[] Write()
    {
        byte[] network = PolicyNetworks.Perceptron(3, PolicyNetworks.Schema.Values, 8);
        PolicyFile.Write(Card, PolicyNetworks.Card, network);
        return network;
    }
}
