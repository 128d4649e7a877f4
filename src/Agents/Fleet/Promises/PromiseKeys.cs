namespace EdgeAutonomy.Agents;

/// <summary>The keys under which promises are kept.</summary>
internal static class PromiseKeys
{
    /// <summary>The last incarnation taken.</summary>
    public const string Incarnation = "inc";

    /// <summary>The roster in which this robot was admitted as a voter.</summary>
    public const string Admitted = "admitted";

    /// <summary>The last term, and for whom the vote of that term was.</summary>
    public const string Term = "term";

    /// <summary>The greatest epoch that this robot claimed for a task.</summary>
    public const string Claim = "claim/";

    /// <summary>The greatest epoch that this robot granted for a task, and to whom.</summary>
    public const string Lease = "lease/";

    /// <summary>A task whose irreversible step this robot was about to do, with the token.</summary>
    public const string Commit = "commit/";

    /// <summary>A task that this robot has done and whose tombstone it has not seen yet.</summary>
    public const string Done = "done/";

    /// <summary>A task of the board.</summary>
    public const string Task = "task/";

    public static IReadOnlyList<string> Select(SortedDictionary<string, Promise> kept, string prefix)
    {
        List<string> keys = [];
        foreach (string key in kept.Keys)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal)) keys.Add(key);
        }
        return keys;
    }
}
