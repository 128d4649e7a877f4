using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class SiteMapTests
{
    private const string Good = """
        {
          "format": "edge-site", "version": 1, "name": "Hall 3",
          "nodes": [{"name": "dock", "x": 0, "y": 0}, {"name": "a", "x": 4, "y": 0.5}, {"name": "b", "x": 8, "y": 0}],
          "edges": [{"from": "dock", "to": "a", "both": true, "maxSpeed": 0.8}, {"from": "a", "to": "b"}, {"from": "b", "to": "a", "maxSpeed": 1.5}],
          "zones": [{"id": "door", "outline": [[3, -1], [5, -1], [5, 1], [3, 1]], "capacity": 2, "policy": "evacuate", "corridor": "c1", "order": 1}, {"id": "bay", "outline": [[7, -1], [9, -1], [8, 1]]}]
        }
        """;

    [Fact]
    public void Read_EveryMember_IsTaken()
    {
        var map = Read(Good);
        Assert.Equal("Hall 3", map.Name);
        Assert.Equal((3, 4), (map.Graph!.NodeCount, map.Graph.EdgeCount));
        Assert.Equal(new Vector2D(4, 0.5), map.Graph[map.Graph.Find("a")].Position);
        Assert.Equal([0.8, double.PositiveInfinity], map.Graph.From(map.Graph.Find("a")).ToArray().Select(e => e.MaxSpeed));
        Assert.Equal(1.5, map.Graph.From(map.Graph.Find("b"))[0].MaxSpeed);
        var door = map.Zones![map.Zones.Find("door")];
        Assert.Equal((2, ZoneLossPolicy.Evacuate, "c1", 1), (door.Capacity, door.Policy, door.Corridor, door.Order));
        var bay = map.Zones[map.Zones.Find("bay")];
        Assert.Equal((1, ZoneLossPolicy.Stop, "", 0, 3), (bay.Capacity, bay.Policy, bay.Corridor, bay.Order, bay.Outline.Count));
        Assert.Empty(map.Check());
    }

    [Fact]
    public void ToBytes_RoundTrip_GivesTheMapBack()
    {
        byte[] bytes = SiteMapFile.ToBytes(Read(Good));
        Same(Read(Good), SiteMapFile.Read(bytes, "x"));
        Assert.Equal(bytes, SiteMapFile.ToBytes(SiteMapFile.Read(bytes, "x")));
        var empty = SiteMapFile.Read(SiteMapFile.ToBytes(new SiteMap("", null, null)), "x");
        Assert.Null(empty.Graph);
        Assert.Null(empty.Zones);
        Same(Read(Good), SiteMapFile.Read([0xEF, 0xBB, 0xBF, .. bytes], "with a byte order mark"));
    }

    [Fact]
    public void ToBytes_RandomMaps_RoundTrip()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new RandomStream(seed);
            int n = 1 + random.NextInt32(12);
            var nodes = Enumerable.Range(0, n).Select(i => ($"n{i}", new Vector2D(random.NextDouble(-50, 50), random.NextDouble(-50, 50)))).ToList();
            var edges = new List<(int, int, double)>();
            for (int a = 0; a < n; a++)
            {
                for (int b = 0; b < n; b++)
                {
                    if (a != b && random.NextDouble() < 0.3) edges.Add((a, b, random.NextInt32(3) switch { 0 => double.PositiveInfinity, 1 => 1, _ => random.NextDouble(0.1, 2) }));
                }
            }
            var zones = Enumerable.Range(0, random.NextInt32(4)).Select(i => new Zone($"z{i}", [new(i, 0), new(i + random.NextDouble(0.1, 2), 0), new(i, 1)], 1 + random.NextInt32(3), (ZoneLossPolicy)random.NextInt32(3), i % 2 == 0 ? "" : "c", i % 2 == 0 ? 0 : i));
            var map = new SiteMap(seed % 2 == 0 ? "" : $"site {seed}", new RouteGraph(nodes, edges), new ZoneMap(zones));
            var read = SiteMapFile.Read(SiteMapFile.ToBytes(map), "x");
            Same(map, read);
            Assert.Equal(map.Check(), read.Check());
        }
    }

    [Fact]
    public void WriteAndRead_File_IsWhole()
    {
        string folder = Directory.CreateTempSubdirectory("edge-site").FullName;
        try
        {
            string path = Path.Combine(folder, "hall" + SiteMapFile.Ending);
            SiteMapFile.Write(path, Read(Good));
            Same(Read(Good), SiteMapFile.Read(path));
            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Throws<ArgumentException>(() => SiteMapFile.Write(Path.Combine(folder, "hall.json"), Read(Good)));
            Assert.Throws<FileNotFoundException>(() => SiteMapFile.Read(Path.Combine(folder, "none" + SiteMapFile.Ending)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("\"edge-site\"", "\"other\"", "x: format is 'other'; must be 'edge-site'.")]
    [InlineData("\"version\": 1", "\"version\": 2", "x: version is 2; this program reads 1.")]
    [InlineData("\"name\": \"Hall 3\"", "\"titel\": 1", "x: the file has the unknown member 'titel'; known are format, version, name, nodes, edges, zones.")]
    [InlineData("\"x\": 4", "\"X\": 4", "x: nodes[1] has the unknown member 'X'; known are name, x, y.")]
    [InlineData("\"x\": 4, ", "", "x: nodes[1].x is missing; must be in [-1000000, 1000000] m.")]
    [InlineData("\"x\": 4", "\"x\": 1e999", "x: nodes[1].x is Infinity; must be in [-1000000, 1000000] m.")]
    [InlineData("\"name\": \"a\"", "\"name\": \"dock\"", "x: nodes[1].name is 'dock', as is nodes[0].name; names must differ.")]
    [InlineData("\"name\": \"a\"", "\"name\": \"\"", "x: nodes[1].name is ''; must have 1 to 64 characters, none of them a control character.")]
    [InlineData("\"to\": \"b\"", "\"to\": \"c\"", "x: edges[1].to is 'c'; must be the name of a node.")]
    [InlineData("\"to\": \"b\"", "\"to\": \"a\"", "x: edges[1] leads from 'a' to itself; must join two nodes.")]
    [InlineData("\"to\": \"b\"", "\"to\": \"dock\"", "x: edges[1] leads from 'a' to 'dock', as does edges[0]; one is enough.")]
    [InlineData("\"maxSpeed\": 0.8", "\"maxSpeed\": 0", "x: edges[0].maxSpeed is 0; must be above 0 and at most 100 m/s.")]
    [InlineData("\"maxSpeed\": 0.8", "\"maxspeed\": 1", "x: edges[0] has the unknown member 'maxspeed'; known are from, to, maxSpeed, both.")]
    [InlineData("\"id\": \"bay\"", "\"id\": \"door\"", "x: zones[1].id is 'door', as is zones[0].id; ids must differ.")]
    [InlineData("\"id\": \"bay\"", "\"id\": \"b y\"", "x: zones[1].id is 'b y'; must be 1 to 32 of A-Z a-z 0-9 _ . : -.")]
    [InlineData("\"capacity\": 2", "\"capacity\": 0", "x: zones[0].capacity is 0; must be in [1, 1000].")]
    [InlineData("\"evacuate\"", "\"flee\"", "x: zones[0].policy is 'flee'; must be stop, evacuate or continue.")]
    [InlineData("\"corridor\": \"c1\", ", "", "x: zones[0].order is 1, but there is no corridor; add one or leave the order out.")]
    [InlineData("[8, 1]]", "[8]]", "x: zones[1].outline[2] has 1 numbers; must be [x, y].")]
    [InlineData("[8, 1]]", "[11, -1]]", "x: zones[1].outline encloses no area; its corners must not lie on one line.")]
    [InlineData(", [8, 1]]", "]", "x: zones[1].outline has 2 entries; must be 3 to 256.")]
    [InlineData("\"y\": 0.5", "\"y\": \"0.5\"", "x: line 3, byte 78 (nodes[1].y): no valid JSON, a member that is there twice, or a value of the wrong type.")]
    [InlineData("\"y\": 0.5", "\"x\": 0.5", "x: line 3, byte 76 (nodes[1].x): no valid JSON, a member that is there twice, or a value of the wrong type.")]
    public void Read_OneMistake_GivesOneSentence(string from, string to, string sentence)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        int at = Good.IndexOf(from, StringComparison.Ordinal);
        var fault = Assert.Throws<InvalidDataException>(() => Read(Good[..at] + to + Good[(at + from.Length)..]));
        Assert.Equal(sentence, fault.Message);
    }

    [Fact]
    public void Read_HostileBytes_IsTotal()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good);
        var random = new RandomStream(3);
        int taken = 0;
        for (int k = 0; k < 20_000; k++)
        {
            byte[] bytes = k % 7 == 0 ? [.. Enumerable.Range(0, random.NextInt32(400)).Select(_ => (byte)random.NextUInt64())] : [.. good.AsSpan(0, k % 3 == 0 ? random.NextInt32(good.Length + 1) : good.Length)];
            for (int i = random.NextInt32(5); i > 0 && bytes.Length > 0; i--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextUInt64();
            try
            {
                SiteMapFile.Read(bytes, "x").Check();
                taken++;
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("x: ", e.Message, StringComparison.Ordinal);
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        Assert.True(taken is > 1000 and < 15_000, $"{taken}");
        Assert.Throws<InvalidDataException>(() => SiteMapFile.Read(new byte[SiteMapFile.MaxBytes + 1], "x"));
        Assert.Throws<InvalidDataException>(() => Read("null"));
        Assert.Throws<InvalidDataException>(() => Read(new string('[', 10_000)));
        Assert.Contains("edges without nodes", Assert.Throws<InvalidDataException>(() => Read("""{"format":"edge-site","version":1,"edges":[]}""")).Message, StringComparison.Ordinal);
        string many = string.Join(",", Enumerable.Repeat("null", SiteMapFile.MaxNodes + 1));
        Assert.Contains("must be 1 to 100000", Assert.Throws<InvalidDataException>(() => Read($$"""{"format":"edge-site","version":1,"nodes":[{{many}}]}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WaysThatEnd_AreFound()
    {
        // main: 0 <-> 1 <-> 2; 3 only in, 4 only out, 5 alone; 6 lies on 0.
        (string, Vector2D)[] nodes = [("m0", new(0, 0)), ("m1", new(1, 0)), ("m2", new(2, 0)), ("trap", new(3, 0)), ("source", new(4, 0)), ("alone", new(5, 0)), ("twin", new(0, 0))];
        (int, int, double)[] edges = [(0, 1, 1), (1, 0, 1), (1, 2, 1), (2, 1, 1), (2, 3, 1), (4, 2, 1), (0, 6, 1), (6, 0, 1)];
        var zones = new ZoneMap([new Zone("far", [new(9, 9), new(10, 9), new(9, 10)]), new Zone("over", [new(1.4, -1), new(1.6, -1), new(1.6, 1), new(1.4, 1)])]);
        var findings = new SiteMap("", new RouteGraph(nodes, edges), zones).Check();
        Assert.Equal(5, findings.Count);
        Assert.Matches("^Node 'alone' can neither be reached from 'm\\d|twin' nor left to it\\.$", findings[0]);
        Assert.Matches("^Node 'source' cannot be reached from '", findings[1]);
        Assert.Matches("^Node 'trap' can be reached from '.*', but there is no way back\\.$", findings[2]);
        Assert.Equal("Nodes 'm0' and 'twin' both lie at 0, 0.", findings[3]);
        Assert.Equal("Zone 'far': no node or edge lies in it, so no plan ever leads through it.", findings[4]);
    }

    [Fact]
    public void Check_RandomGraphs_AgreesWithReachable()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var random = new RandomStream(seed);
            int n = 2 + random.NextInt32(8);
            var edges = new List<(int, int, double)>();
            for (int a = 0; a < n; a++)
            {
                for (int b = 0; b < n; b++)
                {
                    if (a != b && random.NextDouble() < 0.25) edges.Add((a, b, 1));
                }
            }
            var graph = new RouteGraph([.. Enumerable.Range(0, n).Select(i => ($"n{i}", new Vector2D(i, i * i)))], edges);
            bool all = Enumerable.Range(0, n).All(i => SiteMap.Reachable(graph, i).All(r => r));
            Assert.Equal(all, new SiteMap("", graph, null).Check().Count == 0);
            for (int i = 0; i < n; i++) Assert.Equal(SiteMap.Reachable(graph, 0)[i], SiteMap.Reachable(graph, i, backwards: true)[0]);
        }
    }

    private static SiteMap Read(string text) => SiteMapFile.Read(Encoding.UTF8.GetBytes(text), "x");

    private static void Same(SiteMap a, SiteMap b)
    {
        Assert.Equal(a.Name, b.Name);
        Assert.Equal((a.Graph!.NodeCount, a.Graph.EdgeCount), (b.Graph!.NodeCount, b.Graph.EdgeCount));
        for (int i = 0; i < a.Graph.NodeCount; i++)
        {
            Assert.Equal(a.Graph[i], b.Graph[i]);
            Assert.Equal(a.Graph.From(i).ToArray(), b.Graph.From(i).ToArray());
        }
        Assert.Equal(a.Zones!.Count, b.Zones!.Count);
        for (int i = 0; i < a.Zones.Count; i++)
        {
            Assert.Equal(a.Zones[i].Outline, b.Zones[i].Outline);
            Assert.Equal(a.Zones[i] with { Outline = [] }, b.Zones[i] with { Outline = [] });
        }
    }
}
