using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Federated;

public sealed class FederatedStoreTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void File_PutAndOpenedAgain_HoldsTheModel()
    {
        var model = FederatedModel.Shipped([1, -2, 3.5f]);
        Assert.True(new FileFederatedStore(_folder).TryPut("model", model.ToBytes()));
        var store = new FileFederatedStore(_folder);
        var read = FederatedModel.TryRead(store.Get("model"))!;
        Assert.Equal((model.Head.Sha256, 0u, 3), (read.Head.Sha256, read.Head.Round, read.Values.Length));
        Assert.True(read.Values.Span.SequenceEqual(model.Values.Span));
        Assert.Null(store.Get("update"));
        store.Remove("model");
        Assert.Null(store.Get("model"));
        Assert.Throws<ArgumentException>(() => store.Get("../model"));
    }

    [Fact]
    public void File_EveryByteDamaged_CountsAsNone()
    {
        var store = new FileFederatedStore(_folder);
        store.TryPut("model", FederatedModel.Shipped([1, 2]).ToBytes());
        string path = Path.Combine(_folder, "model.bin");
        byte[] good = File.ReadAllBytes(path);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 4;
            File.WriteAllBytes(path, bad);
            Assert.Null(store.Get("model"));
        }
        File.WriteAllBytes(path, good[..20]);
        Assert.Null(store.Get("model"));
    }

    [Fact]
    public void File_PowerCutAtAnyStep_LeavesTheOldOrTheNew()
    {
        foreach (var step in (StoreStep[])[StoreStep.TempWritten, StoreStep.TempSynced, StoreStep.Renamed, StoreStep.FolderSynced])
        {
            Assert.True(new FileFederatedStore(_folder).TryPut("model", [1]));
            var cut = new FileFederatedStore(_folder, (at, _) =>
            {
                if (at == step) throw new IOException("cut");
            });
            Assert.False(cut.TryPut("model", [2, 2]));
            byte[] left = new FileFederatedStore(_folder).Get("model")!;
            Assert.Equal(step is StoreStep.Renamed or StoreStep.FolderSynced ? 2 : 1, left.Length);
        }
    }

    [Fact]
    public void Model_ArbitraryBytes_IsRefusedOrWhole()
    {
        var random = new RandomStream(3);
        byte[] good = FederatedModel.Shipped([1, 2, 3]).ToBytes();
        for (int k = 0; k < 3000; k++)
        {
            byte[] bytes = good[..random.NextInt32(good.Length + 1)];
            for (int i = random.NextInt32(3); i > 0 && bytes.Length > 0; i--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextUInt64();
            if (FederatedModel.TryRead(bytes) is { } model) Assert.Equal(FederatedModel.HashOf(model.Values.Span), model.Head.Sha256);
        }
    }
}
