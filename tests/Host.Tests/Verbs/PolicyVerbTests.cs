using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host.Tests;

/// <summary><c>edge policy</c> as users call it.</summary>
public sealed class PolicyVerbTests(PolicyWorkshop shop) : IClassFixture<PolicyWorkshop>
{
    private string Keys => shop.At("lab.pub");

    [Fact]
    public void WholeWay_FromAKeyToARollback()
    {
        string store = shop.At("whole"), old = Incumbent(store), good = shop.Install("trained", store);
        string[] at = ["--store", store, "--keys", Keys];

        Assert.Contains("gate Integrity is not passed", PolicyWorkshop.Error(1, ["promote", good, .. at]), StringComparison.Ordinal);
        HasKeys(PolicyWorkshop.Run(0, ["gate", good[..8], "G0", .. at]), ["id", "gate", "name", "passed", "lowered", "stage", "evidence", "at", "incumbent", "families", "seconds"]);
        Assert.Contains("--recorded", PolicyWorkshop.Error(66, ["gate", good, "G1", .. at]), StringComparison.Ordinal);
        var simulated = PolicyWorkshop.Run(0, ["gate", good, "g2", .. at, "--missions", "12", "--record", shop.At("incumbent.jsonl")]);
        Assert.Equal((true, true, old), (Flag(simulated, "passed"), Flag(simulated, "lowered"), Text(simulated, "incumbent")));
        Assert.Equal(12, simulated.GetProperty("families").EnumerateArray().Sum(f => f.GetProperty("missions").GetInt32()));
        Assert.Equal(12, File.ReadAllLines(shop.At("incumbent.jsonl")).Length);
        PolicyWorkshop.Run(0, ["gate", good, "G1", .. at, "--recorded", shop.At("incumbent.jsonl")]);
        PolicyWorkshop.Run(0, ["gate", good, "G3", .. at, "--missions", "4"]);

        // Into shadow without anybody's approval: it decides nothing there.
        Assert.Equal(("shadow", old, good), (Text(PolicyWorkshop.Run(0, ["promote", good, .. at]), "stage"), Current(store), Pointer(store, "candidate")));
        Assert.Contains("--operator", PolicyWorkshop.Error(64, ["promote", good, .. at]), StringComparison.Ordinal);
        Assert.Contains("gate Shadow has no record", PolicyWorkshop.Error(1, ["promote", good, .. at, "--operator", "Ada"]), StringComparison.Ordinal);
        Assert.Contains("rehearsed", Text(PolicyWorkshop.Run(0, ["gate", good, "G4", .. at, "--decisions", "30", "--seconds", "0", "--period-ms", "20"]), "evidence"), StringComparison.Ordinal);
        Assert.Contains("lowered bounds only", PolicyWorkshop.Error(1, ["promote", good, .. at, "--operator", "Ada"]), StringComparison.Ordinal);
        Assert.Equal(old, Current(store));
        var promoted = PolicyWorkshop.Run(0, ["promote", good, .. at, "--operator", "Ada", "--accept-lowered"]);
        HasKeys(promoted, ["id", "stage", "current", "previous", "candidate"]);
        Assert.Equal(("canary", good, old), (Text(promoted, "stage"), Text(promoted, "current"), Text(promoted, "previous")));

        // A policy that learned nothing cannot follow.
        string worse = shop.Install("worse", store);
        PolicyWorkshop.Run(0, ["gate", worse, "G0", .. at]);
        var lost = PolicyWorkshop.Run(1, ["gate", worse, "G2", .. at, "--missions", "12"]);
        Assert.Equal((false, good), (Flag(lost, "passed"), Text(lost, "incumbent")));
        Assert.Contains("may not enter Shadow", PolicyWorkshop.Error(1, ["promote", worse, .. at]), StringComparison.Ordinal);

        var back = PolicyWorkshop.Run(0, "rollback", "--store", store, "--reason", "loiters\nin hall 3");
        HasKeys(back, ["denied", "reason", "current", "previous", "candidate"]);
        Assert.Equal((good, old), (Text(back, "denied"), Text(back, "current")));
        Assert.Contains("deny list", PolicyWorkshop.Error(74, "install", shop.At("trained-lab"), "--store", store, "--keys", Keys), StringComparison.Ordinal);
        Assert.Contains("deny list", PolicyWorkshop.Error(74, ["promote", good, .. at]), StringComparison.Ordinal);
        CheckList(PolicyWorkshop.Run(0, ["list", .. at]), old, good, worse);
        var (_, table, _) = EdgeProgramTests.Run("policy", "list", "--store", store);
        Assert.Contains($"denied {good[..12]}: loiters in hall 3", table, StringComparison.Ordinal);
        Assert.Contains("G0 G1 G2* G3* G4*", table, StringComparison.Ordinal);

        // Again: from the old one to the planner, and then there is nothing left.
        Assert.Equal(JsonValueKind.Null, PolicyWorkshop.Run(0, "rollback", "--store", store, "--reason", "old").GetProperty("current").ValueKind);
        Assert.Contains("the planner drives", PolicyWorkshop.Error(66, "rollback", "--store", store, "--reason", "old"), StringComparison.Ordinal);
    }

    [Fact]
    public void Gate_UntrainedPolicyAgainstThePlanner_LosesG2AndG3()
    {
        string store = shop.At("alone"), id = shop.Install("untrained", store);
        string[] at = ["--store", store, "--keys", Keys, "--missions", "6"];
        foreach (string gate in (string[])["G2", "G3"])
        {
            var result = PolicyWorkshop.Run(1, ["gate", id, gate, .. at]);
            Assert.Equal((false, ""), (Flag(result, "passed"), Text(result, "incumbent")));
            Assert.Contains("against the planner", Text(result, "evidence"), StringComparison.Ordinal);
        }
        Assert.Equal(1, PolicyWorkshop.Run(0, "list", "--store", store).GetProperty("bundles").GetArrayLength());
    }

    [Fact]
    public void Install_WhatIsNotWholeSignedOrFitting_Is74AndLeavesTheStoreEmpty()
    {
        string store = shop.At("refusals"), bundle = shop.At("refused");
        shop.Install("trained", shop.At("spare"));
        foreach (var (spoil, part) in (ReadOnlySpan<(Action, string)>)
        [
            (() => File.AppendAllText(Path.Combine(bundle, "eval.json"), " "), "eval.json"),
            (() => File.Delete(Path.Combine(bundle, "policy.mission.json")), "absent"),
            (() => Edit(bundle, m => m.Remove("signature")), "not signed"),
            (() => Edit(bundle, m => m["id"] = "better"), "does not fit key"),
            (() => Edit(bundle, m => m["signature"]!["keyId"] = "0000000000000000"), "not trusted"),
            (() => File.WriteAllText(Path.Combine(bundle, "manifest.json"), "{"), "not JSON"),
            (() => OtherWorld(bundle), "the running world model has"),
        ])
        {
            Copy(shop.At("trained-lab"), bundle);
            spoil();
            string message = PolicyWorkshop.Error(74, "install", bundle, "--store", store, "--keys", Keys);
            Assert.True(message.Contains(part, StringComparison.Ordinal), $"{part}: {message}");
        }
        Assert.Contains("not trusted", PolicyWorkshop.Error(74, "install", shop.At("trained-lab"), "--store", store, "--keys", shop.At("other.pub")), StringComparison.Ordinal);
        Assert.Empty(PolicyWorkshop.Run(0, "list", "--store", store).GetProperty("bundles").EnumerateArray());
    }

    [Fact]
    public void Pack_PolicyOfAnotherVocabulary_Is74()
    {
        var file = JsonNode.Parse(File.ReadAllText(shop.At("trained.mission.json")))!;
        file["vocabularySha256"] = CandidateWeights.HashOf("another world");
        File.WriteAllText(shop.At("changed.mission.json"), file.ToJsonString());
        Assert.Contains("sha256", Pack("changed"), StringComparison.Ordinal);
        var weights = CandidateBundleRandom(CandidateWeights.HashOf("another world"));
        CandidateFile.Write(shop.At("alien.mission.json"), weights);
        Assert.Contains("was trained for vocabulary", Pack("alien"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(shop.At("packed")));

        string Pack(string name) => PolicyWorkshop.Error(74, "pack", shop.At(name + ".mission.json"), "--key", shop.At("lab.key"), "--out", shop.At("packed"));
    }

    [Fact]
    public void Store_CutInTheMiddleOfAnything_StillListsAndStarts()
    {
        string store = shop.At("cut"), old = Incumbent(store), next = shop.Install("trained", store);
        string[] at = ["--store", store, "--keys", Keys];
        // What a power cut may leave: half-written neighbours, half a folder, a pointer of nonsense, half a gate record.
        File.WriteAllText(Path.Combine(store, "current.next"), old[..20]);
        Directory.CreateDirectory(Path.Combine(store, "bundles", ".new-" + next));
        File.WriteAllText(Path.Combine(store, "bundles", ".new-" + next, "eval.json"), "{");
        File.AppendAllText(Path.Combine(store, "gates", next), "{\"gate\":\"Integrity\",\"pas");
        File.WriteAllText(Path.Combine(store, "candidate"), next[..30]);
        var list = PolicyWorkshop.Run(0, ["list", .. at]);
        Assert.Equal((old, 2), (Text(list, "current"), list.GetProperty("bundles").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, list.GetProperty("candidate").ValueKind);
        PolicyWorkshop.Run(0, ["gate", next, "G0", .. at]);
        Assert.Contains("is not passed", PolicyWorkshop.Error(1, ["promote", next, .. at]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(store, "bundles", ".new-" + next)));

        // A damaged bundle is shown as such, cannot be measured, and is mended by installing it again.
        File.Delete(Path.Combine(store, "bundles", next, "policy.mission.json"));
        var rows = PolicyWorkshop.Run(0, ["list", .. at]).GetProperty("bundles").EnumerateArray().ToDictionary(b => Text(b, "id"));
        Assert.Equal((true, false), (Flag(rows[old], "checked"), Flag(rows[next], "checked")));
        Assert.Contains("absent", Text(rows[next], "problem"), StringComparison.Ordinal);
        Assert.False(Flag(PolicyWorkshop.Run(1, ["gate", next, "G0", .. at]), "passed"));
        Assert.Contains("absent", PolicyWorkshop.Error(74, ["gate", next, "G2", .. at]), StringComparison.Ordinal);
        Assert.Equal(next, shop.Install("trained", store));
        PolicyWorkshop.Run(0, ["gate", next, "G0", .. at]);
    }

    [Fact]
    public void Store_OpenInARunningProgram_CanBeListedAndNotChanged()
    {
        string store = shop.At("busy"), id = Incumbent(store);
        using var robot = new BundleStore(store, new BundleLoader(BundleKeyFile.Read(Keys), MissionWorldContract.Expectations, CandidateBundle.Probe));
        Assert.Equal(id, Text(PolicyWorkshop.Run(0, "list", "--store", store), "current"));
        Assert.Contains("open in another process", PolicyWorkshop.Error(74, "rollback", "--store", store, "--reason", "x"), StringComparison.Ordinal);
        Assert.Equal(id, robot.Named("current"));
    }

    [Theory]
    [InlineData("keygen {0}/lab", 74, "exists; a key is never overwritten")]
    [InlineData("pack {0}/none.mission.json --key {0}/lab.key --out {0}/x", 66, "none.mission.json does not exist")]
    [InlineData("pack {0}/trained.mission.json --key {0}/lab.pub --out {0}/x", 74, "no private key")]
    [InlineData("pack {0}/trained.mission.json --key {0}/none.key --out {0}/x", 66, "none.key does not exist")]
    [InlineData("pack {0}/trained.mission.json --key {0}/lab.key --out {0} --missions 1", 74, "not an empty folder")]
    [InlineData("pack {0}/lab.pub --key {0}/lab.key --out {0}/x", 74, "lab.pub")]
    [InlineData("pack {0}/trained.mission.json --key {0}/lab.key --out {0}/x --parent abc", 64, "--parent is 'abc'")]
    [InlineData("install {0}/none --store {0}/s --keys {0}/lab.pub", 66, "is no folder")]
    [InlineData("install {0} --store {0}/s --keys {0}/lab.pub", 66, "manifest.json' is absent")]
    [InlineData("install {0} --store {0}/s --keys {0}/lab.key", 74, "holds a private key")]
    [InlineData("install {0} --store {0}/s --keys {0}/none.pub", 66, "none.pub does not exist")]
    [InlineData("install {0} --keys {0}/lab.pub", 64, "--store")]
    [InlineData("list --store {0}/none", 66, "holds no policy store")]
    [InlineData("gate abcd G0 --store {0}/none --keys {0}/lab.pub", 66, "holds no policy store")]
    [InlineData("gate abcd G7 --store {0}/none --keys {0}/lab.pub", 64, "'G7' is no gate")]
    [InlineData("gate abcd G2 --store {0}/none --keys {0}/lab.pub --size Tiny", 64, "--size is 'Tiny'")]
    [InlineData("gate abcd G1 --store {0}/none --keys {0}/lab.pub --recorded {0}/lab.pub", 74, "line 1: no recorded mission")]
    [InlineData("promote abcd --store {0}/empty --keys {0}/lab.pub", 66, "is no bundle of this store")]
    [InlineData("rollback --store {0}/empty --reason x", 66, "no current policy")]
    [InlineData("rollback --store {0}/empty --reason ", 64, "--reason is empty")]
    [InlineData("rollback --store {0}/empty", 64, "--reason")]
    public void Run_WrongOrMissing_IsOneSentence(string line, int code, string part)
    {
        Directory.CreateDirectory(shop.At("empty", "bundles"));
        Directory.CreateDirectory(shop.At("empty", "gates"));
        string message = PolicyWorkshop.Error(code, [.. line.Split(' ').Select(a => a.Replace("{0}", shop.Root, StringComparison.Ordinal))]);
        Assert.True(message.Contains(part, StringComparison.Ordinal), message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void PackAndKeygen_Json_HasItsKeys()
    {
        var key = PolicyWorkshop.Run(0, "keygen", shop.At("fresh"));
        HasKeys(key, ["keyId", "privateKey", "publicKey"]);
        var pack = PolicyWorkshop.Run(0, "pack", shop.At("trained.mission.json"), "--key", Text(key, "privateKey"), "--out", shop.At("fresh-bundle"), "--missions", "2", "--parent", new string('a', 64));
        HasKeys(pack, ["id", "name", "folder", "keyId", "success", "families"]);
        Assert.Equal((Text(key, "keyId"), 6), (Text(pack, "keyId"), pack.GetProperty("success").GetProperty("n").GetInt32()));
        using var report = JsonDocument.Parse(File.ReadAllText(shop.At("fresh-bundle", "eval.json")));
        Assert.Equal(pack.GetProperty("success").GetRawText(), report.RootElement.GetProperty("success").GetRawText());
    }

    private static void CheckList(JsonElement list, string old, string good, string worse)
    {
        HasKeys(list, ["store", "current", "previous", "candidate", "bundles", "denied"]);
        var rows = list.GetProperty("bundles").EnumerateArray().ToDictionary(b => Text(b, "id"));
        Assert.Equal([good, old, worse], rows.Keys.Order(StringComparer.Ordinal).OrderBy(id => id == good ? 0 : id == old ? 1 : 2));
        HasKeys(rows[good], ["id", "name", "kind", "created", "parent", "stage", "pointers", "denied", "checked", "problem", "gates"]);
        Assert.Equal((true, "installed", "trained", "compact"), (Flag(rows[good], "denied"), Text(rows[good], "stage"), Text(rows[good], "name"), Text(rows[good], "kind")));
        Assert.Equal(["G0", "G1", "G2", "G3", "G4"], rows[good].GetProperty("gates").EnumerateArray().Select(g => Text(g, "gate")));
        HasKeys(rows[good].GetProperty("gates")[0], ["gate", "passed", "lowered", "evidence", "stage", "at"]);
        Assert.Contains("current", rows[old].GetProperty("pointers").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal((good, "loiters in hall 3"), (Text(list.GetProperty("denied")[0], "id"), Text(list.GetProperty("denied")[0], "reason")));
    }

    /// <summary>Makes a store whose current policy is the untrained one. No gate lets it pass, so its records are written by hand, as a robot's program would write its own.</summary>
    private string Incumbent(string store)
    {
        string id = shop.Install("untrained", store);
        using var opened = new BundleStore(store, new BundleLoader(BundleKeyFile.Read(Keys), MissionWorldContract.Expectations, CandidateBundle.Probe));
        var ledger = new GateLedger(opened, TimeProvider.System);
        foreach (var gate in (Gate[])[Gate.Integrity, Gate.Replay, Gate.Simulation, Gate.Forgetting, Gate.Shadow]) ledger.Run(id, gate, () => new GateResult(true, "by hand"));
        ledger.EnterShadow(id);
        ledger.Advance(id, new OperatorApproval("test", id, RolloutStage.Canary, DateTimeOffset.UnixEpoch));
        return id;
    }

    private static CandidateWeights CandidateBundleRandom(string vocabulary)
    {
        var old = MissionWorldContract.Shape;
        var card = new CandidateCard { Name = "alien", State = old.State, Event = old.Event, Candidate = old.Candidate, VocabularyHash = vocabulary, Encoder = 2, Memory = 2, First = 2, Second = 2 };
        return new CandidateWeights(card, [.. CandidateWeights.NamesOf(card).Select(n => new float[n.Count])]);
    }

    private static void Edit(string bundle, Action<JsonObject> change)
    {
        string path = Path.Combine(bundle, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }

    // Well signed by a trusted key, and for other actions.
    private void OtherWorld(string bundle)
    {
        Directory.Delete(bundle, recursive: true);
        using var key = BundleKeyFile.ReadPrivate(shop.At("lab.key"));
        var world = MissionWorldContract.Expectations;
        BundleWriter.Write(bundle, new BundleManifest("other", BundleKind.Planner, "", "2030-01-31T23:59:59Z", [], CandidateWeights.HashOf("other actions"), world.ObservationSchemaSha256, world.DomainSha256, null, "", [], "eval.json", null, null), new Dictionary<string, byte[]> { ["eval.json"] = [.. "{}"u8] }, key);
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to)) Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static void HasKeys(JsonElement found, string[] keys) => Assert.Equal(keys.Order(StringComparer.Ordinal), found.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));

    private static string Text(JsonElement json, string key) => json.GetProperty(key).GetString()!;

    private static bool Flag(JsonElement json, string key) => json.GetProperty(key).GetBoolean();

    private static string? Pointer(string store, string name) => PolicyWorkshop.Run(0, "list", "--store", store).GetProperty(name).GetString();

    private static string? Current(string store) => Pointer(store, "current");
}
