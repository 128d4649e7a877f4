namespace EdgeAutonomy.Host;

/// <summary>Finds what a misspelt name probably meant.</summary>
public static class NearestName
{
    /// <summary>Returns the known name nearest to <paramref name="given"/>, or null when none is near enough to be worth a hint.</summary>
    /// <param name="given">What the user wrote; case does not count.</param>
    /// <param name="known">The names that exist.</param>
    public static string? Of(string given, IEnumerable<string> known)
    {
        string? best = null;
        // A third of the letters wrong is a slip of the fingers; more is another word.
        int limit = Math.Max(1, given.Length / 3), distance = limit + 1;
        foreach (string name in known)
        {
            int d = Distance(given, name);
            // A name that begins with what was written is a hint even when letters are missing: "Period" for "Per".
            if (d > limit && given.Length >= 3 && name.StartsWith(given, StringComparison.OrdinalIgnoreCase)) d = limit;
            if (d >= distance) continue;
            distance = d;
            best = name;
        }
        return best;
    }

    /// <summary>Returns the Levenshtein distance of two names, without regard to case: insertions, deletions and replacements.</summary>
    public static int Distance(string a, string b)
    {
        // A key of absurd length costs no absurd time: beyond this nothing is near.
        if (Math.Abs(a.Length - b.Length) > 64) return int.MaxValue;
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
