namespace EdgeAutonomy.Agents.Tests;

public sealed class BundleStoreTests : IDisposable
{
    private readonly BundleWorkshop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Start_EmptyStore_LeavesThePlannerWithoutFindings()
    {
        using var store = Open();
        var start = store.Start();
        Assert.Equal((null, "planner", 0), (start.Bundle, start.Place, start.Findings.Length));
    }

    [Fact]
    public void Promote_TwoPolicies_KeepsTheOldOneAsPrevious()
    {
        using var store = Open();
        var (a, b) = TwoPolicies(store);
        Assert.Equal((b, a, null), (store.Named("current"), store.Named("previous"), store.Named("candidate")));
        Assert.Equal((b, "current"), (store.Start().Bundle!.Id, store.Start().Place));
    }

    [Theory]
    [InlineData("weights")]
    [InlineData("pointer")]
    [InlineData("gone")]
    public void Start_BrokenCurrent_FallsBackToPreviousAndReportsIt(string damage)
    {
        using var store = Open();
        var (a, b) = TwoPolicies(store);
        Damage(damage, "current", b);
        var start = store.Start();
        Assert.Equal((a, "previous", 1), (start.Bundle!.Id, start.Place, start.Findings.Length));
        Damage(damage, "previous", a);
        start = store.Start();
        Assert.Equal((null, "planner", 3), (start.Bundle, start.Place, start.Findings.Length));
    }

    [Fact]
    public void Start_DenyListThatCannotBeRead_TrustsNothing()
    {
        using var store = Open();
        var (_, b) = TwoPolicies(store);
        string denied = Path.Combine(_shop.StoreRoot, "denied");
        Assert.Equal(b, store.Start().Bundle!.Id);
        File.WriteAllText(denied, "");
        using (new FileStream(denied, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var start = store.Start();
            Assert.Equal((null, "planner", 1), (start.Bundle, start.Place, start.Findings.Length));
        }
        Assert.Equal(b, store.Start().Bundle!.Id);
    }

    [Fact]
    public void Rollback_Twice_IsTheSameAsOnceAndDeniesForGood()
    {
        using var store = Open();
        var (a, b) = TwoPolicies(store);
        Assert.Equal(a, store.Rollback(b, "loitering"));
        Assert.Equal(a, store.Rollback(b, "loitering"));
        Assert.True(store.IsDenied(b));
        Assert.Single(File.ReadAllLines(Path.Combine(_shop.StoreRoot, "denied")));
        Assert.Equal(BundleRefusal.Denied, Assert.Throws<BundleException>(() => store.SetCandidate(b)).Refusal);
        Assert.Equal(BundleRefusal.Denied, Assert.Throws<BundleException>(() => store.Load(b)).Refusal);
        Assert.Equal(a, store.Start().Bundle!.Id);
        // The last good one fails too: the planner drives.
        Assert.Null(store.Rollback(a, "deadlines"));
        Assert.Equal("planner", store.Start().Place);
    }

    [Fact]
    public void Rollback_OfAPolicyThatIsNotCurrent_ChangesNoPointerButDenies()
    {
        using var store = Open();
        var (a, b) = TwoPolicies(store);
        string c = store.Install(_shop.Make());
        store.SetCandidate(c);
        Assert.Equal(b, store.Rollback(c, "shadow failed"));
        Assert.Equal((b, a, null), (store.Named("current"), store.Named("previous"), store.Named("candidate")));
    }

    [Fact]
    public void Install_MoreThanFive_KeepsTheLastFiveAndThePointed()
    {
        using var store = Open();
        var (a, b) = TwoPolicies(store);
        string[] more = [.. Enumerable.Range(0, 7).Select(_ => store.Install(_shop.Make()))];
        Assert.Equal(new[] { a, b }.Concat(more[2..]).Order(), store.List().Order());
        Assert.Equal(b, store.Start().Bundle!.Id);
    }

    [Fact]
    public void Install_Twice_ChangesNothingAndRepairsDamage()
    {
        using var store = Open();
        string folder = _shop.Make(), id = store.Install(folder);
        Assert.Equal(id, store.Install(folder));
        Damage("weights", "current", id);
        Assert.Throws<BundleException>(() => store.Load(id));
        store.Install(folder);
        store.Load(id);
    }

    [Fact]
    public void Open_Twice_IsRefused()
    {
        using var store = Open();
        Assert.ThrowsAny<IOException>(() => Open());
    }

    [Fact]
    public void Write_OfAPointer_SyncsBeforeAndAfterTheRename()
    {
        var steps = new List<StoreStep>();
        using (var store = Open()) TwoPolicies(store);
        using var traced = new BundleStore(_shop.StoreRoot, _shop.Loader, (step, path) => { if (path.EndsWith("candidate", StringComparison.Ordinal)) steps.Add(step); });
        traced.SetCandidate(traced.Named("current")!);
        Assert.Equal([StoreStep.TempWritten, StoreStep.TempSynced, StoreStep.Renamed, StoreStep.FolderSynced], steps);
    }

    [Theory]
    [InlineData("install")]
    [InlineData("candidate")]
    [InlineData("promote")]
    [InlineData("rollback")]
    public void AnyChange_CutAtAnyStep_LeavesAWorkingStoreAndCanBeRepeated(string change)
    {
        int steps = 0;
        while (true)
        {
            string root = Path.Combine(_shop.Root, $"cut-{change}-{steps}");
            var plan = StorePlan.Prepare(root, _shop);
            bool wasCut = false;
            int left = steps;
            using (var store = new BundleStore(root, _shop.Loader, (_, _) => { if (left-- == 0) throw new PowerCutException(); }))
            {
                try
                {
                    plan.Do(change, store);
                }
                catch (PowerCutException)
                {
                    wasCut = true;
                }
            }
            using var after = new BundleStore(root, _shop.Loader);
            plan.CheckAfterCut(change, after);
            plan.Do(change, after);
            plan.CheckDone(change, after);
            if (!wasCut) break;
            steps++;
        }
        // The control: there were steps to be cut at.
        Assert.True(steps >= 4, $"{change} has {steps} steps.");
    }

    private BundleStore Open() => new(_shop.StoreRoot, _shop.Loader);

    private (string A, string B) TwoPolicies(BundleStore store)
    {
        string a = store.Install(_shop.Make()), b = store.Install(_shop.Make());
        store.Promote(Passes.For(a));
        store.SetCandidate(b);
        store.Promote(Passes.For(b));
        return (a, b);
    }

    private void Damage(string damage, string place, string id)
    {
        string home = Path.Combine(_shop.StoreRoot, "bundles", id);
        if (damage == "weights") File.WriteAllBytes(Path.Combine(home, "weights.bin"), new byte[12]);
        if (damage == "pointer") File.WriteAllText(Path.Combine(_shop.StoreRoot, place), "../../etc");
        if (damage == "gone") Directory.Delete(home, recursive: true);
    }

    private sealed class PowerCutException : Exception;
}
