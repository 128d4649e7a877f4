namespace EdgeAutonomy.Agents.Tests;

/// <summary>A store with an old, a current and a new policy, the changes to cut, and what must hold after a cut and in the end.</summary>
internal sealed record StorePlan(string Old, string Now, string New, string NewFolder)
{
    public static StorePlan Prepare(string root, BundleWorkshop shop)
    {
        string folder = shop.Make();
        using var store = new BundleStore(root, shop.Loader);
        string a = store.Install(shop.Make()), b = store.Install(shop.Make()), c = shop.Loader.Load(folder).Id;
        store.Promote(Passes.For(a));
        store.Promote(Passes.For(b));
        return new StorePlan(a, b, c, folder);
    }

    public void Do(string change, BundleStore store)
    {
        if (change == "rollback")
        {
            store.Rollback(Now, "test");
            return;
        }
        store.Install(NewFolder);
        if (change == "install") return;
        store.SetCandidate(New);
        if (change == "promote") store.Promote(Passes.For(New));
    }

    public void CheckAfterCut(string change, BundleStore store)
    {
        var start = store.Start();
        Assert.NotNull(start.Bundle);
        string[] allowed = change switch { "promote" => [Now, New], "rollback" => [Now, Old], _ => [Now] };
        Assert.Contains(start.Bundle.Id, allowed);
        // Once denied, never used again, wherever the pointers stood when the power failed.
        if (store.IsDenied(Now)) Assert.Equal(Old, start.Bundle.Id);
        Assert.Equal("current", start.Place);
    }

    public void CheckDone(string change, BundleStore store)
    {
        var (current, previous, candidate) = (store.Named("current"), store.Named("previous"), store.Named("candidate"));
        switch (change)
        {
            case "install": Assert.Equal((Now, Old, null), (current, previous, candidate)); break;
            case "candidate": Assert.Equal((Now, Old, New), (current, previous, candidate)); break;
            case "promote": Assert.Equal((New, Now, null), (current, previous, candidate)); break;
            default: Assert.Equal((Old, true), (current, store.IsDenied(Now))); break;
        }
    }
}
