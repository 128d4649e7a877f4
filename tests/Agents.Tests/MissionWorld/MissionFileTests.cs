using System.Text;
using System.Text.Json.Nodes;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests;

public sealed class MissionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-missions").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Every family, size and variant, 12 seeds each: what is read back is the generator's mission to the last bit, and plays as it does.
    [Fact]
    public void Read_AfterWrite_IsTheGeneratorsMission()
    {
        foreach (var family in Enum.GetValues<MissionFamily>())
        {
            foreach (var options in (MissionWorldOptions[])[new(), new(MissionWorldSize.Large), new(ClosedLockers: true), new(MissionWorldSize.Large, true)])
            {
                for (ulong seed = 0; seed < 12; seed++)
                {
                    var layout = MissionGenerator.Generate(seed, family, options);
                    byte[] bytes = MissionFile.ToBytes(layout, options.Limit);
                    var read = MissionFile.Read(bytes, "test");
                    Assert.Equal((layout.Name, layout.Hash, layout.Problem, layout.Shortest, options.Limit), (read.Layout.Name, read.Layout.Hash, read.Layout.Problem, read.Layout.Shortest, read.Options.Limit));
                    Assert.Equal((layout.Map.Instruction, layout.Map.StartBattery, layout.Map.BatteryCapacity), (read.Layout.Map.Instruction, read.Layout.Map.StartBattery, read.Layout.Map.BatteryCapacity));
                    Assert.Equal(layout.Map.Roads, read.Layout.Map.Roads);
                    Assert.Equal(layout.Map.Places, read.Layout.Map.Places);
                    Assert.Equal(bytes, MissionFile.ToBytes(read.Layout, read.Options.Limit));
                    if (seed < 2) Assert.Equal(Play(new MissionWorldMission(layout, options)), Play(read.Start()));
                }
            }
        }
    }

    [Fact]
    public void Read_LeftOutKeys_HaveTheirMeaning()
    {
        var read = Read(Smallest());
        Assert.Equal("inspect gauge 1; then dock and report.", read.Layout.Map.Instruction);
        Assert.Equal(5, read.Layout.Map.Roads[0].Metres);
        Assert.True(read.Layout.Map.Targets[0].IsWanted);
        Assert.Equal((5, 10), (read.Layout.Shortest, read.Options.Limit));
        var mission = read.Start();
        foreach (string command in (string[])["drive to hall 1", "inspect gauge 1", "drive to dock 1", "dock"]) Assert.True(mission.Step(command).Grounded, command);
        Assert.True(mission.Step("report").Succeeded);
    }

    [Fact]
    public void Read_TheExampleOfTheDocs_IsSolvedByTheExpert()
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "missions.md"));
        text = text[(text.IndexOf("```json", StringComparison.Ordinal) + 7)..];
        var mission = MissionFile.Read(Encoding.UTF8.GetBytes(text[..text.IndexOf("```", StringComparison.Ordinal)]), "x").Start();
        MissionStep step = default;
        while (!mission.IsOver) step = mission.Step(mission.Candidates[mission.Expert()].Text);
        Assert.True(step.Succeeded);
    }

    [Theory]
    [InlineData("format", "\"other\"", "format is 'other', must be 'edge-mission-world'.")]
    [InlineData("version", "2", "version is 2, must be 1.")]
    [InlineData("version", "1.5", "version is 1.5; must be a whole number in ")]
    [InlineData("name", "\"\"", "name has 0 characters; must have 1 to 64.")]
    [InlineData("name", "\"a\\u0000b\"", "name holds a control character.")]
    [InlineData("name", "7", "name is 7; must be a text.")]
    [InlineData("limit", "0", "limit is 0; must be a whole number in [1, 1000].")]
    [InlineData("limit", "99999999999", "limit is 99999999999; must be a whole number in [1, 1000].")]
    [InlineData("start", "\"moon 1\"", "start is 'moon 1'; there is no such place.")]
    [InlineData("start", "{}", "start is an object; must be a text.")]
    [InlineData("battery", "[]", "battery is a list; must be an object.")]
    [InlineData("battery", "{\"start\": 9}", "battery.capacity is missing.")]
    [InlineData("battery", "{\"start\": 91, \"capacity\": 90}", "battery.start is 91; must be a whole number in [1, 90].")]
    [InlineData("battery", "{\"start\": 1, \"capacity\": 1001}", "battery.capacity is 1001; must be a whole number in [1, 1000].")]
    [InlineData("sensors", "[\"gauge\", \"gauge\"]", "sensors[1] is 'gauge' a second time.")]
    [InlineData("sensors", "[\"nose\"]", "sensors[0] is 'nose'; must be one of gauge, valve, tank.")]
    [InlineData("sensors", "[]", "targets[0].wanted is true, but 'sensors' has no 'gauge'")]
    [InlineData("places", "{}", "places is an object; must be a list.")]
    [InlineData("places", "[]", "places has 0 entries; must have 2 to 16.")]
    [InlineData("places[1].type", "\"bar\"", "places[1].type is 'bar'; must be one of dock, charger,")]
    [InlineData("places[1].type", "\"dock\"", "places has 2 of type 'dock'; must be exactly 1.")]
    [InlineData("places[1].x", "1e999", "places[1].x is 1e999; must be a number in [-10000, 10000].")]
    [InlineData("places[1].x", "\"1\"", "places[1].x is a text; must be a number in ")]
    [InlineData("places[1].name", "\"dock 1\"", "places[1].name is 'dock 1', which something else is called already.")]
    [InlineData("places[1].name", "\"door 1\"", "places[1].name is 'door 1'; such names are the world's own.")]
    [InlineData("places[1].name", "\"robot\"", "places[1].name is 'robot', which something else is called already.")]
    [InlineData("places[1].name", "\"hall from\"", "places[1].name is 'hall from'; must be one or two words")]
    [InlineData("places[1].name", "\"Hall 1\"", "places[1].name is 'Hall 1'; must be one or two words")]
    [InlineData("places[1].name", "\") (and\"", "places[1].name is ') (and'; must be one or two words")]
    [InlineData("places[1].more", "1", "places[1].more is unknown; known are name, type, x, y.")]
    [InlineData("roads", "[]", "roads has 0 entries; must have 1 to 120.")]
    [InlineData("roads[0].to", "\"dock 1\"", "roads[0].to is 'dock 1', where the road begins; it must lead to another place.")]
    [InlineData("roads[0].metres", "4.9", "roads[0].metres is 4.9, the places are 5 m apart; a road cannot be shorter.")]
    [InlineData("roads[0].metres", "1001", "roads[0].metres is 1001; must be a number in [0, 1000].")]
    [InlineData("roads[0].door", "2", "roads has 1 doors; they must be numbered 1 to 1.")]
    [InlineData("roads[0].door", "0", "roads[0].door is 0; must be a whole number in [1, 4].")]
    [InlineData("lockers", "[\"hall 1\", \"hall 1\", \"hall 1\", \"hall 1\", \"hall 1\"]", "lockers has 5 entries; must have 0 to 4.")]
    [InlineData("lockers", "[3]", "lockers[0] is 3; must be a text.")]
    [InlineData("items", "[{\"name\": \"tray 1\", \"class\": \"tray\", \"place\": \"hall 1\"}]", "items[0] is a tray, and no place processes that.")]
    [InlineData("items", "[{\"name\": \"parcel 1\", \"class\": \"parcel\", \"place\": \"hall 1\"}]", "items[0] is a parcel, and no place takes that.")]
    [InlineData("items", "[{\"name\": \"parcel 1\", \"class\": \"parcel\"}]", "items[0] must have either 'place' or 'locker'.")]
    [InlineData("items", "[{\"name\": \"parcel 1\", \"class\": \"parcel\", \"locker\": 1}]", "items[0].locker is given, but the site has no lockers.")]
    [InlineData("items", "[{\"name\": \"parcel 1\", \"class\": \"love\", \"place\": \"hall 1\"}]", "items[0].class is 'love'; must be one of tray, part, parcel.")]
    [InlineData("targets[0].wanted", "false", "items is empty and no target is wanted; there must be something to do.")]
    [InlineData("targets[0].wanted", "1", "targets[0].wanted is a number; must be true or false.")]
    [InlineData("targets[0].place", "null", "targets[0].place is null; must be a text.")]
    [InlineData("instruction", "null", "instruction is null; must be a text.")]
    [InlineData("limit", "3", "no plan of at most 3 steps solves this mission with a battery of 50 m of 90 m; check roads, battery and limit.")]
    [InlineData("battery", "{\"start\": 4, \"capacity\": 90}", "no plan of at most 10 steps solves this mission with a battery of 4 m of 90 m; check roads, battery and limit.")]
    public void Read_BrokenRule_IsOneSentenceWithItsKey(string key, string json, string sentence)
    {
        var root = Smallest();
        Put(root, key, json);
        string message = Assert.Throws<InvalidDataException>(() => MissionFile.Read(Bytes(root, json), "x")).Message;
        Assert.StartsWith("x: " + sentence, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);

        // 1e999 does not survive a JSON library: it is put in as text.
        static byte[] Bytes(JsonNode root, string json) => Encoding.UTF8.GetBytes(root.ToJsonString().Replace("\"#\"", json, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_PlacesThatNoRoadReaches_AreNamed()
    {
        var root = Smallest();
        root["places"]!.AsArray().Add(JsonNode.Parse("""{"name": "lab 1", "type": "lab", "x": 9, "y": 9}"""));
        Refused(root, "places[2] ('lab 1') cannot be reached from 'dock 1'; roads must join all places.");
        root["roads"]!.AsArray().Add(JsonNode.Parse("""{"from": "hall 1", "to": "dock 1"}"""));
        Refused(root, "roads[1] is a second road between 'hall 1' and 'dock 1'; there may be one.");
    }

    [Fact]
    public void Read_NotJson_NamesThePosition()
    {
        byte[] good = MissionFile.ToBytes(MissionGenerator.Generate(3, MissionFamily.Mixed, new MissionWorldOptions()), 40);
        for (int cut = 0; cut < good.Length - 2; cut += 7) Assert.Contains("x: not JSON, line ", Assert.Throws<InvalidDataException>(() => MissionFile.Read(good.AsMemory(0, cut), "x")).Message, StringComparison.Ordinal);
        Assert.StartsWith("x: the file is a list; must be an object", Assert.Throws<InvalidDataException>(() => MissionFile.Read("[]"u8.ToArray(), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("x: ", Assert.Throws<InvalidDataException>(() => MissionFile.Read(Encoding.UTF8.GetBytes(new string('[', 5000)), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("no UTF-8", Assert.Throws<InvalidDataException>(() => MissionFile.Read(new byte[] { (byte)'"', 0xE5, (byte)'"' }, "x")).Message, StringComparison.Ordinal);
        foreach (string half in (string[])["{\"format\": \"\\ud800\"}", "{\"\\ud800\": 1}"]) Assert.StartsWith("x: ", Assert.Throws<InvalidDataException>(() => MissionFile.Read(Encoding.UTF8.GetBytes(half), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("at most 1048576 are read", Assert.Throws<InvalidDataException>(() => MissionFile.Read(new byte[2 << 20], "x")).Message, StringComparison.Ordinal);
        string doubled = Encoding.UTF8.GetString(good).Replace("\"limit\": 40", "\"limit\": 40, \"limit\": 41", StringComparison.Ordinal);
        Assert.Contains("limit", Assert.Throws<InvalidDataException>(() => MissionFile.Read(Encoding.UTF8.GetBytes(doubled), "x")).Message, StringComparison.Ordinal);
    }

    // Whatever is flipped, put in, taken out: either a sentence, or a mission that its own planner solves.
    [Fact]
    public void Read_AnyMutation_IsRefusedOrSolvable()
    {
        var random = new RandomStream(11);
        int refused = 0, read = 0;
        byte[][] goods = [.. new ulong[] { 3, 4, 6 }.Select(s => MissionFile.ToBytes(MissionGenerator.Generate(s, MissionFamily.Mixed, new MissionWorldOptions(ClosedLockers: true)), 40))];
        string[] splices = ["0", "-1", "9", "1e9", "null", "\"\"", "[]", "{}", "\"store 1\"", "true", ",", "\\u0000", "\u202e"];
        for (int i = 0; i < 1500; i++)
        {
            var bytes = goods[random.NextInt32(goods.Length)].ToList();
            for (int n = 1 + random.NextInt32(3); n > 0; n--)
            {
                int at = random.NextInt32(bytes.Count);
                switch (random.NextInt32(4))
                {
                    case 0: bytes[at] ^= (byte)(1 << random.NextInt32(8)); break;
                    case 1: bytes[at] = (byte)('0' + random.NextInt32(10)); break;
                    case 2: bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.NextInt32(12))); break;
                    default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(splices[random.NextInt32(splices.Length)])); break;
                }
            }
            try
            {
                var task = MissionFile.Read(bytes.ToArray(), "x");
                Assert.Equal(task.Layout.Shortest, task.Start().Remaining());
                read++;
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("x: ", e.Message, StringComparison.Ordinal);
                Assert.True(e.Message.Length < 600 && !e.Message.Contains("Bug", StringComparison.Ordinal), e.Message);
                refused++;
            }
        }
        Assert.True(refused > 500 && read > 50, $"{refused} refused, {read} read");
    }

    // The largest that is allowed and far apart: the planner gives up at its bound instead of searching on.
    [Fact]
    public void Read_LargestHopelessFile_EndsSoon()
    {
        var root = Smallest();
        var (places, roads) = (root["places"]!.AsArray(), root["roads"]!.AsArray());
        for (int p = 2; p < MissionFile.MaxPlaces; p++)
        {
            places.Add(new JsonObject { ["name"] = $"ward {p}", ["type"] = p % 2 == 0 ? "ward" : "charger", ["x"] = 3 * p, ["y"] = 7 * p % 5 });
            foreach (int q in (int[])[p - 1, p - 2]) roads.Add(new JsonObject { ["from"] = places[p]!["name"]!.GetValue<string>(), ["to"] = places[q]!["name"]!.GetValue<string>() });
        }
        // No battery takes it to the last target.
        foreach (var road in roads.TakeLast(2)) road!["metres"] = 60;
        root["lockers"] = new JsonArray("ward 2", "ward 4", "ward 6", "ward 8");
        root["items"] = new JsonArray([.. Enumerable.Range(1, 3).Select(i => new JsonObject { ["name"] = $"parcel {i}", ["class"] = "parcel", ["locker"] = i })]);
        var targets = root["targets"]!.AsArray();
        for (int t = 2; t <= MissionFile.MaxTargets; t++) targets.Add(new JsonObject { ["name"] = $"gauge {t}", ["type"] = "gauge", ["place"] = places[2 * t - 1]!["name"]!.GetValue<string>() });
        root["battery"] = JsonNode.Parse("""{"start": 20, "capacity": 20}""");
        root["limit"] = 1000;
        Refused(root, "no plan of at most 1000 steps solves this mission with a battery of 20 m of 20 m");
    }

    [Fact]
    public void Folder_OfFiles_IsASetInOrderOfItsPaths()
    {
        Assert.False(MissionFolder.Has(_folder));
        Assert.Contains(MissionFile.Ending, Assert.Throws<InvalidDataException>(() => new MissionFolder(_folder)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => new MissionFolder(Path.Combine(_folder, "absent")));
        Directory.CreateDirectory(Path.Combine(_folder, "b"));
        foreach (var (name, seed) in ((string, ulong)[])[("b/1", 7), ("c", 8), ("a", 9)]) MissionFile.Write(Path.Combine(_folder, name + MissionFile.Ending), MissionGenerator.Generate(seed, MissionFamily.Mixed, new MissionWorldOptions()), 33);
        File.WriteAllText(Path.Combine(_folder, "notes.json"), "no mission");
        var set = new MissionFolder(_folder);
        Assert.Equal((3, MissionWorldContract.Shape), (set.Count, set.Shape));
        Assert.Equal(["mixed-a40-9", "mixed-a40-7", "mixed-a40-8"], Enumerable.Range(0, 3).Select(n => set.Start(n).Name));
        Assert.All(Enumerable.Range(0, 3), n => Assert.True(set.IsHeldOut(n)));
        Assert.Equal(33, set.Start(0).Limit);
        Assert.Equal(Path.Combine(_folder, "a" + MissionFile.Ending), set.PathOf(0));
        string broken = Path.Combine(_folder, "d" + MissionFile.Ending);
        File.WriteAllText(broken, "{");
        Assert.StartsWith(broken, Assert.Throws<InvalidDataException>(() => new MissionFolder(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WrongNameOrLimit_IsRefused()
    {
        var layout = MissionGenerator.Generate(3, MissionFamily.Mixed, new MissionWorldOptions());
        Assert.Throws<ArgumentException>(() => MissionFile.Write(Path.Combine(_folder, "x.mission.json"), layout, 40));
        Assert.Throws<ArgumentOutOfRangeException>(() => MissionFile.ToBytes(layout, 0));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static void Refused(JsonNode root, string sentence) => Assert.StartsWith("x: " + sentence, Assert.Throws<InvalidDataException>(() => MissionFile.Read(Encoding.UTF8.GetBytes(root.ToJsonString()), "x")).Message, StringComparison.Ordinal);

    private static MissionWorldTask Read(JsonNode root) => MissionFile.Read(Encoding.UTF8.GetBytes(root.ToJsonString()), "x");

    private static void Put(JsonNode root, string key, string json)
    {
        string[] path = key.Split('.');
        JsonNode at = root;
        foreach (string part in path[..^1]) at = at[part[..part.IndexOf('[')]]![int.Parse(part[(part.IndexOf('[') + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)]!;
        at[path[^1]] = "#";
    }

    private static List<string> Play(MissionWorldMission mission)
    {
        var lines = new List<string> { mission.Instruction, mission.Observation };
        while (!mission.IsOver)
        {
            string command = mission.Candidates[Math.Max(0, mission.Expert())].Text;
            mission.Step(command);
            lines.Add(mission.Observation);
        }
        return lines;
    }

    private static JsonNode Smallest() => JsonNode.Parse("""
        {
          "format": "edge-mission-world", "version": 1, "name": "smallest", "limit": 10, "start": "dock 1", "battery": {"start": 50, "capacity": 90}, "sensors": ["gauge"],
          "places": [{"name": "dock 1", "type": "dock", "x": 0, "y": 0}, {"name": "hall 1", "type": "hall", "x": 3, "y": 4}],
          "roads": [{"from": "dock 1", "to": "hall 1"}],
          "targets": [{"name": "gauge 1", "type": "gauge", "place": "hall 1"}]
        }
        """)!;
}
