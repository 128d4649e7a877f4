namespace EdgeAutonomy.Agents.Tests;

public sealed class PromiseStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promises").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void TryPut_Reopened_IsThere()
    {
        var store = new FilePromiseStore(Path("a"));
        Assert.True(store.IsFresh);
        Assert.True(store.TryPut("lease/t", new Promise(ulong.MaxValue, "r1 3 0")));
        Assert.True(store.TryPut("inc", new Promise(7, "")));
        store.TryPut("x", new Promise(1, "ä"));
        store.Remove("x");
        var again = new FilePromiseStore(Path("a"));
        Assert.False(again.IsFresh);
        Assert.True(again.TryGet("lease/t", out var promise));
        Assert.Equal(new Promise(ulong.MaxValue, "r1 3 0"), promise);
        Assert.Equal(["inc", "lease/t"], again.Keys(""));
    }

    [Fact]
    public void TryPut_KilledAtEveryStep_LeavesTheOldOrTheNew()
    {
        foreach (var step in new[] { StoreStep.TempWritten, StoreStep.TempSynced, StoreStep.Renamed, StoreStep.FolderSynced })
        {
            string path = Path(step.ToString());
            new FilePromiseStore(path).TryPut("term", new Promise(1, "a"));
            var dying = new FilePromiseStore(path, (at, _) =>
            {
                if (at == step) throw new PowerCutException();
            });
            Assert.Throws<PowerCutException>(() => dying.TryPut("term", new Promise(2, "b")));
            Assert.True(new FilePromiseStore(path).TryGet("term", out var promise));
            Assert.Equal(step < StoreStep.Renamed ? new Promise(1, "a") : new Promise(2, "b"), promise);
        }
    }

    [Fact]
    public void Open_AnyByteDamaged_IsSetAsideAndFresh()
    {
        string path = Path("d");
        new FilePromiseStore(path).TryPut("term", new Promise(1, "a"));
        byte[] good = File.ReadAllBytes(path);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x10;
            File.WriteAllBytes(path, bad);
            var store = new FilePromiseStore(path);
            Assert.True(store is { IsFresh: true, Damaged: true, Count: 0 });
            Assert.True(File.Exists(path + ".damaged"));
        }
        File.WriteAllBytes(path, good.AsSpan(0, good.Length - 3).ToArray());
        Assert.True(new FilePromiseStore(path).Damaged);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private sealed class PowerCutException : Exception;
}
