using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeAutonomy.Agents;

/// <summary>Gives contents out to the robots that ask for them: one sender per content, which sends what any of them misses; paced by one bucket.</summary>
internal sealed class FederatedOutlet(FleetNode node, FederatedStreamOptions options)
{
    private const int MaxRequests = 256;
    private static readonly PublishOptions Bulk = new(PublishClass.Bulk, ExpirySeconds: 60);
    private readonly SortedList<string, Item> _items = new(StringComparer.Ordinal);
    private readonly TokenBucket _bucket = new(options.BytesPerSecond, options.Burst);
    private readonly byte[] _bytes = new byte[ChunkWire.HeadBytes + TransferManifest.MaxChunkBytes];
    private string _to = "";
    private string _listTo = "", _chunkTo = "";

    public long Chunks { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Gets whether somebody waits for something.</summary>
    public bool IsActive
    {
        get
        {
            foreach (var item in _items.Values)
            {
                if (item.ListWanted || !item.Sender.IsDone) return true;
            }
            return false;
        }
    }

    /// <summary>Puts a content into a place, in which one stood before or not.</summary>
    /// <returns>By what to ask for it: the sha256 of its manifest.</returns>
    public string Put(string place, uint round, string baseSha256, float[] values)
    {
        var manifest = TransferManifest.Of(round, baseSha256, MemoryMarshal.AsBytes<float>(values), options.ChunkBytes);
        byte[] list = manifest.ToBytes();
        string id = Convert.ToHexStringLower(SHA256.HashData(list));
        if (_items.TryGetValue(place, out var old) && old.Id == id) return id;
        var sender = new ChunkSender(manifest, _bucket, options.Retry * 2);
        // Nobody has asked yet.
        sender.OnMissing(new byte[(manifest.Chunks + 7) / 8]);
        _items[place] = new Item(id, values, list, sender);
        return id;
    }

    public void Remove(string place) => _items.Remove(place);

    /// <summary>Takes a request.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool OnNeed(string from, in FederatedNeed need, Stamp now)
    {
        foreach (var item in _items.Values)
        {
            if (item.Id != need.Id) continue;
            if (need.Missing is { } m && m.Length != (item.Sender.Manifest.Chunks + 7) / 8) return false;
            if (!item.Requests.ContainsKey(from) && item.Requests.Count >= MaxRequests) return true;
            item.ListWanted |= need.Missing is null;
            item.Requests[from] = (need.Missing ?? [], now);
            Unite(item);
            return true;
        }
        return true;
    }

    /// <summary>Sends what is wanted.</summary>
    /// <param name="to">The robot that alone gets it; empty = all.</param>
    /// <param name="paused">Whether to wait.</param>
    /// <param name="now">The robot's monotonic time.</param>
    public void Step(string to, bool paused, Stamp now)
    {
        if (to != _to || _listTo.Length == 0) (_to, _listTo, _chunkTo) = (to, to.Length == 0 ? "fl/list" : "fl/list." + to, to.Length == 0 ? "fl/chunk" : "fl/chunk." + to);
        foreach (var item in _items.Values)
        {
            Prune(item, now);
            item.Sender.IsPaused = paused;
            if (paused) continue;
            if (item.ListWanted && _bucket.TryTake(item.List.Length, now))
            {
                item.ListWanted = false;
                Post(_listTo, item.List);
            }
            while (item.Sender.TryTake(now, out int chunk))
            {
                var manifest = item.Sender.Manifest;
                int length = ChunkWire.Write(node.Incarnation, manifest.Round, chunk, MemoryMarshal.AsBytes<float>(item.Values).Slice(chunk * manifest.ChunkBytes, manifest.LengthOf(chunk)), _bytes);
                Post(_chunkTo, _bytes.AsSpan(0, length));
                Chunks++;
            }
        }
    }

    private void Post(string below, ReadOnlySpan<byte> payload)
    {
        node.Post(below, payload, Bulk);
        Bytes += payload.Length;
    }

    private void Prune(Item item, Stamp now)
    {
        if (now < item.PruneAt) return;
        item.PruneAt = now + options.Retry;
        foreach (var (robot, request) in item.Requests.ToArray())
        {
            if (now - request.At > options.StallAfter) item.Requests.Remove(robot);
        }
        Unite(item);
    }

    private static void Unite(Item item)
    {
        var all = new byte[(item.Sender.Manifest.Chunks + 7) / 8];
        foreach (var (missing, _) in item.Requests.Values)
        {
            for (int i = 0; i < missing.Length; i++) all[i] |= missing[i];
        }
        item.Sender.OnMissing(all);
    }

    private sealed class Item(string id, float[] values, byte[] list, ChunkSender sender)
    {
        public string Id { get; } = id;

        public float[] Values { get; } = values;

        public byte[] List { get; } = list;

        public ChunkSender Sender { get; } = sender;

        public SortedDictionary<string, (byte[] Missing, Stamp At)> Requests { get; } = new(StringComparer.Ordinal);

        public bool ListWanted { get; set; }

        public Stamp PruneAt { get; set; } = Stamp.Never;
    }
}
