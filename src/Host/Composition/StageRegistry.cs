namespace EdgeAutonomy.Host;

/// <summary>The kinds of stage that a configuration can name: an explicit list, so that nothing runs because it happened to lie in an assembly.</summary>
public sealed class StageRegistry
{
    private readonly List<StageKind> _kinds = [];

    /// <summary>Gets all kinds, in the order they were added.</summary>
    public IReadOnlyList<StageKind> Kinds => _kinds;

    /// <summary>Adds a kind.</summary>
    /// <exception cref="ArgumentException">The role already has a kind of that name.</exception>
    public StageRegistry Add(StageKind kind)
    {
        if (Find(kind.Role, kind.Name) is not null) throw new ArgumentException($"Bug in EdgeAutonomy.Host: {kind.Role} has two kinds named '{kind.Name}'.", nameof(kind));
        _kinds.Add(kind);
        return this;
    }

    /// <summary>Finds a kind by its name, without regard to case; null when there is none.</summary>
    public StageKind? Find(StageRole role, string name) =>
        _kinds.Find(k => k.Role == role && string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the kinds of one role.</summary>
    public IEnumerable<StageKind> Of(StageRole role) => _kinds.Where(k => k.Role == role);
}
