using System.Buffers;

namespace EdgeAutonomy.Agents;

/// <summary>Which model this is, what it came from, and whose updates are in it.</summary>
/// <remarks>
/// Immutable by agreement. Models are ordered by round and then by term: a coordinator makes at most one model of a round in its term. <see cref="Counted"/> travels with the model, so that no update is counted twice along a line
/// of models, whoever coordinates.
/// </remarks>
public sealed class FederatedHead
{
    /// <summary>The most models before this one that are named.</summary>
    public const int MaxParents = 8;

    /// <summary>The most robots whose last round is noted.</summary>
    public const int MaxRobots = 256;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Makes a head.</summary>
    /// <param name="round">The round that made the model; 0 = the one that robots are shipped with.</param>
    /// <param name="term">The term of the coordinator that made it; 0 = shipped.</param>
    /// <param name="sha256">The sha256 of the parameters as little-endian float32, 64 digits 0-9 a-f.</param>
    /// <param name="parents">The sha256 of the models before, the last one first.</param>
    /// <param name="counted">For every robot the last round of which an update is in the model.</param>
    /// <exception cref="ArgumentException">A hash, a name or a number of entries breaks a rule.</exception>
    public FederatedHead(uint round, uint term, string sha256, IReadOnlyList<string> parents, IReadOnlyDictionary<string, uint> counted)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentNullException.ThrowIfNull(counted);
        if (parents.Count > MaxParents || counted.Count > MaxRobots || !IsHash(sha256) || parents.Any(p => !IsHash(p)) || counted.Any(c => !FleetNames.IsName(c.Key, FleetNames.MaxRobot) || c.Value > round))
            throw new ArgumentException($"Federated model of round {round}: {parents.Count} parents, {counted.Count} robots; must be at most {MaxParents} and {MaxRobots}, hashes of 64 digits 0-9 a-f, names of robots, and rounds up to that of the model.", nameof(parents));
        (Round, Term, Sha256, Parents) = (round, term, sha256, parents);
        var sorted = new SortedList<string, uint>(StringComparer.Ordinal);
        foreach (var (robot, last) in counted) sorted.Add(robot, last);
        Counted = sorted;
    }

    /// <summary>Gets the round that made it.</summary>
    public uint Round { get; }

    /// <summary>Gets the term in which it was made.</summary>
    public uint Term { get; }

    /// <summary>Gets the sha256 of the parameters.</summary>
    public string Sha256 { get; }

    /// <summary>Gets the models before, the last one first.</summary>
    public IReadOnlyList<string> Parents { get; }

    /// <summary>Gets the last round of every robot that is in the model, in the order of the names.</summary>
    public IReadOnlyDictionary<string, uint> Counted { get; }

    /// <summary>Returns whether this model is a later one than another.</summary>
    public bool IsAfter(FederatedHead other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Round != other.Round ? Round > other.Round : Term > other.Term;
    }

    /// <summary>Returns the last round of a robot that is in the model; 0 = none.</summary>
    public uint LastOf(string robot) => Counted.TryGetValue(robot, out uint round) ? round : 0;

    internal static bool IsHash(string? text) => text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(HexDigits);
}
