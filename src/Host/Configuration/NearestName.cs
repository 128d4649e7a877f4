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

    /// <summary>Returns how many slips lie between two names, without regard to case: a letter added, lost, replaced, or two swapped.</summary>
    /// <remarks>Levenshtein's distance with Damerau's swap of neighbours, the commonest slip of all.</remarks>
    public static int Distance(string a, string b)
    {
        // A key of absurd length costs no absurd time: beyond this nothing is near.
        if (Math.Abs(a.Length - b.Length) > 64) return int.MaxValue;
        int[] before = new int[b.Length + 1], last = new int[b.Length + 1], row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replace, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[^1];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
