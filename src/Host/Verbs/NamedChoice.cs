namespace EdgeAutonomy.Host;

/// <summary>Finds things that the user names.</summary>
internal static class NamedChoice
{
    /// <summary>Finds one.</summary>
    /// <param name="all">What there is.</param>
    /// <param name="nameOf">Its name.</param>
    /// <param name="name">What the user typed.</param>
    /// <param name="what">What it is, for the error.</param>
    /// <exception cref="EdgeException">There is none of that name; the message lists all and guesses.</exception>
    public static T Find<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string name, string what)
    {
        foreach (var one in all)
        {
            if (nameOf(one) == name) return one;
        }
        string? near = NearestName.Of(name, all.Select(nameOf));
        throw new EdgeException(ExitCode.Usage, $"'{name}' is no {what}; there are {string.Join(", ", all.Select(nameOf))}.{(near is null ? "" : $" Did you mean '{near}'?")}");
    }
}
