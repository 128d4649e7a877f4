using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Candidate policies as bundles, the keys they are signed with, and trials of missions.</summary>
public sealed class CandidateBundleTests : IDisposable
{
    private static readonly MissionWorldMissions _missions = new(MissionFamily.InspectReport, new MissionWorldOptions());

    private readonly string _root = Directory.CreateTempSubdirectory("edge-candidates-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Write_ThenLoad_GivesThePolicyBackUnderTheBundlesId()
    {
        var keys = Keys("lab");
        string id = Pack("a", "lab.key");
        var bundle = new BundleLoader(keys, MissionWorldContract.Expectations, CandidateBundle.Probe).Load(At("a"), id);
        var policy = CandidateBundle.Open(bundle, MissionWorldContract.Shape);
        Assert.Equal((id, "{}"), (policy.Version, Encoding.UTF8.GetString(bundle.File("eval.json").Span)));
        // A golden output that is off by a little more than allowed is another machine's; the signature alone would not see it.
        string Tampered(float by) => Pack($"b{by}", "lab.key", (name, bytes) => name == "selftest.json" ? Shift(bytes, by) : bytes);
        Assert.NotNull(new BundleLoader(keys, MissionWorldContract.Expectations, CandidateBundle.Probe).Load(At("b5E-05"), Tampered(5e-5f)));
        Tampered(2e-4f);
        Assert.Equal(BundleRefusal.SelfTest, Refused("b0.0002", keys));
        Assert.Equal(BundleRefusal.Signature, Refused("a", Keys("other")));
        foreach (string name in (string[])["policy.mission.json", "selftest.json", "manifest.json"])
        {
            Pack("c" + name, "lab.key");
            byte[] bytes = File.ReadAllBytes(At("c" + name, name));
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(At("c" + name, name), bytes);
            Assert.True(Refused("c" + name, keys) is BundleRefusal.File or BundleRefusal.Signature or BundleRefusal.Malformed, name);
        }
    }

    [Theory]
    [InlineData("{\"input\":[0],\"output\":[1]}")]
    [InlineData("{\"input\":[1.5],\"output\":[1]}")]
    [InlineData("{\"input\":[3e9],\"output\":[1]}")]
    [InlineData("{\"input\":[4096,1,2,3],\"output\":[1]}")]
    [InlineData("{\"input\":[],\"output\":[1]}")]
    [InlineData("{\"input\":[-1],\"output\":[1]}")]
    [InlineData("null")]
    public void Load_MalformedGoldenPair_IsRefused(string pair)
    {
        var keys = Keys("lab");
        Pack("a", "lab.key", (name, bytes) => name == "selftest.json" ? Encoding.UTF8.GetBytes(pair) : bytes);
        Assert.Equal(BundleRefusal.SelfTest, Refused("a", keys));
    }

    [Fact]
    public void Write_FolderThatIsNotEmpty_IsRefused()
    {
        Keys("lab");
        Pack("a", "lab.key");
        Assert.Throws<IOException>(() => Pack("a", "lab.key"));
    }

    [Fact]
    public void KeyFile_PrivateKey_IsForItsOwnerOnlyAndNeverForRobots()
    {
        string id = BundleKeyFile.Create(At("k.key"), At("k.pub"));
        Assert.Throws<IOException>(() => BundleKeyFile.Create(At("k.key"), At("new.pub")));
        Assert.False(File.Exists(At("new.pub")));
        using (var key = BundleKeyFile.ReadPrivate(At("k.key"))) Assert.Equal(id, BundleKeyFile.IdOf(key));
        Assert.Contains("private key", Assert.Throws<InvalidDataException>(() => BundleKeyFile.Read(At("k.key"))).Message, StringComparison.Ordinal);
        Assert.Contains("no private key", Assert.Throws<InvalidDataException>(() => BundleKeyFile.ReadPrivate(At("k.pub"))).Message, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("k.key")));
        File.SetUnixFileMode(At("k.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => BundleKeyFile.ReadPrivate(At("k.key"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyFile_OfPublicKeys_TakesSeveralAndRefusesOtherThings()
    {
        Keys("lab");
        Keys("other");
        File.WriteAllText(At("all.pub"), "# robots of hall 3\n" + File.ReadAllText(At("lab.pub")) + File.ReadAllText(At("other.pub")) + File.ReadAllText(At("lab.pub")));
        Pack("a", "lab.key");
        Pack("b", "other.key");
        var loader = new BundleLoader(BundleKeyFile.Read(At("all.pub")), MissionWorldContract.Expectations, CandidateBundle.Probe);
        loader.Load(At("a"));
        loader.Load(At("b"));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (string text in (string[])["", "none", p384.ExportSubjectPublicKeyInfoPem(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", new string('x', 70_000)])
        {
            File.WriteAllText(At("bad.pub"), text);
            Assert.Throws<InvalidDataException>(() => BundleKeyFile.Read(At("bad.pub")));
        }
    }

    [Fact]
    public void Store_ToLookAt_OpensBesideTheRobotAndChangesNothing()
    {
        var keys = Keys("lab");
        var loader = new BundleLoader(keys, MissionWorldContract.Expectations, CandidateBundle.Probe);
        Pack("a", "lab.key");
        Assert.Throws<DirectoryNotFoundException>(() => BundleStore.Read(At("none"), loader));
        using var robot = new BundleStore(At("store"), loader);
        string id = robot.Install(At("a"));
        Assert.Throws<IOException>(() => new BundleStore(At("store"), loader));
        using var look = BundleStore.Read(At("store"), new BundleLoader(new BundleKeys(), MissionWorldContract.Expectations));
        Assert.Equal(("random", id), (look.Describe(look.Resolve(id[..4])).Id, look.List().Single()));
        string[] before = Directory.GetFileSystemEntries(At("store"), "*", SearchOption.AllDirectories);
        Assert.Throws<InvalidOperationException>(() => look.Rollback(id, "test"));
        using var checking = BundleStore.Read(At("store"), loader);
        Pack("b", "lab.key", seed: 2);
        Assert.Throws<InvalidOperationException>(() => checking.Install(At("b")));
        Assert.Throws<InvalidOperationException>(() => checking.SetCandidate(id));
        Assert.Throws<InvalidOperationException>(() => new GateLedger(checking, TimeProvider.System).RunIntegrity(id));
        Assert.Equal(before, Directory.GetFileSystemEntries(At("store"), "*", SearchOption.AllDirectories));
        Assert.Throws<BundleException>(() => look.Resolve("ab"));
        Assert.Throws<BundleException>(() => look.Resolve("zzzz"));
    }

    [Fact]
    public async Task Trial_UntrainedPolicy_IsNotCarriedToItsGoalByThePlanner()
    {
        var trial = new MissionTrial(TimeProvider.System);
        var policy = new CandidatePolicy(RandomWeights(3), MissionWorldContract.Shape);
        int alone = 0, planned = 0, helped = 0;
        for (int i = 0; i < 10; i++)
        {
            if ((await trial.PlayAsync(new PolicyLine(policy), _missions.Start(5 * i))).Succeeded) alone++;
            if ((await trial.PlayAsync(PolicyLine.PlannerOnly, _missions.Start(5 * i))).Succeeded) planned++;
            var mission = _missions.Start(5 * i);
            var runtime = new AgentRuntime(new PolicyLine(policy), new GuardChain(new NoHazard(), TimeProvider.System), TimeProvider.System, new AgentRuntimeOptions { OffThread = false });
            var report = await new MissionRunner(runtime, TimeProvider.System, new MissionRunnerOptions { Period = TimeSpan.Zero }).RunAsync(mission, new SteppingBody(mission));
            if (report.Outcome == MissionOutcome.Succeeded) helped++;
        }
        Assert.Equal(10, planned);
        Assert.True(alone <= 1, $"{alone} of 10 alone.");
        // Why the trial silences the planner: behind it, the same policy would look better than it is.
        Assert.True(helped >= alone, $"{helped} of 10 with the planner behind, {alone} alone.");
    }

    [Fact]
    public async Task Replay_OfTheExpertsMission_CountsWhatThePolicyWouldHaveDone()
    {
        var trial = new MissionTrial(TimeProvider.System);
        var played = await trial.PlayAsync(PolicyLine.PlannerOnly, _missions.Start(5));
        var policy = new CandidatePolicy(RandomWeights(3), MissionWorldContract.Shape);
        int n = played.Commands.Length;
        Assert.Equal(new ReplayFigures(n, 0, n, n), await trial.ReplayAsync(policy, _missions.Start(5), played.Commands));
        // One that names what is not there is ungrounded, one that throws as well.
        Assert.Equal(new ReplayFigures(n, 0, 0, n), await trial.ReplayAsync(new ScriptedPolicy(_ => new ActionCall("fly", [], "fly")), _missions.Start(5), played.Commands));
        Assert.Equal(0, (await trial.ReplayAsync(new ScriptedPolicy((_, _) => throw new FormatException()), _missions.Start(5), played.Commands)).Grounded);
        // What the envelope refuses counts where the recorded command passes it.
        var fenced = new MissionTrial(TimeProvider.System, new FixedEnvelope(call => call.Text == played.Commands[0] ? GuardReason.None : GuardReason.Fence));
        var figures = await fenced.ReplayAsync(new ScriptedPolicy(c => c.Candidates.First(a => a.Text != played.Commands[0])), _missions.Start(5), played.Commands);
        Assert.Equal(played.Commands.Count(c => c == played.Commands[0]), figures.Unsafe);
        await Assert.ThrowsAsync<InvalidDataException>(() => trial.ReplayAsync(policy, _missions.Start(10), ["fly"]));
    }

    [Fact]
    public void RecordedMissions_RoundTripAndRefuseWhatIsNone()
    {
        RecordedMission[] missions = [new(_missions.Name, 5, ["drive to hall 1", "say \"é\""]), new("x", 0, [])];
        RecordedMissionFile.Write(At("m.jsonl"), missions);
        var read = RecordedMissionFile.Read(At("m.jsonl"));
        Assert.Equal(missions.Select(m => (m.Set, m.Number, string.Join('|', m.Commands))), read.Select(m => (m.Set, m.Number, string.Join('|', m.Commands))));
        Assert.Equal(_missions.Name, MissionWorldMissions.Named(_missions.Name)!.Name);
        Assert.Null(MissionWorldMissions.Named("x"));
        string good = File.ReadLines(At("m.jsonl")).First();
        for (int cut = 1; cut < good.Length; cut++)
        {
            File.WriteAllText(At("bad.jsonl"), good[..cut]);
            Assert.Contains("line 1", Assert.Throws<InvalidDataException>(() => RecordedMissionFile.Read(At("bad.jsonl"))).Message, StringComparison.Ordinal);
        }
        foreach (string bad in (string[])["", "[]", "{\"set\":\"x\",\"number\":-1,\"commands\":[]}", "{\"set\":null,\"number\":1,\"commands\":[]}", "{\"set\":\"x\",\"number\":1,\"commands\":[1]}"])
        {
            File.WriteAllText(At("bad.jsonl"), bad);
            Assert.Throws<InvalidDataException>(() => RecordedMissionFile.Read(At("bad.jsonl")));
        }
    }

    internal static CandidateWeights RandomWeights(ulong seed)
    {
        var shape = MissionWorldContract.Shape;
        var card = new CandidateCard { Name = "random", State = shape.State, Event = shape.Event, Candidate = shape.Candidate, VocabularyHash = CandidateWeights.HashOf(shape.Vocabulary), Encoder = 8, Memory = 8, First = 16, Second = 8, Seed = seed };
        var random = RandomStream.For(seed, "weights");
        return new CandidateWeights(card, [.. CandidateWeights.NamesOf(card).Select(n => Enumerable.Range(0, n.Count).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray())]);
    }

    private static byte[] Shift(byte[] pair, float by)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(pair)!;
        json["output"]![0] = json["output"]![0]!.GetValue<float>() + by;
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private string Pack(string folder, string key, Func<string, byte[], byte[]>? change = null, ulong seed = 1)
    {
        using var signing = BundleKeyFile.ReadPrivate(At(key));
        var hashes = MissionWorldContract.Expectations;
        var manifest = new BundleManifest("random", BundleKind.Compact, "", "2030-01-31T23:59:59Z", [], hashes.ActionVocabularySha256, hashes.ObservationSchemaSha256, hashes.DomainSha256, null, "", [1], CandidateBundle.ReportFile, null, null);
        var files = CandidateBundle.Files(RandomWeights(seed), _missions.Start(0), "{}"u8.ToArray());
        return BundleWriter.Write(At(folder), manifest, files.ToImmutableSortedDictionary(f => f.Key, f => change?.Invoke(f.Key, f.Value) ?? f.Value), signing);
    }

    private BundleKeys Keys(string name)
    {
        BundleKeyFile.Create(At(name + ".key"), At(name + ".pub"));
        return BundleKeyFile.Read(At(name + ".pub"));
    }

    private BundleRefusal Refused(string folder, BundleKeys keys) => Assert.Throws<BundleException>(() => new BundleLoader(keys, MissionWorldContract.Expectations, CandidateBundle.Probe).Load(At(folder))).Refusal;

    private string At(params string[] parts) => Path.Combine([_root, .. parts]);
}
