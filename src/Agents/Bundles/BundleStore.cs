using System.Collections.Immutable;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>The policies on a robot's disk: content-addressed folders, and three small pointer files that say which one counts.</summary>
/// <remarks>
/// <code>
/// bundles/&lt;sha256&gt;/…   current   previous   candidate   denied   installed   gates/&lt;sha256&gt;   lock
/// </code>
/// Every change is one atomic, durable replacement of a small file, or a sequence of them that <see cref="Start"/> completes or that is harmless
/// when cut. One process at a time (the lock file falls with its process); thread-safe within it.
/// </remarks>
public sealed class BundleStore : IDisposable
{
    /// <summary>How many bundles are kept besides those that a pointer names.</summary>
    public const int Kept = 5;

    private const string Current = "current", Previous = "previous", Candidate = "candidate", Denied = "denied", Installed = "installed";

    private readonly string _root, _bundles;
    private readonly BundleLoader _loader;
    private readonly DurableFiles _files;
    private readonly FileStream? _lock;
    private readonly Lock _gate = new();

    /// <summary>Opens a store, or makes an empty one.</summary>
    /// <param name="root">Its folder.</param>
    /// <param name="loader">Checks every bundle that goes in or comes out.</param>
    /// <exception cref="IOException">Another process has it open, or the disk fails.</exception>
    public BundleStore(string root, BundleLoader loader) : this(root, loader, null)
    {
    }

    internal BundleStore(string root, BundleLoader loader, Action<StoreStep, string>? onStep, bool isReader = false)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(loader);
        _root = Path.GetFullPath(root);
        _bundles = Path.Combine(_root, "bundles");
        _loader = loader;
        _files = new DurableFiles(onStep);
        if (isReader) return;
        Directory.CreateDirectory(_bundles);
        Directory.CreateDirectory(Path.Combine(_root, "gates"));
        _lock = new FileStream(Path.Combine(_root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        DurableFiles.SyncFolder(_root);
        foreach (string rest in Directory.GetDirectories(_bundles, ".*")) Directory.Delete(rest, recursive: true);
    }

    /// <summary>Opens a store to look at, beside the process that has it open; whatever would change it throws <see cref="InvalidOperationException"/>.</summary>
    /// <param name="root">Its folder.</param>
    /// <param name="loader">Checks the bundles that are loaded.</param>
    /// <exception cref="DirectoryNotFoundException">There is no store.</exception>
    public static BundleStore Read(string root, BundleLoader loader)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (!Exists(root)) throw new DirectoryNotFoundException($"{root} holds no policy store; 'edge policy install' makes one.");
        return new BundleStore(root, loader, null, isReader: true);
    }

    /// <summary>Returns whether a folder is a store.</summary>
    /// <param name="root">The folder.</param>
    public static bool Exists(string root) => Directory.Exists(Path.Combine(root, "bundles"));

    internal DurableFiles Files => _lock is not null ? _files : throw new InvalidOperationException($"Store {_root} was opened to look at only.");

    internal string GateFile(string id) => Path.Combine(_root, "gates", id);

    /// <summary>Returns the id that a pointer names; null when it is absent or damaged.</summary>
    /// <param name="place"><c>current</c>, <c>previous</c> or <c>candidate</c>.</param>
    public string? Named(string place)
    {
        string path = PointerFile(place);
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > 128) return null;
            string id = File.ReadAllText(path).TrimEnd('\n');
            return BundlePath.IsId(id) ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Returns the deny list, oldest first: each bundle with what it was rolled back for.</summary>
    public IReadOnlyList<(string Id, string Reason)> Denials() => [.. Lines(Denied).Select(l => l.Split(' ', 2)).Where(l => BundlePath.IsId(l[0])).Select(l => (l[0], l.Length > 1 ? l[1] : ""))];

    /// <summary>Finds the bundle that is meant by the beginning of its id.</summary>
    /// <param name="beginning">At least 4 hexadecimal digits.</param>
    /// <exception cref="BundleException">None or several bundles of the store begin so.</exception>
    public string Resolve(string beginning)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        string[] found = beginning.Length >= 4 ? [.. List().Concat(Denials().Select(d => d.Id)).Distinct().Where(id => id.StartsWith(beginning, StringComparison.Ordinal))] : [];
        if (found.Length == 1) return found[0];
        string all = string.Join(", ", List().Select(id => id[..12]));
        throw new BundleException(BundleRefusal.Missing, $"'{UntrustedText.Clean(beginning, 80)}' {(found.Length == 0 ? "is no bundle of this store" : $"fits {found.Length} bundles")}; give the id or at least its first 4 digits{(all.Length > 0 ? $", there are {all}" : "")}.");
    }

    /// <summary>Returns what an installed bundle says of itself, to show; nothing is checked but that the manifest is the one it is stored under.</summary>
    /// <param name="id">The bundle.</param>
    /// <exception cref="BundleException">It is absent or damaged.</exception>
    public BundleManifest Describe(string id) => BundleLoader.ReadManifest(Path.Combine(_bundles, CheckId(id)), id);

    /// <summary>Returns whether a bundle stands on the deny list.</summary>
    /// <param name="id">The bundle.</param>
    public bool IsDenied(string id) => Lines(Denied).Any(l => l.StartsWith(id, StringComparison.Ordinal));

    /// <summary>Checks a bundle and takes it in. Taking it in twice changes nothing.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="BundleException">It is refused.</exception>
    public string Install(string folder)
    {
        var bundle = _loader.Load(folder);
        lock (_gate)
        {
            Refuse(bundle.Id);
            string home = Path.Combine(_bundles, bundle.Id);
            if (!IsWhole(bundle.Id)) WriteBundle(bundle, home);
            var order = Lines(Installed).Where(l => l != bundle.Id).Append(bundle.Id);
            Save(Installed, order);
            Prune();
            return bundle.Id;
        }
    }

    /// <summary>Names the bundle that is being tried out.</summary>
    /// <param name="id">An installed bundle.</param>
    /// <exception cref="BundleException">It is not there, not whole or denied.</exception>
    public void SetCandidate(string id)
    {
        lock (_gate)
        {
            Refuse(id);
            _loader.Load(Path.Combine(_bundles, CheckId(id)), id);
            Point(Candidate, id);
        }
    }

    /// <summary>Makes a bundle the current one, and the current one the previous one.</summary>
    /// <param name="pass">Proof that its gates were passed.</param>
    /// <exception cref="BundleException">It is not there, not whole or denied.</exception>
    public void Promote(PromotionPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        lock (_gate)
        {
            Refuse(pass.Bundle);
            _loader.Load(Path.Combine(_bundles, CheckId(pass.Bundle)), pass.Bundle);
            // Cut after the first step, both pointers name the old policy; cut after the second, only the candidate's pointer is left over.
            if (Named(Current) is { } old && old != pass.Bundle) Point(Previous, old);
            if (Named(Current) != pass.Bundle) Point(Current, pass.Bundle);
            if (Named(Candidate) == pass.Bundle) Clear(Candidate);
            Prune();
        }
    }

    /// <summary>Goes back from a bad policy: it is denied for good, and the previous one becomes current. Again has no further effect.</summary>
    /// <param name="bad">The policy that misbehaved.</param>
    /// <param name="trigger">Why, for the list; one short word or line.</param>
    /// <returns>The id now current; null when the planner drives.</returns>
    public string? Rollback(string bad, string trigger)
    {
        lock (_gate)
        {
            CheckId(bad);
            // Denied first: from here on no start uses it, wherever the pointers stand.
            if (!IsDenied(bad)) Save(Denied, Lines(Denied).Append($"{bad} {UntrustedText.Clean(trigger, 120)}"));
            return LeaveDenied();
        }
    }

    /// <summary>Finds the policy to start with, completing a rollback that was cut off.</summary>
    /// <remarks>Never throws for what lies on the disk: where pointers or deny list cannot be read or written, the planner drives.</remarks>
    public PolicyStart Start()
    {
        var findings = ImmutableArray.CreateBuilder<string>();
        try
        {
            return Find(findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Add($"The store cannot be used: {e.Message} The scripted planner drives.");
            return new PolicyStart(null, "planner", findings.ToImmutable());
        }
    }

    /// <summary>Loads an installed bundle with all checks.</summary>
    /// <param name="id">The bundle.</param>
    /// <exception cref="BundleException">It is refused.</exception>
    public PolicyBundle Load(string id)
    {
        Refuse(id);
        return _loader.Load(Path.Combine(_bundles, CheckId(id)), id);
    }

    /// <summary>Returns the ids of all bundles that are there, oldest installation first.</summary>
    public IReadOnlyList<string> List()
    {
        var order = Lines(Installed).ToList();
        return [.. Directory.GetDirectories(_bundles).Select(d => Path.GetFileName(d)!).Where(BundlePath.IsId).OrderBy(order.IndexOf).ThenBy(id => id, StringComparer.Ordinal)];
    }

    /// <summary>Closes the store for others to open.</summary>
    public void Dispose() => _lock?.Dispose();

    private PolicyStart Find(ImmutableArray<string>.Builder findings)
    {
        lock (_gate)
        {
            if (Named(Current) is { } current && IsDenied(current))
            {
                findings.Add($"Policy {current} is denied; a rollback was cut off and is completed now.");
                LeaveDenied();
            }
            foreach (string place in (string[])[Current, Previous])
            {
                if (!File.Exists(PointerFile(place))) continue;
                if (TryLoad(place, findings) is { } bundle) return new PolicyStart(bundle, place, findings.ToImmutable());
            }
            if (findings.Count > 0) findings.Add("The scripted planner drives; install a policy to change that.");
            return new PolicyStart(null, "planner", findings.ToImmutable());
        }
    }

    private PolicyBundle? TryLoad(string place, ImmutableArray<string>.Builder findings)
    {
        try
        {
            if (Named(place) is not { } id) throw new BundleException(BundleRefusal.Missing, "the pointer file is damaged.");
            return Load(id);
        }
        catch (BundleException e)
        {
            findings.Add($"Policy '{place}' cannot be used ({e.Refusal}): {e.Message}");
            return null;
        }
    }

    private string? LeaveDenied()
    {
        if (Named(Candidate) is { } candidate && IsDenied(candidate)) Clear(Candidate);
        if (Named(Current) is { } current && IsDenied(current))
        {
            if (Named(Previous) is { } previous && !IsDenied(previous)) Point(Current, previous);
            else Clear(Current);
        }
        return Named(Current);
    }

    private void WriteBundle(PolicyBundle bundle, string home)
    {
        var files = Files;
        string next = Path.Combine(_bundles, ".new-" + bundle.Id);
        if (Directory.Exists(next)) Directory.Delete(next, recursive: true);
        Directory.CreateDirectory(next);
        // From the checked bytes in memory: what lies in the source folder may have changed meanwhile.
        foreach (var file in bundle.Manifest.Files)
        {
            string path = Path.Combine(next, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            files.Write(path, bundle.File(file.Path).Span);
        }
        files.Write(Path.Combine(next, BundleManifest.FileName), bundle.Manifest.ToBytes());
        foreach (string folder in Directory.GetDirectories(next, "*", SearchOption.AllDirectories)) DurableFiles.SyncFolder(folder);
        // A damaged copy under this name gives way.
        if (Directory.Exists(home)) Discard(home);
        files.MoveFolder(next, home);
    }

    private bool IsWhole(string id)
    {
        try
        {
            _loader.Load(Path.Combine(_bundles, id), id);
            return true;
        }
        catch (BundleException)
        {
            return false;
        }
    }

    private void Prune()
    {
        var all = List();
        string?[] named = [Named(Current), Named(Previous), Named(Candidate)];
        foreach (string id in all.Take(Math.Max(0, all.Count - Kept)).Where(id => !named.Contains(id))) Discard(Path.Combine(_bundles, id));
    }

    // Renamed first: a cut while deleting leaves a name that the next start sweeps away, not half a bundle.
    private void Discard(string folder)
    {
        string old = Path.Combine(_bundles, ".old-" + Path.GetFileName(folder));
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        Files.MoveFolder(folder, old);
        Directory.Delete(old, recursive: true);
    }

    private void Refuse(string id)
    {
        if (IsDenied(id)) throw new BundleException(BundleRefusal.Denied, $"Bundle {id} was rolled back from and stands on the deny list; make a new one.");
    }

    private static string CheckId(string id) => BundlePath.IsId(id) ? id : throw new BundleException(BundleRefusal.Missing, $"'{UntrustedText.Clean(id, 80)}' is no bundle id; it has 64 lower-case hexadecimal digits.");

    private string PointerFile(string place) => place is Current or Previous or Candidate ? Path.Combine(_root, place) : throw new ArgumentException($"'{place}' is no pointer; they are current, previous, candidate.", nameof(place));

    private void Point(string place, string id) => Files.Write(PointerFile(place), Encoding.ASCII.GetBytes(id + "\n"));

    private void Clear(string place) => Files.Remove(PointerFile(place));

    private string[] Lines(string list)
    {
        string path = Path.Combine(_root, list);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private void Save(string list, IEnumerable<string> lines) => Files.Write(Path.Combine(_root, list), Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
}
